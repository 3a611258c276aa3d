"""Characters of a PDF page and where each stands.

All coordinates here are points of the *upright* page: as a reader holds it, origin at the lower left corner of the
visible area, whatever ``/Rotate``, crop box or sideways text the file uses.

Characters are passed on as the file encodes them, with two exceptions, both without a change of meaning: Kangxi and
CJK radicals (U+2E80…U+2FD5) and compatibility ideographs (U+F900…U+FAFF), which some fonts return in place of ordinary
characters, become the ordinary ones. Private-use characters stay; a page of them counts as unreadable.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from ctypes import addressof, byref, c_double, c_uint, sizeof
from dataclasses import dataclass, field
from functools import lru_cache
from math import hypot
from typing import Any, NamedTuple

# Below one point nobody reads text on paper or screen: converters write such text for machines only.
MIN_EM = 1.0
# Red, green and blue from which a colour cannot be told from white paper.
WHITE = 250
# The widest character is the double dash, two ems.
WIDEST = 2.2
# Radicals that Unicode gives no decomposition; equivalents from Unicode's EquivalentUnifiedIdeograph.txt.
_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺯⺰⺱⺲⺳⺴⺶⺹⺺"
    "⺻⺼⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_PLAIN = (
    "厂乛乚乙亻冂刀刂卜㔾小小兀尣尢巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王目示礻糹纟罓罒㓁冗羊耂肀"
    "聿肉艹艹艹虎衤覀西见角讠贝车辶辶辶邑钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
# Characters that show nothing, and the ways PDFium spells a hyphen at the end of a line.
_ODD = {0: "", 0x200B: "", 0x200C: "", 0x200D: "", 0xFEFF: "", 0x2: "-", 0xAD: "-", 0xFFFE: "-"}


@dataclass(slots=True)
class Glyph:
    """One visible character. ``upright`` is false when it is turned by a quarter against the page."""

    char: str
    left: float
    bottom: float
    right: float
    top: float
    em: float
    upright: bool = True

    @property
    def middle(self) -> float:
        """Height of the centre."""
        return (self.bottom + self.top) / 2

    @property
    def centre(self) -> float:
        """Distance of the centre from the left edge of the page."""
        return (self.left + self.right) / 2


class Turn(NamedTuple):
    """How user space maps to the upright page: quarter turns clockwise around the visible ``box``."""

    quarters: int
    box: tuple[float, float, float, float]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        left, bottom, right, top = self.box
        return (top - bottom, right - left) if self.quarters % 2 else (right - left, top - bottom)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of user space on the upright page."""
        left, bottom, right, top = self.box
        if self.quarters == 0:
            return x - left, y - bottom
        if self.quarters == 1:
            return y - bottom, right - x
        if self.quarters == 2:
            return right - x, top - y
        return top - y, x - left

    def rectangle(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """A rectangle of user space on the upright page."""
        if self.quarters == 0:  # nearly every page
            x, y, _, _ = self.box
            return left - x, bottom - y, right - x, top - y
        x0, y0 = self.point(left, bottom)
        x1, y1 = self.point(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


class _Look(NamedTuple):
    """What all characters of one text object share. ``quarter`` is ``None`` for slanted lines of text."""

    em: float
    quarter: int | None
    shown: bool
    white: bool


class _Mark(NamedTuple):
    """A character as PDFium gives it, in user space."""

    code: int
    look: _Look
    box: tuple[float, float, float, float]
    origin: tuple[float, float]


@dataclass(slots=True)
class PageText:
    """Text of one page. ``hidden`` is what a reader does not see, ``slanted`` counts characters of watermarks,
    ``unmapped`` those that the file gives no meaning."""

    glyphs: list[Glyph]
    turn: Turn
    hidden: str = ""
    slanted: int = 0
    unmapped: int = 0
    white: list[Glyph] = field(default_factory=list)


def read_glyphs(textpage: Any, *, box: tuple[float, float, float, float], rotation: int) -> PageText:
    """All characters of a page in the order of the file; ``rotation`` is the page's own, in quarters clockwise."""
    marks = list(_marks(textpage))
    turn = Turn(_quarters(marks, rotation), box)
    width, height = turn.size
    page, hidden = PageText([], turn), []
    for mark in marks:
        glyph = _glyph(mark, turn)
        if glyph is None:
            continue
        if not mark.look.shown or glyph.em < MIN_EM or not (0 <= glyph.centre <= width and 0 <= glyph.middle <= height):
            hidden.append(glyph.char)
        elif mark.look.quarter is None:
            page.slanted += 1
        else:
            page.unmapped += _is_meaningless(mark.code)
            (page.white if mark.look.white else page.glyphs).append(glyph)
    page.hidden = "".join(hidden).strip()
    return page


def _marks(textpage: Any) -> Iterator[_Mark]:
    import pypdfium2.raw as pdfium

    box, x, y = pdfium.FS_RECTF(), c_double(), c_double()
    at_box, at_x, at_y = byref(box), byref(x), byref(y)
    unicode_of, object_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetTextObject
    box_of, origin_of = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharOrigin
    looks = _Looks(textpage)
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        pointer = object_of(textpage, index)
        if not pointer:  # a blank or line end that PDFium made up
            continue
        look = looks.of(index, pointer)
        box_of(textpage, index, at_box)
        origin_of(textpage, index, at_x, at_y)
        sides = (box.left, box.bottom, box.right, box.top)
        if sides[2] - sides[0] > WIDEST * look.em and sides[3] - sides[1] > 0:
            sides = _inked(textpage, index)
        yield _Mark(unicode_of(textpage, index), look, sides, (x.value, y.value))


def _inked(textpage: Any, index: int) -> tuple[float, float, float, float]:
    """The box around the ink of a character, for fonts that give a wrong width (some made for writing downwards)."""
    import pypdfium2.raw as pdfium

    left, bottom, right, top = c_double(), c_double(), c_double(), c_double()
    pdfium.FPDFText_GetCharBox(textpage, index, byref(left), byref(right), byref(bottom), byref(top))
    return left.value, bottom.value, right.value, top.value


class _Looks:
    """The look of each text object, asked for once. Many programs write one object a character, so everything that
    can be looked up beforehand is."""

    def __init__(self, textpage: Any) -> None:
        import pypdfium2.raw as pdfium

        self.textpage = textpage
        self.matrix_of, self.size_of = pdfium.FPDFText_GetMatrix, pdfium.FPDFText_GetFontSize
        self.mode_of, self.colour_of = pdfium.FPDFTextObj_GetTextRenderMode, pdfium.FPDFPageObj_GetFillColor
        self.unseen = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
        self.filled = {pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_CLIP}
        self.known: dict[int, _Look] = {}
        self.matrix = pdfium.FS_MATRIX()
        self.colour = (c_uint * 4)()
        self.at_colour = [byref(c_uint.from_buffer(self.colour, place * sizeof(c_uint))) for place in range(4)]

    def of(self, index: int, pointer: Any) -> _Look:
        """The look of character ``index``, which ``pointer`` draws."""
        address = addressof(pointer.contents)
        look = self.known.get(address)
        if look is None:
            look = self.known[address] = self._read(index, pointer)
        return look

    def _read(self, index: int, pointer: Any) -> _Look:
        matrix = self.matrix
        self.matrix_of(self.textpage, index, matrix)
        em = abs(self.size_of(self.textpage, index) * hypot(matrix.c, matrix.d))
        mode = self.mode_of(pointer)
        white, shown = False, mode not in self.unseen
        if mode in self.filled and self.colour_of(pointer, *self.at_colour):
            red, green, blue, alpha = self.colour
            white, shown = red >= WHITE and green >= WHITE and blue >= WHITE, alpha > 0
        return _Look(em, _quarter(matrix.a, matrix.b), shown, white)


def _quarter(a: float, b: float) -> int | None:
    """Direction of writing in quarters anticlockwise; ``None`` when it follows neither axis."""
    if abs(b) <= 0.1 * abs(a):
        return 0 if a > 0 else 2
    if abs(a) <= 0.1 * abs(b):
        return 1 if b > 0 else 3
    return None


def _quarters(marks: Iterable[_Mark], rotation: int) -> int:
    """How far to turn the page: as it says itself, unless most of its text would still stand sideways."""
    counted = Counter(mark.look.quarter for mark in marks if mark.look.quarter is not None and mark.look.shown and mark.code > 32)
    if not counted:
        return rotation
    quarter, number = counted.most_common(1)[0]
    return quarter if number > 0.6 * counted.total() else rotation


def _glyph(mark: _Mark, turn: Turn) -> Glyph | None:
    char = ordinary(mark.code)
    if not char:
        return None
    em, upright = mark.look.em, mark.look.quarter is None or mark.look.quarter == turn.quarters
    left, bottom, right, top = turn.rectangle(*mark.box)
    if upright:
        # The box of the font reaches from 0.8 to 1.5 em; the em on the baseline is the same in every font.
        _, base = turn.point(*mark.origin)
        bottom, top = base - 0.12 * em, base + 0.88 * em
    return Glyph(char, left, bottom, right, top, em, upright)


@lru_cache(maxsize=8192)
def ordinary(code: int) -> str:
    """The character for a code: blanks of all widths as a blank, radicals as characters, nothing for control codes."""
    if code in _ODD:
        return _ODD[code]
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "\N{REPLACEMENT CHARACTER}"
    char = chr(code)
    if char in _RADICALS:
        return _PLAIN[_RADICALS.index(char)]
    if 0x2E80 <= code <= 0x2FD5 or 0xF900 <= code <= 0xFAFF:
        return unicodedata.normalize("NFKC", char)
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) == "Cc" else char


@lru_cache(maxsize=8192)
def _is_meaningless(code: int) -> bool:
    return code == 0 or code >= 0x110000 or unicodedata.category(chr(code)) in ("Co", "Cn", "Cs", "Cc") or code == 0xFFFD
