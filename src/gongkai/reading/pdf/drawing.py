"""What a PDF page draws besides text: ruling lines, images, painted areas; also inside form XObjects."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_float, c_int, c_uint
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from gongkai.reading.grid import Unreadable
from gongkai.reading.pdf.glyphs import WHITE, Turn
from gongkai.reading.pdf.ruling import THICK, Rulings

# A report draws some hundred lines a page; a map of a province some ten thousand. Beyond this it is no report.
MAX_SEGMENTS = 500_000
MAX_OBJECTS = 3_000_000
# Office programs nest forms two or three deep.
MAX_DEPTH = 12

Rectangle = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Allowance:
    """What is left to read of a document's drawing; it spans all pages."""

    segments: int = MAX_SEGMENTS
    objects: int = MAX_OBJECTS

    def spend(self, *, segments: int = 0, objects: int = 0) -> None:
        """Count; :class:`Unreadable` when a document draws more than any report does."""
        self.segments -= segments
        self.objects -= objects
        if self.segments < 0 or self.objects < 0:
            raise Unreadable("PDF 中的图形过多，不像年度报告，未读取。")


class _Item(NamedTuple):
    """A page object and the matrix from the space it lives in to user space."""

    pointer: Any
    kind: int
    matrix: Matrix


@dataclass(slots=True)
class Drawing:
    """The drawing of one page on the upright page. ``images`` and ``painted`` (filled, not white) are rectangles in
    points; ``shapes`` counts outlines that are no lines, such as letters turned into curves."""

    rulings: Rulings = field(default_factory=Rulings)
    images: list[Rectangle] = field(default_factory=list)
    painted: list[Rectangle] = field(default_factory=list)
    shapes: int = 0

    def is_painted(self, x: float, y: float) -> bool:
        """Whether something stands behind that point on which white text can be seen."""
        return any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in (*self.painted, *self.images))


def read_drawing(page: Any, *, turn: Turn, allowance: Allowance, colours: bool) -> Drawing:
    """Walk a page's objects. ``colours``: also look which areas are painted, needed only where there is white text."""
    import pypdfium2.raw as pdfium

    drawing = Drawing()
    for item in _items(page, allowance):
        if item.kind == pdfium.FPDF_PAGEOBJ_PATH:
            _take_path(drawing, item, turn, allowance, colours)
        elif item.kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            box = _bounds(item, turn)
            if box:
                drawing.images.append(box)
                _take_thin(drawing.rulings, box)
        elif item.kind == pdfium.FPDF_PAGEOBJ_SHADING:
            box = _bounds(item, turn)
            if box:
                drawing.painted.append(box)
    return drawing


def _items(page: Any, allowance: Allowance) -> Iterator[_Item]:
    """Paths, images and shadings of a page in the order drawn, forms opened."""
    import pypdfium2.raw as pdfium

    count, get, kind_of = pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, pdfium.FPDFPageObj_GetType
    number = count(page)
    allowance.spend(objects=number)
    pending: list[tuple[Any, int, Matrix, int]] = []
    for index in range(number):
        pointer = get(page, index)
        kind = kind_of(pointer)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield _Item(pointer, kind, IDENTITY)
            continue
        pending.append((pointer, 1, IDENTITY, pdfium.FPDFFormObj_CountObjects(pointer)))
        while pending:
            form, depth, outer, inside = pending.pop()
            allowance.spend(objects=max(inside, 0))
            matrix = _product(_matrix(form), outer)
            for place in range(max(inside, 0)):
                child = pdfium.FPDFFormObj_GetObject(form, place)
                kind = kind_of(child)
                if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
                    pending.append((child, depth + 1, matrix, pdfium.FPDFFormObj_CountObjects(child)))
                elif kind not in (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_FORM):
                    yield _Item(child, kind, matrix)


def _matrix(pointer: Any) -> Matrix:
    import pypdfium2.raw as pdfium

    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(pointer, byref(found)):
        return IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def _product(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies ``first`` and ``then``."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(item: _Item, turn: Turn) -> Rectangle | None:
    """The rectangle around an object on the upright page."""
    import pypdfium2.raw as pdfium

    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    if not pdfium.FPDFPageObj_GetBounds(item.pointer, byref(left), byref(bottom), byref(right), byref(top)):
        return None
    if item.matrix is IDENTITY:
        return turn.rectangle(left.value, bottom.value, right.value, top.value)
    corners = [_moved(item.matrix, x.value, y.value) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return turn.rectangle(min(xs), min(ys), max(xs), max(ys))


def _take_thin(rulings: Rulings, box: Rectangle) -> bool:
    left, bottom, right, top = box
    thin = right - left <= THICK or top - bottom <= THICK
    if thin:
        rulings.add_rectangle(left, bottom, right, top)
    return thin


def _take_path(drawing: Drawing, item: _Item, turn: Turn, allowance: Allowance, colours: bool) -> None:
    import pypdfium2.raw as pdfium

    filled, stroked = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(item.pointer, byref(filled), byref(stroked))
    number = pdfium.FPDFPath_CountSegments(item.pointer)
    allowance.spend(segments=max(number, 0))
    if number < 2 or not (filled.value or stroked.value):  # a clipping path, seen by nobody
        return
    box = _bounds(item, turn)
    if box is None or _take_thin(drawing.rulings, box):
        return
    if colours and filled.value:
        red, green, blue, alpha = (c_uint() for _ in range(4))
        known = pdfium.FPDFPageObj_GetFillColor(item.pointer, byref(red), byref(green), byref(blue), byref(alpha))
        if not known or (alpha.value and min(red.value, green.value, blue.value) < WHITE):
            drawing.painted.append(box)
    if stroked.value or number > 6:  # a plain filled rectangle is a background
        _take_outline(drawing, item, turn, stroked=bool(stroked.value))


class _Outline:
    """One closed or open run of points of a path, on the upright page."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []
        self.bent = False

    @property
    def box(self) -> Rectangle:
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return min(xs), min(ys), max(xs), max(ys)


def _outlines(item: _Item, turn: Turn) -> Iterator[_Outline]:
    import pypdfium2.raw as pdfium

    matrix = _product(_matrix(item.pointer), item.matrix)
    x, y = c_float(), c_float()
    at_x, at_y = byref(x), byref(y)
    outline = _Outline()
    for index in range(pdfium.FPDFPath_CountSegments(item.pointer)):
        segment = pdfium.FPDFPath_GetPathSegment(item.pointer, index)
        pdfium.FPDFPathSegment_GetPoint(segment, at_x, at_y)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO and outline.points:
            yield outline
            outline = _Outline()
        outline.bent |= kind == pdfium.FPDF_SEGMENT_BEZIERTO
        outline.points.append(turn.point(*_moved(matrix, x.value, y.value)))
        if pdfium.FPDFPathSegment_GetClose(segment):
            outline.points.append(outline.points[0])
    if outline.points:
        yield outline


def _take_outline(drawing: Drawing, item: _Item, turn: Turn, *, stroked: bool) -> None:
    """The lines of a path of several pieces: thin pieces where it is filled, every straight side where it is stroked.
    A rounded corner is a curve and bounds nothing; its straight sides do."""
    for outline in _outlines(item, turn):
        if _take_thin(drawing.rulings, outline.box):
            continue
        if stroked:
            for (x0, y0), (x1, y1) in pairwise(outline.points):
                drawing.rulings.add_stroke(x0, y0, x1, y1)
        drawing.shapes += outline.bent
