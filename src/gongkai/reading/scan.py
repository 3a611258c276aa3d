"""Pictures of pages (.png, .jpg, .tif, .bmp, scanned PDF) → Grid, by optical character recognition.

The recogniser (extra ``[ocr]``: rapidocr with onnxruntime, models in the wheel, nothing fetched) finds words and their
boxes; long dark runs of pixels are ruling lines, and the tables they draw are found as in a PDF. A word read with
little confidence, one that crosses a line, and ink in which no word was found carry a doubt: a figure from such a slot
is never given as certain. Tables are not joined over pages.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gongkai.reading.grid import Grid, GridRow, Slot, Unreadable
from gongkai.reading.pdf.ruling import Lattice, Ruling, Rulings, find_lattices
from gongkai.report import Place

MAX_BYTES = 64_000_000
MAX_PIXELS = 60_000_000
MAX_PAGES = 60
CONFIDENT = 0.9
"""Below this score of the recogniser a word is in doubt; clean print scores above 0.98."""
_DPI = 200
_A4 = (595.0, 842.0)
_SHORTEST_ACROSS, _SHORTEST_DOWN = 30.0, 18.0
"""Points; strokes of characters are shorter than lines of tables."""
_SKEW = 0.004
"""Slope from which a page is straightened; about a quarter of a degree."""
_MISSING = "读取图片和扫描件需要文字识别组件，请先安装：pip install gongkai[ocr]，然后重试。"


@dataclass(frozen=True, slots=True)
class _Word:
    """A recognised piece of text and its box in points, origin at the lower left of the page."""

    text: str
    score: float
    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2

    @property
    def doubt(self) -> str | None:
        return None if self.score >= CONFIDENT else f"扫描件文字识别把握不足（{self.score:.0%}）"


@dataclass(slots=True)
class _Picture:
    """A page: ``pixels`` is a grey numpy array, ``scale`` the pixels a point takes."""

    page: int
    pixels: Any
    scale: float

    @property
    def height(self) -> float:
        return float(self.pixels.shape[0]) / self.scale


def read_scan(data: bytes, suffix: str) -> Grid:
    """Read the pictures in ``data``; ``suffix`` is the file's own (``.png``, ``.pdf``), any case.

    Raises Unreadable when the extra is not installed, the picture is damaged or beyond bounds, or shows no text.
    """
    if importlib.util.find_spec("rapidocr") is None or importlib.util.find_spec("onnxruntime") is None:
        raise Unreadable(_MISSING)
    if len(data) > MAX_BYTES:
        raise Unreadable(f"文件过大（{len(data) / 1_000_000:.0f}MB），超过{MAX_BYTES // 1_000_000}MB的上限，未读取。")
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "error"})
    grid = Grid()
    tables = 0
    for picture in _pictures(data, suffix.lower()):
        straight, words = _straight(engine, picture)
        lattices = [lattice for lattice in find_lattices(_rulings(straight)) if lattice.is_table]
        grid.rows.extend(_page_rows(engine, straight, words, lattices, tables))
        tables += len(lattices)
    if not grid.rows:
        raise Unreadable("图片里没有识别出任何文字。")
    doubtful = sum(1 for row in grid.rows for slot in row.slots if slot.doubt)
    grid.notes.append(
        f"内容由图片识别而来，其中{doubtful}处识别把握不足，请对照原件核对。" if doubtful else "内容由图片识别而来，请对照原件核对。"
    )
    return grid


def _pictures(data: bytes, suffix: str) -> Iterator[_Picture]:
    numpy: Any = importlib.import_module("numpy")
    if suffix == ".pdf":
        from gongkai.reading.pdf import page_images

        for number, bitmap, scale in page_images(data, _DPI):
            _check_page(number)
            yield _Picture(number, numpy.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width), scale)
        return
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unreadable(f"图片过大（{image.width}×{image.height}像素），未读取。")
            for number, frame in enumerate(ImageSequence.Iterator(image), 1):
                _check_page(number)
                grey = ImageOps.exif_transpose(frame).convert("L")
                yield _Picture(number, numpy.asarray(grey), max(grey.width / _A4[grey.width > grey.height], 0.5))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise Unreadable("图片已损坏，或者不是可以识别的图片格式。") from error


def _check_page(number: int) -> None:
    if number > MAX_PAGES:
        raise Unreadable(f"扫描件超过{MAX_PAGES}页，未读取。")


def _straight(engine: Any, picture: _Picture) -> tuple[_Picture, list[_Word]]:
    """The picture turned so that its lines run level, and the words on it."""
    words, slope = _recognised(engine, picture)
    if abs(slope) < _SKEW:
        return picture, words
    import math

    from PIL import Image

    numpy: Any = importlib.import_module("numpy")
    turned = Image.fromarray(picture.pixels).rotate(math.degrees(math.atan(slope)), Image.Resampling.BICUBIC, fillcolor=255)
    level = _Picture(picture.page, numpy.asarray(turned), picture.scale)
    return level, _recognised(engine, level)[0]


def _recognised(engine: Any, picture: _Picture) -> tuple[list[_Word], float]:
    """The words on a picture, and the slope of their lines (positive: down to the right)."""
    numpy: Any = importlib.import_module("numpy")
    found = engine(numpy.stack([picture.pixels] * 3, axis=-1))
    if found.boxes is None or found.txts is None:
        return [], 0.0
    words, slopes = [], []
    for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        xs, ys = [float(x) / picture.scale for x, _ in box], [picture.height - float(y) / picture.scale for _, y in box]
        words.append(_Word(" ".join(text.split()), float(score), min(xs), min(ys), max(xs), max(ys)))
        if xs[1] - xs[0] > 80:
            slopes.append((ys[0] - ys[1]) / (xs[1] - xs[0]))
    return [word for word in words if word.text], sorted(slopes)[len(slopes) // 2] if slopes else 0.0


def _rulings(picture: _Picture) -> Rulings:
    """Long runs of dark pixels, as lines in points."""
    dark = picture.pixels < min(160, float(picture.pixels.mean()) * 0.75)
    rulings = Rulings()
    for at, start, end in _runs(dark, _SHORTEST_ACROSS * picture.scale):
        rulings.across.append(Ruling(picture.height - at / picture.scale, start / picture.scale, end / picture.scale))
    for at, start, end in _runs(dark.T, _SHORTEST_DOWN * picture.scale):
        rulings.down.append(Ruling(at / picture.scale, picture.height - end / picture.scale, picture.height - start / picture.scale))
    return rulings


def _runs(dark: Any, shortest: float) -> Iterator[tuple[int, int, int]]:
    """Row, first and end column of each long run of dark pixels; gaps of one pixel are closed."""
    numpy: Any = importlib.import_module("numpy")
    padded = numpy.pad(dark, ((0, 0), (1, 1))).astype(numpy.int8)
    padded[:, 1:-1] |= padded[:, :-2] & padded[:, 2:]
    edges = numpy.diff(padded, axis=1)
    rows, starts = numpy.nonzero(edges == 1)
    _, ends = numpy.nonzero(edges == -1)
    for index in numpy.nonzero(ends - starts >= shortest)[0]:
        yield int(rows[index]), int(starts[index]), int(ends[index])


def _page_rows(engine: Any, picture: _Picture, words: list[_Word], lattices: list[Lattice], before: int) -> list[GridRow]:
    """Tables and the lines between them, from the top down."""
    placed: list[tuple[float, list[GridRow]]] = []
    rest = words
    for number, lattice in enumerate(lattices, before + 1):
        inside = [word for word in rest if lattice.cell_at((word.left + word.right) / 2, word.middle) >= 0]
        rest = [word for word in rest if word not in inside]
        placed.append((lattice.ys[0], _table_rows(engine, picture, inside, lattice, number)))
    placed.extend((line[0].middle, [_line_row(line, picture.page)]) for line in _lines(rest))
    return [row for _, rows in sorted(placed, key=lambda item: -item[0]) for row in rows]


def _table_rows(engine: Any, picture: _Picture, words: list[_Word], lattice: Lattice, number: int) -> list[GridRow]:
    members: dict[int, list[_Word]] = {}
    crossed: set[int] = set()
    for word in words:
        home = lattice.cell_at((word.left + word.right) / 2, word.middle)
        members.setdefault(home, []).append(word)
        inset = min(3.0, (word.right - word.left) / 4)
        touched = {lattice.cell_at(x, word.middle) for x in (word.left + inset, word.right - inset)} | {home}
        if len(touched) > 1:
            crossed |= touched
    rows = []
    for top in range(len(lattice.ys) - 1):
        slots = []
        for index in sorted((n for n, cell in enumerate(lattice.cells) if cell.top == top), key=lambda n: lattice.cells[n].left):
            cell = lattice.cells[index]
            place = Place(page=picture.page, box=lattice.cell_box(index), table=number, row=top + 1, column=cell.left + 1)
            text, doubt = _cell_text(engine, picture, [word for line in _lines(members.get(index, [])) for word in line], place)
            if index in crossed:
                doubt = "扫描件的文字越过了表格线，无法确定属于哪一格"
            slots.append(Slot(text, cell.left, cell.right, place, doubt))
        if slots:
            rows.append(GridRow("table", slots, number, picture.page))
    return rows


def _cell_text(engine: Any, picture: _Picture, words: list[_Word], place: Place) -> tuple[str, str | None]:
    """The text of a cell and the doubt about it; where ink was found and no word, the cell alone is looked at again."""
    if words:
        from gongkai.reading.flow import join_lines

        return join_lines([word.text for word in words]), next((word.doubt for word in words if word.doubt), None)
    assert place.box is not None
    left, bottom, right, top = (edge * picture.scale for edge in place.box)
    inset = int(3 * picture.scale)
    height = picture.pixels.shape[0]
    part = picture.pixels[int(height - top) + inset : int(height - bottom) - inset, int(left) + inset : int(right) - inset]
    if part.size == 0 or int((part < 128).sum()) < picture.scale * picture.scale:
        return "", None
    numpy: Any = importlib.import_module("numpy")
    found = engine(numpy.stack([part] * 3, axis=-1), use_det=False, use_cls=False, use_rec=True)
    text, score = (found.txts[0].strip(), float(found.scores[0])) if found.txts else ("", 0.0)
    return text, None if text and score >= CONFIDENT else "扫描件此处有字迹，未能可靠识别"


def _lines(words: list[_Word]) -> list[list[_Word]]:
    """Words side by side, line by line from the top, each line from the left."""
    lines: list[list[_Word]] = []
    for word in sorted(words, key=lambda word: -word.middle):
        if lines and abs(lines[-1][0].middle - word.middle) < (word.top - word.bottom) * 0.5:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.left) for line in lines]


def _line_row(line: list[_Word], page: int) -> GridRow:
    """One line outside a table: text, or pieces with their positions where wide gaps part them."""
    pieces: list[list[_Word]] = []
    for word in line:
        if pieces and word.left - pieces[-1][-1].right < (word.top - word.bottom) * 1.2:
            pieces[-1].append(word)
        else:
            pieces.append([word])
    slots = []
    for piece in pieces:
        box = tuple(round(value, 1) for value in (piece[0].left, min(w.bottom for w in piece), piece[-1].right, max(w.top for w in piece)))
        doubt = next((word.doubt for word in piece if word.doubt), None)
        place = Place(page=page, box=(box[0], box[1], box[2], box[3]))
        slots.append(Slot("".join(word.text for word in piece), box[0], box[2], place, doubt))
    if len(slots) == 1:
        slots[0].left = slots[0].right = None
    return GridRow("text" if len(slots) == 1 else "split", slots, page=page)
