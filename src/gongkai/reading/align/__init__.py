"""Sheet → cells: the known sequence of a form's labels and cells is laid over what the document shows.

Labels are looked for in order; what stands between one label and the next belongs to the first. Figures are accepted
where they can only fit one way: a row that shows as many figures as it has cells, or figures whose column the document
itself fixes. Everything else stays unread, with the reason. Sums are never used to choose.
"""

from gongkai.reading.align.headings import contradicts_form, doubt_columns, in_printed_order
from gongkai.reading.align.labels import label_text
from gongkai.reading.align.one_row import read_one_row
from gongkai.reading.align.rows import read_rows
from gongkai.reading.align.targets import Reading, Target, core, targets

__all__ = [
    "Reading",
    "Target",
    "contradicts_form",
    "core",
    "doubt_columns",
    "in_printed_order",
    "label_text",
    "read_one_row",
    "read_rows",
    "targets",
]
