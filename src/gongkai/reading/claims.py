"""Narrative → Claims: the figures that the running text of a report states, and what each of them counts.

A section is cut into sentences; a sentence is read once from left to right into figures, each with the words before and
after it; figures that hang together (其中, 合计, 分别) become one claim with parts; words decide the topic. Every word lies
in ``law/data/claims``. What is not understood stays a claim without topic: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from gongkai.reading.fields import MAX_NARRATIVE
from gongkai.reading.figures import Figure, Sentence, Token, vocabulary
from gongkai.report import Claim

# How a numbered heading or item begins: （一） 一、 1. 一是
_ITEM = r"\s*+(?:#++\s*+)?(?:[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}[.、．)）](?!\d))"
_BREAK = re.compile(rf"(?=[。！？!?\n])(?:[。！？!?]\s*|(?<=[；;：:])\n|\n(?={_ITEM}|\s*+[一二三四五六七八九十]是)|\n\s*\n)")
_HEADING = re.compile(rf"{_ITEM}\s*([^。：:\n，,]{{2,24}})")
_CONTINUES = re.compile(r"\s*(?:其中|分别)")

# Families of words that begin a statement of their own; within one list they do not change.
_FAMILY = {
    **dict.fromkeys(("receive", "handle", "work", "carry_in", "carry_out", "carry", "ask"), "flow"),
    **dict.fromkeys(("granted", "partial", "denied", "unable", "not_processed", "other_handling"), "outcome"),
    **dict.fromkeys(("upheld", "corrected", "other", "pending", "close"), "result"),
    **dict.fromkeys(("recon", "litig", "litig_direct", "litig_after"), "remedy"),
    **dict.fromkeys(("normative", "rules", "issue", "repeal", "lapse", "in_force"), "document"),
    **dict.fromkeys(("licensing", "penalties", "coercion", "decide"), "decision"),
    **dict.fromkeys(("fee_admin", "fee_info"), "fee"),
    "act": "act",
}
# Aspects that settle a topic by themselves, before the general ones.
_DECISIVE = frozenset(kind for kind, family in _FAMILY.items() if family in ("outcome", "result") and kind != "close") | {
    "carry_in", "carry_out", "carry", "repeal", "lapse", "in_force",
}  # fmt: skip
_GENERAL = frozenset({"receive", "handle", "work", "issue", "publish", "decide", "cause", "close"})
_LIMITS = frozenset({"channel", "requester", "kind"})
_RESULTS = frozenset({"upheld", "corrected", "other", "pending"})
_REMEDIES = frozenset({"recon", "litig", "litig_direct", "litig_after", "remedies"})
_NOT_ZERO = (_DECISIVE | {"spoiler", "foreign", "channel", "kind", "thing", "rate", "plan"}) - {
    "carry_in",
    "carry_out",
    "carry",
    "repeal",
    "in_force",
}
_ENDS_LIST = frozenset({"apart", "total", "sum_sure", "sum_maybe", "this"})
_LOOSE, _CLAUSE = 3, 2
# So many characters before the first figure of a sentence are read at least.
_OPENING = 60
# A longer passage is no sentence; it is read in pieces, so that reading takes no longer than the text is long.
_LONGEST = 1000
_LONGEST_SUM = 30
_NEUTRAL = re.compile(
    r"[\s，,：:、的了为我本该我市县区镇乡局办年度通过各种]|\d{4}年|人民政府|办公室|街道|办事处|渠道|形式|方式|主要|及时|依法|共计|情况|积极"
)


@dataclass(slots=True)
class _Relation:
    """Figures (by index) that a sentence gives as parts of another."""

    whole: int
    parts: list[int]
    kind: str
    loosest: int = 0
    overlap: bool = False
    family: str = ""


def read_claims(sections: Mapping[str, str], year: int | None) -> tuple[Claim, ...]:
    """The claims of the narrative in reading order.

    ``sections`` maps section ids to text, ``year`` is the report's; without it no figure is told apart as another year's.
    Sentences without figure and without a word of absence yield nothing. Of a narrative longer than ``MAX_NARRATIVE``
    characters only so many are read.
    """
    claims: list[Claim] = []
    left = MAX_NARRATIVE
    for name, text in sections.items():
        claims += _section_claims(name, text[:left], year)
        left = max(left - len(text), 0)
    return tuple(claims)


def _section_claims(section: str, text: str, year: int | None) -> Iterator[Claim]:
    words = vocabulary()
    requests = section == "s3"
    for passage in _passages(text):
        heading = _HEADING.match(passage)
        if heading:
            requests = "申请" in heading[1] or "申請" in heading[1] or section == "s3"
        for piece in _pieces(passage):
            first = words.first_stated(piece)
            if first is None:
                continue
            told = words.plain(piece[_start(piece, first) :])
            sentence = Sentence(told, year=year, requests=requests, disclosure=requests or section == "s4")
            yield from _sentence_claims(sentence, section, "".join([line.strip() for line in piece.splitlines()]))


def _pieces(passage: str) -> list[str]:
    """The passage, or pieces of it when it is too long to be a sentence."""
    if len(passage) <= _LONGEST:
        return [passage]
    return [passage[start : start + _LONGEST] for start in range(0, len(passage), _LONGEST)]


def _start(passage: str, first: int) -> int:
    """Where to begin reading: at a comma well before the first figure, so that long openings are passed over."""
    if first < _OPENING:
        return 0
    return max(passage.rfind(mark, 0, first - _OPENING) for mark in "，,；;。") + 1


def _passages(text: str) -> list[str]:
    """Sentences; one that begins with 其中 or 分别 goes on with the sentence before it."""
    passages: list[str] = []
    start = 0
    for mark in _BREAK.finditer(text):
        passages.append(text[start : mark.end()])
        start = mark.end()
    passages.append(text[start:])
    joined: list[str] = []
    for passage in passages:
        if joined and _CONTINUES.match(passage) and len(joined[-1]) <= _LONGEST:
            joined[-1] += passage
        else:
            joined.append(passage)
    return joined


def _sentence_claims(sentence: Sentence, section: str, quote: str) -> Iterator[Claim]:
    figures = sentence.figures
    if figures:
        yield from _figure_claims(sentence, section, quote)
    if sentence.speaks_of_all:
        yield from _absences(sentence, section, quote)


def _figure_claims(sentence: Sentence, section: str, quote: str) -> Iterator[Claim]:
    figures = sentence.figures
    relations = [*_lists(figures), *_sums(figures)] if len(figures) > 1 else []
    parts = {index: relation for relation in relations for index in relation.parts}
    wholes: dict[int, _Relation] = {}
    extra = [relation for relation in relations if wholes.setdefault(relation.whole, relation) is not relation]
    for index, figure in enumerate(figures):
        if figure.torn:
            continue
        if figure.shape != "count":
            yield from _percent_claim(figures, index, relations, section, quote)
            continue
        figure.topic = _topic(sentence, figure)
        tied = index in wholes or index in parts
        if figure.topic is None and not tied and (figure.unit is None or (figure.chinese and figure.value <= 10)):
            continue
        yield _count_claim(sentence, index, parts.get(index), wholes.get(index), (section, quote))
    for relation in extra:
        claim = _count_claim(sentence, relation.whole, None, relation, (section, quote))
        yield replace(claim, form="split", topic=None)
    yield from _shares(figures, section, quote)


def _count_claim(sentence: Sentence, index: int, owner: _Relation | None, own: _Relation | None, where: tuple[str, str]) -> Claim:
    """The claim of a figure that counts: ``owner`` is the list it stands in, ``own`` the list of its parts."""
    figure = sentence.figures[index]
    limits = _limits(sentence, figure)
    if owner is not None and figure.topic is not None and figure.topic == sentence.figures[owner.whole].topic:
        limits = limits or "其中"
    parts = [sentence.figures[part] for part in own.parts] if own else []
    sure = own is not None and figure.exact and all(part.exact for part in parts)
    return Claim(
        *where,
        figure.value,
        figure.unit,
        figure.topic,
        limits,
        tuple([part.value for part in parts]),
        relation=("overlap" if own.overlap else own.kind) if own is not None and sure else "",
        exact=figure.exact,
        decimals=figure.decimals,
        period=figure.period,
        reach=figure.reach,
        part=owner is not None,
    )


# --- figures that hang together ---


def _lists(figures: list[Figure]) -> list[_Relation]:
    """Relations that a marker opens: 其中, 包括, a bracket, a colon, 分别."""
    relations: list[_Relation] = []
    stack: list[_Relation | None] = []
    current: _Relation | None = None
    for index, figure in enumerate(figures):
        depth = figures[index - 1].depth if index else 0
        for _ in range(figure.depth, depth):
            current = stack.pop() if stack else None
        if figure.depth > depth:
            stack.append(current)
            current = None
        if figure.shape != "count" or figure.period != figures[0].period:
            continue
        opened = _open_list(figures, index, current)
        if opened:
            current = opened
            relations.append(opened)
        elif current is not None and not _extend(current, figures, index):
            current = None
    for relation in relations:
        _settle(relation, figures)
    return [relation for relation in relations if relation.kind]


def _open_list(figures: list[Figure], index: int, current: _Relation | None) -> _Relation | None:
    figure = figures[index]
    before = _count_before(figures, index)
    if before is None or not figure.same_unit(figures[before]):
        return None
    kinds, inside = figure.kinds, figure.depth > figures[before].depth
    family = _family(figure)
    if "among" in kinds:
        whole = current.whole if current and not inside else before
        return _Relation(whole, [index], "among", family=family)
    if kinds & {"apart", "prior", "versus"} or current:
        return None
    if "within" in figures[before].tail_kinds and not family:
        return _Relation(before, [index], "among", family=family)
    if kinds & {"respectively", "each_of"} and not family and figure.mark <= _CLAUSE:
        return _Relation(before, [index], "whole" if "respectively" in kinds else "sum", family=family)
    if "from" in kinds and not inside and not family:
        return _Relation(before, [index], "compose", family=family)
    if (inside and figure.first_inside) or (figure.colon and not family):
        return _Relation(before, [index], "list", family=family)
    return None


def _extend(relation: _Relation, figures: list[Figure], index: int) -> bool:
    """Add the figure to the list; false when the list ended before it."""
    figure, first = figures[index], figures[relation.parts[0]]
    if figure.kinds & _ENDS_LIST or figure.depth != first.depth:
        return figure.depth > first.depth
    if (_family(figure) or relation.family) != relation.family:
        return False
    limit = relation.loosest or (_LOOSE if figure.mark == _LOOSE and not figure.kinds & _FAMILY.keys() else _CLAUSE)
    if figure.mark > max(limit, _CLAUSE if "remainder" in figure.kinds else 0):
        return False
    relation.loosest = max(figure.mark, 1) if not relation.loosest else relation.loosest
    if figure.same_unit(figures[relation.whole]) and "versus" not in figure.kinds:
        relation.parts.append(index)
        if "remainder" in figure.kinds:
            relation.kind = "whole"
            return False
    return True


def _settle(relation: _Relation, figures: list[Figure]) -> None:
    """Cut what follows a full sum, and see whether the list names everything."""
    parts = [figures[index] for index in relation.parts]
    total, whole = Decimal(0), figures[relation.whole].value
    for count, part in enumerate(parts, 1):
        total += part.value
        if total == whole and relation.kind not in ("whole", "sum"):
            relation.parts = relation.parts[:count]
            parts = parts[:count]
            break
    relation.overlap = any("overlap" in part.kinds or "overlap" in part.tail_kinds for part in parts)
    if _RESULTS <= {kind for part in parts for kind in part.kinds & _RESULTS}:
        relation.kind = "whole"
    by_channel = all("channel" in part.kinds | part.tail_kinds for part in parts)
    summed = figures[relation.whole].kinds & {"sum_sure", "sum_maybe", "total"}
    if by_channel and relation.kind in ("among", "sum") and total > whole and not summed:
        relation.kind = "channels"
    if relation.kind == "compose":
        relation.kind = "whole" if "compose" in parts[-1].tail_kinds else ""


def _sums(figures: list[Figure]) -> list[_Relation]:
    """Relations in which the whole comes last: A条、B条，合计C条."""
    found = []
    for index, figure in enumerate(figures):
        kinds = {token.kind for token in figure.clause}
        if figure.shape != "count" or not kinds & {"sum_sure", "sum_maybe"} or figure.mark > _CLAUSE:
            continue
        plain = kinds <= {"sum_sure", "sum_maybe", "to", "every"} and figure.bare_sum
        loose = kinds <= {"sum_sure", "sum_maybe", "publish", "info", "every", "to"}
        run = _run_before(figures, index)
        if len(run) < 2 or not loose:
            continue
        tail = _adding_up(figures, run, figure.value)
        found.append(_Relation(index, tail or run, "whole" if tail or plain else "sum"))
    return found


def _adding_up(figures: list[Figure], run: list[int], whole: Decimal) -> list[int]:
    """The longest end of the run, of two figures at least, that adds up to the whole; empty when none does."""
    total, longest = Decimal(0), 0
    for length, part in enumerate(reversed(run), 1):
        total += figures[part].value
        if total == whole and length > 1:
            longest = length
    return run[len(run) - longest :]


def _run_before(figures: list[Figure], index: int) -> list[int]:
    """Figures of the same unit that lead up to this one without a break, a 其中 and its whole left out."""
    run: list[int] = []
    for part in range(index - 1, max(index - 1 - _LONGEST_SUM, -1), -1):
        figure = figures[part]
        if figure.shape != "count" or not figure.same_unit(figures[index]) or figure.depth != figures[index].depth:
            break
        if figure.period != figures[index].period:
            break
        run.insert(0, part)
        if "among" in figure.kinds or figure.mark >= _LOOSE or "overlap" in figure.kinds:
            break
    return run


def _count_before(figures: list[Figure], index: int) -> int | None:
    return next((part for part in range(index - 1, -1, -1) if figures[part].shape == "count"), None)


def _family(figure: Figure) -> str:
    return next((_FAMILY[token.kind] for token in reversed(figure.gap) if token.kind in _FAMILY), "")


# --- percentages and changes ---


def _percent_claim(figures: list[Figure], index: int, relations: list[_Relation], section: str, quote: str) -> Iterator[Claim]:
    figure = figures[index]
    base = Claim(section, quote, figure.value, figure.unit, exact=figure.exact, decimals=figure.decimals, period=figure.period)
    parts = {part for relation in relations for part in relation.parts}
    whole = [item for place, item in enumerate(figures[:index]) if place not in parts and item.depth <= figure.depth]
    now = next((item for item in reversed(whole) if item.shape == "count" and item.period == "year"), None)
    if figure.shape in ("growth", "difference"):
        before = [item for item in figures if item.shape == "count" and item.period == "previous" and now and item.same_unit(now)]
        pair = (now, before[0]) if now and len(before) == 1 and now.exact and before[0].exact else ()
        topic = now.topic if now else None
        yield replace(base, form=figure.shape, topic=topic, parts=tuple(item.value for item in pair))
    elif figure.shape == "share":
        part = _count_before(figures, index)
        owner = next((item for item in relations if part in item.parts), None)
        known = owner is not None and part == index - 1 and figure.of_whole
        pair = (figures[part], figures[owner.whole]) if known and owner and part is not None else ()
        yield replace(base, form="share", parts=tuple(item.value for item in pair))


def _shares(figures: list[Figure], section: str, quote: str) -> Iterator[Claim]:
    """分别占60%、30%和10%; 占60%……其余40%: percents that must make up 100."""
    run = [figure for figure in figures if figure.unit == "%" and figure.shape == "share"]
    closed = any(figure.kinds & {"respectively", "each_of", "remainder"} for figure in run)
    if len(run) < 2 or not closed or any(figure.kinds & {"among", "overlap"} for figure in run):
        return
    values = tuple(figure.value for figure in run)
    exact = all(figure.exact for figure in run)
    yield Claim(
        section, quote, Decimal(100), "%", parts=values, form="shares", relation="whole", exact=exact, decimals=min(f.decimals for f in run)
    )


# --- topics ---


def _topic(sentence: Sentence, figure: Figure) -> str | None:
    words = vocabulary()
    near = [token.kind for token in (*figure.clause, *figure.tail)]
    if figure.kinds & {"rate", "plan"} or (figure.subject in _REMEDIES and not (sentence.disclosure or "cause" in near)):
        return None
    topics = []
    for aspect in _aspects(sentence, figure):
        topic = words.topics.get((figure.subject or "", aspect))
        if topic and topic not in topics and not topic.barred & set(near):
            topics.append(topic)
    if not topics:
        bare = [topic for topic in words.bare.get(figure.subject or "", ()) if topic.bare & set(near) and not topic.barred & set(near)]
        topics = [topic for topic in bare if sentence.says_only(figure, topic.bare)]
    fitting = [topic.id for topic in topics if words.fits(topic, figure.unit)]
    return "+".join(dict.fromkeys(fitting)) or None


@cache
def _order() -> Mapping[str, int]:
    return {kind: place for place, kind in enumerate(sorted(_DECISIVE | _GENERAL))}


def _aspects(sentence: Sentence, figure: Figure) -> list[str]:
    """What happened to the things counted: the decisive word nearest before, else after; else the general words of the clause."""
    issued = any(token.kind == "issue" for token in figure.clause)
    closed = sentence.text.rfind("；", 0, figure.start)
    # What the sentence said before does not reach a clause that says what was issued; a result does not reach over a semicolon.
    gap = [token for token in figure.gap if not issued and (token.start > closed or token.kind not in _RESULTS)]
    for tokens in (figure.clause, gap, figure.tail):
        decisive = [token.kind for token in tokens if token.kind in _DECISIVE]
        if decisive:
            return decisive[-1:]
    for tokens in (figure.clause, figure.tail):
        general = [token.kind for token in tokens if token.kind in _GENERAL]
        if general:
            return sorted(set(general), key=_order().__getitem__)
    return [token.kind for token in figure.gap if token.kind in _GENERAL][-1:]


def _limits(sentence: Sentence, figure: Figure) -> str | None:
    """Words that say the figure is only some of it; for what was published every word that is not neutral."""
    near = [token.text for token in (*figure.clause, *figure.tail) if token.kind in _LIMITS]
    if figure.topic == "published":
        before = [token.text for token in sentence.tokens if token.kind in _LIMITS and token.start < figure.start]
        rest = _NEUTRAL.sub("", sentence.residue(figure))
        near = [*before, *([rest] if rest else ())]
    return "、".join(dict.fromkeys(near)) or None


# --- what is said not to exist, and what is said of all ---


def _absences(sentence: Sentence, section: str, quote: str) -> Iterator[Claim]:
    for clause in sentence.clauses():
        kinds = [token.kind for token in clause]
        if "if" in kinds:
            continue
        starts = [place for place, kind in enumerate(kinds) if kind == "none"]
        for place, end in zip(starts, [*starts[1:], len(clause)], strict=False):
            yield from _zero_claims(sentence, clause[place], clause[place + 1 : end], section, quote)
        if "nought" in kinds:
            place = kinds.index("nought")
            yield from _zero_claims(sentence, clause[place], clause[:place], section, quote)
        if "every" in kinds and "handle" in kinds[kinds.index("every") :] and "figure" not in kinds:
            every = clause[kinds.index("every")]
            if every.subject == "request" and not {"none", "spoiler", "foreign"} & set(kinds):
                yield Claim(section, quote, Decimal(0), topic="handled", form="all", period=every.period, reach=every.reach)


def _zero_claims(sentence: Sentence, mark: Token, told: list[Token], section: str, quote: str) -> Iterator[Claim]:
    kinds = {token.kind for token in told}
    requesters = sum(1 for token in told if token.kind == "requester")
    if requesters == 1:
        return
    if kinds & _NOT_ZERO or "figure" in kinds:
        return
    for topic in _absent_topics(sentence, mark, told, kinds):
        yield Claim(section, quote, Decimal(0), topic=topic, form="zero", period=mark.period, reach=mark.reach)


def _absent_topics(sentence: Sentence, mark: Token, told: list[Token], kinds: set[str]) -> Iterator[str]:
    words = vocabulary()
    remedies = [token.kind for token in told if token.kind in _REMEDIES]
    if remedies and (sentence.disclosure or "cause" in kinds):
        yield from dict.fromkeys(topic.id for kind in remedies for topic in words.bare.get(kind, ()))
    if kinds & {"ask", "ask_column"} or (mark.subject == "request" and "ask_word" in kinds):
        carried = [words.topics[("request", kind)].id for kind in ("carry_in", "carry_out", "carry") if kind in kinds]
        reads_as_receipt = (
            "receive" in kinds or mark.text.endswith(("收到", "接到", "受理", "接收", "新收")) or not kinds & {"handle", "work"}
        )
        if carried:
            yield from carried
        elif reads_as_receipt and _denied_outright(sentence, told) and not (remedies and ("cause" in kinds or mark.text.endswith("因"))):
            yield "received"
    for kind in dict.fromkeys(token.kind for token in told if token.kind not in _REMEDIES):
        yield from (topic.id for topic in words.zero_topics(kind, kinds))


def _denied_outright(sentence: Sentence, told: list[Token]) -> bool:
    """Whether the request itself is denied, and not something about it (政府信息公开申请办理迟缓)."""
    place = max(index for index, token in enumerate(told) if token.kind in ("ask", "ask_column", "ask_word"))
    end = told[place + 1].start if place + 1 < len(told) else len(sentence.text)
    after = re.split(r"[，,；;。：:（(]", sentence.text[told[place].end : end])[0]
    return not vocabulary().after.sub("", after).strip()
