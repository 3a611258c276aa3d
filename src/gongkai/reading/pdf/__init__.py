"""PDF to grid, with PDFium.

>>> from gongkai.reading.pdf import read_pdf, page_images

``reader`` opens a document, page by page; ``weight`` refuses what would cost too much to open; ``glyphs`` gives the
characters, ``lines`` their lines; ``drawing`` gives what is drawn, ``ruling`` the tables that lines draw; ``paging``
puts pages together.

Boxes are points of the upright page, origin at its lower left. Radicals and compatibility ideographs become ordinary
characters, all else stays as the file encodes it. What a reader of the page does not see (invisible, off the page,
smaller than a point, white on white) is no text of the page: it goes to ``Grid.hidden``.

Not seen: text under an opaque picture and text of layers switched off (both are read as text); columns of a newspaper
page (read line by line across).
"""

from gongkai.reading.pdf.reader import Scanned, page_images, read_pdf

__all__ = ["Scanned", "page_images", "read_pdf"]
