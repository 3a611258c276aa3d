"""Marks that forbid publication: state secrets, work secrets, internal papers, and attributes against disclosure.

A mark stands alone, as a line, a table cell or a bracket; with a star it may stand anywhere. The same words in a sentence are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from gongkai.law.screening import secrecy_words
from gongkai.screening.hit import Hit
from gongkai.screening.passage import Passage

# Longer than any mark with everything that may stand beside it.
_LONGEST = 60
_BLANK = r"[ \t\u3000\u00a0]"
_CELLS = re.compile(r"\t+|[|｜]+|[ \u3000\u00a0]{2,}")
_BRACKETS = re.compile(r"[（(【\[〔「『〖]([^（()）【】\[\]〔〕「」『』〖〗\n]{1,40})[）)】\]〕」』〗]")
_DECORATION = " \t\u3000\u00a0\r*#>-—－【】[]（）()〔〕「」『』〖〗“”\"'。.，,：:"
_BETWEEN = r"[ \u3000,，、;；。.!！·—\-★]*"


@dataclass(frozen=True, slots=True)
class _Marks:
    """The marks as patterns: for a whole piece of a line, and for anywhere in the text."""

    level: re.Pattern[str]
    work_alone: re.Pattern[str]
    work: re.Pattern[str]
    internal: re.Pattern[str]
    internal_line: re.Pattern[str]
    internal_head: re.Pattern[str]
    attribute: re.Pattern[str]
    starred: re.Pattern[str]
    stated: re.Pattern[str]


def _any(words: Iterable[str]) -> str:
    """One of the words, with blanks between their characters as in a printed head; the longest is tried first."""
    spread = (f"{_BLANK}{{0,2}}".join(map(re.escape, word)) for word in sorted(words, key=len, reverse=True))
    return f"(?:{'|'.join(spread)})"


@cache
def _marks() -> _Marks:
    data = secrecy_words()
    level, work = _any(data["levels"]), _any(data["work"])
    stars, weak = data["stars"], re.escape(data["weak_stars"])
    term = rf"(?:(?:{data['terms']}){_BLANK}?{_any(data['term_units'])}|{_any(data['endless'])})"
    beside = rf"{_BLANK}*[{stars}{weak}]?{_BLANK}*(?:[（(]?{term}[)）]?)?"
    number = rf"(?:{data['copy_number']}{_BLANK}+)?"
    urgency = rf"(?:{_BLANK}+{_any(data['urgency'])})?(?:{_BLANK}+{data['copy_number']})?"
    urgent = rf"(?:{_any(data['urgency'])}{_BLANK}+)?"
    strong, line_only = _any(data["internal"]), _any(data["internal_alone"])
    either = f"(?:{strong}|{line_only})"
    return _Marks(
        level=re.compile(rf"{number}{urgent}(?:{data['field']}[：:]?{_BLANK}*)?{level}{_any(data['level_suffix'])}?{beside}{urgency}"),
        work_alone=re.compile(work),
        work=re.compile(rf"{number}{urgent}(?:{data['field']}[：:]?{_BLANK}*)?{work}{beside}{urgency}"),
        internal=re.compile(rf"{data['subject']}{strong}(?:{_BETWEEN}{either}){{0,4}}{_BETWEEN}"),
        internal_line=re.compile(rf"{data['subject']}{either}(?:{_BETWEEN}{either}){{0,4}}{_BETWEEN}"),
        internal_head=re.compile(rf"{_any(data['internal_head'])}{beside}"),
        attribute=re.compile("|".join(data["attribute"])),
        starred=re.compile(rf"(?:{work}|{level}){_BLANK}?(?:[{stars}]|[{weak}]{_BLANK}?{term})(?:{_BLANK}?{term})?"),
        stated=re.compile(rf"{data['stated']}|{data['field']}[：:]{_BLANK}*(?:{work}|{level})"),
    )


def find_marks(passage: Passage) -> Iterator[Hit]:
    """Every mark; one that stands alone and has a star is told once."""
    told: set[int] = set()
    for code, start, end in (*_anywhere(passage), *_standing(passage)):
        if not told.intersection(range(start, end)):
            told.update(range(start, end))
            yield passage.hit(code, (start, end), _told(code, passage.text[start:end]))


def _told(code: str, quote: str) -> str:
    shown = " ".join(quote.split())
    if code == "secrecy.mark":
        return f"有国家秘密标志“{shown}”。带密级标志的文件不得公开；确实已经解密的，先按规定办理解密并去掉标志。"
    if code == "secrecy.work":
        return f"有工作秘密标志“{shown}”。工作秘密不得公开；确实不再是工作秘密的，先由确定机关解除并去掉标志。"
    if code == "secrecy.internal":
        return f"有内部资料标志“{shown}”。内部资料不得直接公开；确需公开的，先经保密审查同意并去掉标志。"
    return f"标有“{shown}”，与主动公开不符。请核对公开属性；改为主动公开的，写明理由并改正标注。"


def _anywhere(passage: Passage) -> Iterator[tuple[str, int, int]]:
    marks, data = _marks(), secrecy_words()
    work = marks.work_alone
    for match in marks.starred.finditer(passage.flat):
        if passage.flat[max(match.start() - 2, 0) : match.start()] not in data["not_state"]:
            yield ("secrecy.work" if work.match(match[0]) else "secrecy.mark"), match.start(), match.end()
    for match in marks.stated.finditer(passage.flat):
        if "不" not in passage.before(match.start(), 2):
            yield ("secrecy.work" if work.search(match[0]) else "secrecy.mark"), match.start(), match.end()


def _standing(passage: Passage) -> Iterator[tuple[str, int, int]]:
    head = secrecy_words()["head_lines"]
    for number, (start, end) in enumerate(passage.lines()):
        yield from _piece(passage, start, end, whole=True, head=number < head)
        for first, last in _pieces(passage.flat, start, end):
            yield from _piece(passage, first, last, whole=False, head=False)
    brackets = secrecy_words()["mark_brackets"]
    for match in _BRACKETS.finditer(passage.flat):
        yield from _piece(passage, *match.span(1), whole=False, head=match[0][0] in brackets)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cells of a line that has several."""
    first = start
    for match in _CELLS.finditer(text, start, end):
        yield first, match.start()
        first = match.end()
    if first > start:
        yield first, end


def _piece(passage: Passage, start: int, end: int, *, whole: bool, head: bool) -> Iterator[tuple[str, int, int]]:
    """What a piece is, when it is nothing but a mark. ``whole``: it is a whole line; ``head``: it stands where marks are printed."""
    if not 2 <= end - start <= _LONGEST:
        return
    raw = passage.flat[start:end]
    piece = raw.strip(_DECORATION)
    if len(piece) < 2:
        return
    start += raw.index(piece)
    code = _kind(piece, whole=whole, head=head)
    if code:
        yield code, start, start + len(piece)


def _kind(piece: str, *, whole: bool, head: bool) -> str | None:
    marks = _marks()
    internal = marks.internal_line if whole else marks.internal
    if marks.level.fullmatch(piece):
        return "secrecy.mark"
    if marks.work.fullmatch(piece):
        return "secrecy.work"
    if internal.fullmatch(piece) or (head and marks.internal_head.fullmatch(piece)):
        return "secrecy.internal"
    return "secrecy.attribute" if marks.attribute.fullmatch(piece) else None
