"""A sentence of the narrative, read once from left to right: its figures and the words around each.

Words and units come from ``law/data/claims``; a figure keeps what was said before it (``gap``, since the figure before;
``clause``, since the last comma), right after it (``tail``), and whose, of what and of when it is said to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, NamedTuple

from gongkai.law.claims import Topic, claim_topics, claim_words

_DIGITS = {
    character: value for value, group in enumerate(("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九")) for character in group
}
_SCALES = {"万": 4, "亿": 8}
_SUBJECTS = {
    "ask": "request", "ask_column": "request", "recon": "recon", "litig": "litig", "litig_direct": "litig_direct",
    "litig_after": "litig_after", "normative": "normative", "rules": "rules", "licensing": "licensing", "penalties": "penalties",
    "coercion": "coercion", "fee_admin": "fee_admin", "fee_info": "fee_info", "info": "info", "foreign": "foreign",
}  # fmt: skip
_REACH = frozenset({"own", "units", "whole"})
_DISCLOSURE = frozenset({"ask", "ask_column", "matter"})
_REQUESTS = frozenset({"ask", "ask_column", "ask_word"})
_MEMORABLE = frozenset({*_SUBJECTS, *_DISCLOSURE, *_REACH, "prior", "this", "since", "part_year", "versus", "none", "nought", "every"})
_MONEY = ("元", "万元", "亿元")
_TIGHT, _CLAUSE, _LOOSE = 1, 2, 3
# What may follow a figure without unit, and what makes a Chinese numeral another word (第一次, 同一件).
_ENDS = frozenset(("", "，", "。", "；", ",", "、", "和", "及", "与", "\n"))
_ORDINAL = frozenset("第每同另某逐统单首任进头这那跑几数唯")
_LONGEST_NUMBER = 18
_MARKS = "、，,；;：:。（）()〔〕【】[]"
_GROUPS = 12
_RANGE = re.compile(r"(\d{4})年?(?:\d{1,2}月)?(?:\d{1,2}日)?[-—–~～至到]$")
_GAP = re.compile(r"(?<=[^\x00-\x7f])\s++|(?<!\s)\s++(?=[^\x00-\x7f])")


_D = f"[{''.join(_DIGITS)}]"
_CHINESE = re.compile(rf"(?:({_D})千)?([零〇])?(?:({_D})百)?([零〇])?(?:({_D})?(十))?([零〇])?({_D})?")


def chinese_number(text: str) -> int | None:
    """十二 → 12, 一千零五 → 1005, 一万二千 → 12000; ``None`` for what may mean several numbers (一百二, 三五, 百)."""
    if "万" in text:
        high, _, low = text.partition("万")
        upper, lower = chinese_number(high), chinese_number(low) if low else 0
        colloquial = len(low) == 1
        return None if upper is None or lower is None or colloquial else upper * 10000 + lower
    if len(text) == 1 and text in _DIGITS:
        return _DIGITS[text]
    match = _CHINESE.fullmatch(text)
    if match is None or not text:
        return None
    thousands, zero_a, hundreds, zero_b, tens, ten, zero_c, ones = match.groups()
    if ones and not ten and not (zero_a or zero_b or zero_c):
        return None
    values = ((thousands, 1000), (hundreds, 100), (tens or ("一" if ten else None), 10), (ones, 1))
    return sum(_DIGITS[digit] * place for digit, place in values if digit) or None


class Token(NamedTuple):
    """A word that means something here, and what the sentence spoke of when it came."""

    kind: str
    text: str
    start: int
    end: int
    subject: str | None = None
    period: str = "year"
    reach: str = ""


@dataclass(slots=True)
class Figure:
    """A figure with its unit. ``mark`` is the loosest mark since the figure before (1 、 2 ， 3 ；。), ``depth`` the brackets
    around it; ``shape`` is count, growth, difference, share or percent (for none of these). ``torn`` tells that blanks
    stand between its digits, so that no one can say which figure it is."""

    value: Decimal
    unit: str | None
    start: int
    end: int
    exact: bool = True
    decimals: int = 0
    chinese: bool = False
    torn: bool = False
    gap: list[Token] = field(default_factory=list)
    clause: list[Token] = field(default_factory=list)
    tail: list[Token] = field(default_factory=list)
    mark: int = 0
    colon: bool = False
    first_inside: bool = False
    bare_sum: bool = False
    of_whole: bool = False
    depth: int = 0
    subject: str | None = None
    said_subject: str | None = None
    period: str = "year"
    reach: str = ""
    shape: str = "count"
    topic: str | None = None
    kinds: frozenset[str] = frozenset()

    @property
    def tail_kinds(self) -> set[str]:
        """Kinds of the words right after it."""
        return {token.kind for token in self.tail}

    def same_unit(self, other: Figure) -> bool:
        """Whether both count in the same unit, or one does not say."""
        return self.unit == other.unit or self.unit is None or other.unit is None


class Vocabulary:
    """The words and topics of ``law/data/claims``, ready to be matched."""

    def __init__(self, words: Mapping[str, Any], topics: tuple[Topic, ...]) -> None:
        self.kinds = {word: kind for kind, group in words["classes"].items() for word in group} | dict.fromkeys(_MARKS, "mark")
        self._words = words
        self._topics = topics
        self.topics = {(topic.subject, aspect): topic for topic in self._topics for aspect in topic.aspects}
        self._count_units = frozenset(words["count_units"])
        letters = words["traditional"]
        self._simplified = {ord(old): new for old, new in zip(letters[::2], letters[1::2], strict=True) if old != new}
        self._traditional = re.compile(f"[{''.join(map(chr, self._simplified))}]")

    @cached_property
    def bare(self) -> Mapping[str, list[Topic]]:
        """Subject → topics that need no verb."""
        return {
            subject: [topic for topic in self._topics if topic.subject == subject and topic.bare]
            for subject in {t.subject for t in self._topics}
        }

    @cached_property
    def _unit(self) -> str:
        units = self._words["units"]
        plain = [re.escape(unit) + (f"(?!{'|'.join(barred)})" if barred else "") for unit, barred in units.items()]
        return "|".join(["[万亿]元", *sorted(plain, key=lambda unit: -len(unit.partition("(")[0]))])

    @cached_property
    def events(self) -> re.Pattern[str]:
        """One pattern for all that matters in a sentence: years, months, figures, words and marks."""
        digits = "".join(_DIGITS)
        unit = self._unit
        number = r"(?P<number>\d+(?:[,，]\d{3}(?!\d))*(?:[.．]\d+)?)(?P<torn>(?: \d+)*)(?P<scale>[余多几]?[万亿](?!元))?(?P<more>[余多几](?=[万亿]?\D))?"
        chinese = rf"(?P<chinese>[{digits}十百千][{digits}十百千万]{{0,12}})(?P<some>[余多几])?(?P<measure>{unit})"
        times = r"(?P<hotline>12345)|(?<!\d)(?P<year>(?:19|20)\d\d)(?=年)|(?<!\d)(?!12月(?:31日|底|末)|1月1日)(?P<month>(?:1[0-2]|[1-9])月)"
        figure = rf"(?<![A-Za-z\d.．/第〔\[\-—–~～])(?P<figure>(?=\d){number}(?P<unit>{unit})?|{chinese})"
        letters = sorted({word[0] for word in self.kinds})
        starts = "".join(map(re.escape, letters))
        return re.compile(
            rf"(?=[\d{digits}十百千{starts}])(?:(?=\d)(?:{times})|(?=[\d{digits}十百千]){figure}|(?P<word>{self._words_pattern(letters)}))"
        )

    def _words_pattern(self, letters: list[str]) -> str:
        """The words, grouped by first letter so that few alternatives are tried at each place."""
        endings: dict[str, list[str]] = {}
        other = f"(?!{'|'.join(self._words['not_a_request_before'])})"
        for word in sorted(self.kinds, key=len, reverse=True):
            endings.setdefault(word[0], []).append(re.escape(word[1:]) + (other if self.kinds[word] in _REQUESTS else ""))
        size = -(-len(letters) // _GROUPS)
        branches = {letter: f"{re.escape(letter)}(?:{'|'.join(endings[letter])})" for letter in letters}
        groups = [letters[start : start + size] for start in range(0, len(letters), size)]
        return "|".join(f"(?=[{''.join(map(re.escape, group))}])(?:{'|'.join(branches[letter] for letter in group)})" for group in groups)

    @cached_property
    def _stated(self) -> re.Pattern[str]:
        """What a passage must hold to be worth reading: a figure with unit or end, a denied subject, all of something."""
        digits = "".join(_DIGITS) + "十百千"
        counted = rf"\d\s*[余多几]?[万亿]?[余多几]?\s*(?:{self._unit}|[，,。；、和]|$)|(?<!第)[{digits}]\s*[余多几万]?\s*(?:{self._unit})"
        kinds: dict[str, list[str]] = {}
        for word, kind in self.kinds.items():
            kinds.setdefault(kind, []).append(word)
        denied = _shortest(kinds["none"] + kinds["nought"])
        told = _shortest([word for kind in _SUBJECTS if kind not in ("foreign", "info") for word in kinds[kind]])
        every, done = _shortest(kinds["every"]), _shortest(kinds["handle"])
        starts = "".join(sorted({word[0] for word in (*denied, *every)}))
        absent = rf"(?:{'|'.join(denied)})[^。]{{0,60}}?(?:{'|'.join(told)})|{'|'.join(kinds['nought'])}"
        total = rf"(?:{'|'.join(every)})[^。，]{{0,30}}?(?:{'|'.join(done)})"
        return re.compile(rf"(?=[\d{digits}{starts}])(?:{counted}|{absent}|{total})")

    def first_stated(self, text: str) -> int | None:
        """Where the passage first states a figure, or that something does not exist; ``None`` when it never does."""
        match = self._stated.search(text)
        return match.start() if match else None

    def plain(self, text: str) -> str:
        """The passage without blanks beside Chinese characters, in simplified characters."""
        text = _GAP.sub("", text)
        return text.translate(self._simplified) if self._traditional.search(text) else text

    def is_inexact(self, before: str, after: str) -> bool:
        """Whether 约, 近 … stand before or 以上, 左右 … after a figure."""
        return before.endswith(self._before) or after.startswith(self._after)

    @cached_property
    def _before(self) -> tuple[str, ...]:
        return tuple(self._words["inexact_before"])

    @cached_property
    def _after(self) -> tuple[str, ...]:
        return tuple(self._words["inexact_after"])

    @cached_property
    def between(self) -> re.Pattern[str]:
        """What may stand between a thing and its figure without a verb."""
        return re.compile("|".join(map(re.escape, sorted(self._words["bare_between"], key=len, reverse=True))))

    @cached_property
    def after(self) -> re.Pattern[str]:
        """What may follow a thing that is denied."""
        return re.compile("|".join(map(re.escape, sorted(self._words["absent_after"], key=len, reverse=True))))

    def fits(self, topic: Topic, unit: str | None) -> bool:
        """Whether the topic is counted in that unit; a figure without unit fits what is counted."""
        return unit in _MONEY if topic.money else unit is None or unit in self._count_units

    def zero_topics(self, subject: str, kinds: set[str]) -> Iterator[Topic]:
        """Topics that are nought when a sentence denies that subject in these words."""
        candidates = [topic for topic in self._topics if topic.subject == subject]
        told = [topic for topic in candidates if kinds.intersection(topic.aspects) and not topic.barred & kinds]
        bare = [topic for topic in candidates if topic.zero_bare and not topic.barred & kinds and "publish" not in kinds]
        yield from told or bare


def _shortest(words: list[str]) -> list[str]:
    """The words that no other of them begins."""
    return [word for word in words if not any(word != other and word.startswith(other) for other in words)]


@cache
def vocabulary() -> Vocabulary:
    """The one vocabulary, loaded when the first narrative is read."""
    return Vocabulary(claim_words(), tuple(claim_topics().values()))


class Sentence:
    """One sentence: its figures and words in order. ``requests`` tells that its heading speaks of requests (依申请公开).

    ``disclosure`` is true when the sentence is about government information at all, ``speaks_of_all`` when it holds a word
    of absence or of totality.
    """

    def __init__(self, text: str, *, year: int | None, requests: bool = False, disclosure: bool = False) -> None:
        self.text = text
        self.figures: list[Figure] = []
        self.tokens: list[Token] = []
        self.disclosure = disclosure
        self._year = year
        self._subject = "request" if requests else None
        self._period, self._period_before, self._reach = "year", "year", ""
        self._gap: list[Token] = []
        self._clause: list[Token] = []
        self._mark = self._depth = self._clause_start = 0
        self._colon = self._inside = False
        self._tail: Figure | None = None
        self._stack: list[tuple[str | None, str, str]] = []
        self.speaks_of_all = False
        self._read()
        self._finish()

    def residue(self, figure: Figure) -> str:
        """What its clause says before the figure, besides known words."""
        start = max((self.text.rfind(mark, 0, figure.start) for mark in "，,；;。：:（(）)"), default=-1) + 1
        pieces, position = [], start
        for token in self.tokens:
            if start <= token.start and token.end <= figure.start and token.kind not in ("mark", "figure"):
                pieces.append(self.text[position : token.start])
                position = token.end
        return "".join([*pieces, self.text[position : figure.start]])

    def clauses(self) -> Iterator[list[Token]]:
        """The words between commas, figures among them."""
        clause: list[Token] = []
        for token in self.tokens:
            if token.kind == "mark" and token.text != "、":
                if clause:
                    yield clause
                clause = []
            else:
                clause.append(token)
        if clause:
            yield clause

    def _read(self) -> None:
        words = vocabulary()
        kinds = words.kinds
        for match in words.events.finditer(self.text):
            kind = match.lastgroup
            if kind == "word":
                kind = kinds[match[0]]
                if kind == "mark":
                    self._read_mark(match)
                elif kind != "mask":
                    self._read_word(kind, match)
            elif kind == "figure":
                self._read_figure(match)
            elif kind == "hotline":
                self._read_word("foreign", match)
            else:
                self._read_time(match)

    def _token(self, kind: str, match: re.Match[str]) -> Token:
        token = Token(kind, match[0], *match.span(), self._subject, self._period, self._reach)
        self.tokens.append(token)
        return token

    def _read_word(self, kind: str, match: re.Match[str]) -> None:
        tail = self._tail
        if kind == "and" and tail is not None and tail.tail:
            self._close_tail(_TIGHT)
            tail = None
        if kind in _MEMORABLE:
            self._note(kind, match)
        token = self._token(kind, match)
        self._gap.append(token)
        self._clause.append(token)
        if tail is not None:
            tail.tail.append(token)
            if kind in _SUBJECTS and not any(item.kind in _SUBJECTS for item in tail.gap):
                tail.subject = self._subject

    def _note(self, kind: str, match: re.Match[str]) -> None:
        """Remember whose, of what and of when the sentence now speaks."""
        if kind in _SUBJECTS:
            self._turn_to(_SUBJECTS[kind])
            self.disclosure = self.disclosure or kind in _DISCLOSURE
        elif kind in _DISCLOSURE:
            self.disclosure = True
        elif kind in _REACH:
            self._reach = kind
        elif kind in ("none", "nought", "every"):
            self.speaks_of_all = True
        elif kind == "prior":
            self._period_before, self._period = self._period, "previous"
        elif kind == "this":
            self._period = "year"
        elif kind == "since":
            self._period = "cumulative"
        elif kind == "part_year" and self._period == "year":
            self._period = "partial"
        elif kind == "versus" and self.tokens and self.tokens[-1].kind in ("prior", "year") and self.tokens[-1].end == match.start():
            self._period = self._period_before

    def _turn_to(self, subject: str) -> None:
        joined = {token.kind for token in self._gap}
        if (subject == "litig" and "recon" in joined) or (subject == "recon" and "litig" in joined):
            self._subject = "remedies" if self._subject in ("recon", "litig", "remedies") else subject
        else:
            self._subject = subject

    def _read_time(self, match: re.Match[str]) -> None:
        if match["month"]:
            self._period = "partial" if self._period == "year" else self._period
            return
        last = self.tokens[-1] if self.tokens else None
        compared = last is not None and last.kind == "versus" and last.end == match.start()
        self._token("year", match)
        if compared or self._year is None:
            return
        year = int(match["year"])
        since = _RANGE.search(self.text, max(0, match.start() - 16), match.start())
        self._period_before = self._period
        if since and int(since[1]) != year:
            self._period = "cumulative"
        else:
            self._period = {0: "year", -1: "previous"}.get(year - self._year, "other")

    def _read_mark(self, match: re.Match[str]) -> None:
        mark = match[0]
        self._token("mark", match)
        self._close_tail(_TIGHT if mark == "、" else _LOOSE if mark in "；;。" else _CLAUSE)
        self._colon = mark in "：:"
        if mark in "（(〔【[":
            self._stack.append((self._subject, self._period, self._reach))
            self._depth += 1
            self._inside = True
        elif mark in "）)〕】]" and self._stack:
            self._subject, self._period, self._reach = self._stack.pop()
            self._depth -= 1
        if mark != "、":
            self._clause = []
            self._clause_start = match.end()

    def _close_tail(self, mark: int) -> None:
        self._mark = max(self._mark, mark)
        if self._tail is not None:
            self._tail = None
            self._gap, self._clause = [], []

    def _read_figure(self, match: re.Match[str]) -> None:
        figure = _figure(match)
        if figure is None:
            return
        if self._tail is not None:
            self._tail.tail, self._tail.subject = [], self._tail.said_subject
        figure.gap, figure.clause, figure.kinds = self._gap, self._clause, frozenset([token.kind for token in self._gap])
        figure.mark, figure.depth, figure.colon, figure.first_inside = self._mark, self._depth, self._colon, self._inside
        figure.subject = figure.said_subject = self._subject
        figure.period, figure.reach = self._period, self._reach
        if "sum_sure" in figure.kinds or "sum_maybe" in figure.kinds:
            figure.bare_sum = not _beyond_sum(self.text[self._clause_start : figure.start], figure)
        self._judge_shape(figure)
        self._token("figure", match)
        self.figures.append(figure)
        self._tail = figure
        self._gap, self._clause, self._mark = [], [], 0
        self._colon = self._inside = False

    def _judge_shape(self, figure: Figure) -> None:
        """Tell counts from changes and shares."""
        last = figure.gap[-1] if figure.gap else None
        close = last is not None and figure.start - last.end <= 1
        changes = close and last is not None and last.kind in ("up", "down")
        versus = "versus" in figure.kinds
        if figure.unit == "%":
            figure.shape = "growth" if changes and versus else "share" if self._is_share(figure) else "percent"
        elif changes:
            figure.shape = "difference"
        elif versus and "versus" in {token.kind for token in figure.clause} and not figure.kinds & {"up", "down"}:
            figure.period = "previous"
        if figure.shape in ("growth", "difference") and last is not None and last.kind == "down":
            figure.value = -figure.value

    def says_only(self, figure: Figure, things: frozenset[str]) -> bool:
        """Whether nothing but 案件, 共 and the like stands between one of those things and the figure, or it follows at once."""
        before = [token.end for token in figure.clause if token.kind in things]
        if before:
            return not vocabulary().between.sub("", self.text[before[-1] : figure.start])
        return any(token.kind in things and not self.text[figure.end : token.start].strip("的因政府信息公开") for token in figure.tail)

    def _is_share(self, figure: Figure) -> bool:
        """占N%, or a further percent of such a list."""
        shares = [token.end for token in figure.gap if token.kind == "share"]
        figure.of_whole = bool(shares) and not self.text[shares[-1] : figure.start].strip("比总数量全部的为达")
        listed = bool(self.figures) and self.figures[-1].shape == "share" and figure.kinds <= {"and", "channel", "requester", "kind"}
        return "share" in figure.kinds or listed

    def _finish(self) -> None:
        """Units that a list names once; months and ordinals without unit fall out."""
        unit: str | None = None
        for figure in reversed(self.figures):
            after = self.text[figure.end : figure.end + 1]
            if figure.unit is None and unit and after in "、和及与":
                figure.unit = unit
            unit = figure.unit
        self.figures = [
            figure for figure in self.figures if figure.unit or self.text[figure.end : figure.end + 1] in ("", "，", "。", "；", ",", "\n")
        ]


def _beyond_sum(before: str, figure: Figure) -> str:
    """What a clause says before a figure besides the word of the sum."""
    for token in figure.clause:
        if token.kind in ("sum_sure", "sum_maybe", "to", "every"):
            before = before.replace(token.text, "", 1)
    return before.strip("为是有，、 ")


def _figure(match: re.Match[str]) -> Figure | None:
    text = match.string
    start, end = match.span()
    unit, chinese = match["unit"], match["chinese"]
    if not chinese and ((unit is None and text[end : end + 1] not in _ENDS) or len(match["number"]) > _LONGEST_NUMBER):
        return None
    inexact = vocabulary().is_inexact(text[max(0, start - 3) : start], text[end : end + 2])
    if chinese:
        number = chinese_number(chinese)
        if number is None or (start and text[start - 1] in _ORDINAL):
            return None
        return Figure(Decimal(number), match["measure"], start, end, exact=not (inexact or match["some"]), chinese=True)
    return _digits(match, "%" if unit == "％" else unit, inexact=inexact)


def _digits(match: re.Match[str], unit: str | None, *, inexact: bool) -> Figure:
    digits = match["number"].replace(",", "").replace("．", ".")
    exact = not (inexact or match["torn"] or match["more"] or "，" in digits)
    value = Decimal(digits.replace("，", ""))
    places = len(digits.partition(".")[2])
    scale = match["scale"]
    if scale:
        exact = exact and len(scale) == 1
        shift = _SCALES[scale[-1]]
        value, places = value.scaleb(shift) + 0, places - shift
    return Figure(value, unit, *match.span(), exact=exact, decimals=places, torn=bool(match["torn"]))
