"""The text as text: whose it is, which year it speaks of, numbering, loose ends, phrases that the law has left behind."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from gongkai.checks import organs
from gongkai.checks.finding import Fault
from gongkai.checks.passages import Numbered, sentence_at
from gongkai.checks.registry import check
from gongkai.checks.subject import PROSE, Subject
from gongkai.law.store import load

_BASIS = "{format}"
_KINDS = {"bracket": "（{}）", "digit": "{}.", "ordinal": "{}是"}
_CHINESE = "零一二三四五六七八九十"


# --- whose text it is ---


@cache
def _selves() -> re.Pattern[str]:
    words = organs.organ_data()["self_names"]
    parts = [word["word"] + (f"(?![{word['guard']}])" if word["guard"] else "") for word in words]
    return re.compile(rf"(?<![自帮替])我({'|'.join(parts)})")


@check("text.self_name", severity="error", basis=_BASIS, title="自称应当与本机关相符", needs=("scope",))
def self_name(subject: Subject) -> Iterator[Fault]:
    """我县 in a township's report, 我镇 in a department's: a trace of a text copied from another organ.

    A warning where another reading is possible: 我县 may be the county that a township belongs to, 我县政府网站 the county's
    website, 我乡 in a report of a 镇 its former name. An error where none is: 我县 in a township of a district, 我局, 我办.
    """
    counts: dict[str, list[int]] = {}
    for match in _selves().finditer(subject.prose):
        counts.setdefault(match[1], []).append(match.start())
    data = organs.organ_data()
    scope = subject.scope or ""
    usual = data["own_names"].get(scope, ())
    for word, starts in counts.items():
        if word in data["innocent"].get(scope, ()) or (word in usual and _is_own(subject, word)):
            continue
        told = _opening(subject.prose, starts[0])
        superior = all(_is_superior_thing(subject.prose, start + 1 + len(word)) for start in starts)
        innocent = word in usual or superior or organs.may_be_its_area(subject.report.organ, word)
        whose = f"“{subject.report.organ}”" if subject.report.organ else subject.scope_words
        doubt = "如果说的是所属地区、上级机构或者上级网站，请写全称；否则" if innocent else "像是从别的单位的报告照搬来的，"
        yield Fault(
            f"文中自称“我{word}”{len(starts)}处（如“{told}”），与本机关（{whose}）不符，{doubt}请改为本机关的称呼，并检查同段的其他内容。",
            quote=sentence_at(subject.prose, starts[0]),
            severity="warning" if innocent else None,
        )


def _is_own(subject: Subject, word: str) -> bool:
    """Whether the word stands in the organ's own name; every usual word will do when the name is not known."""
    organ = subject.report.organ
    return (
        organ is None
        or word in organs.core_name(organ)
        or word in organ
        or (word == "办" and subject.scope in ("province", "city", "county"))
    )


def _opening(text: str, start: int) -> str:
    """The first words from there, at most twelve characters and no further than the sentence."""
    words = re.split(r"[。；！？\n]", text[start : start + 12], maxsplit=1)[0]
    return words + ("…" if len(words) == 12 else "")


def _is_superior_thing(text: str, start: int) -> bool:
    return text.startswith(tuple(organs.organ_data()["superior_things"]), start)


@cache
def _places() -> re.Pattern[str]:
    return re.compile(r"([一-龥]{1,8}?)(镇|乡|街道)(?:人民政府|办事处)")


@check("text.other_organ", severity="warning", basis=_BASIS, title="文中不应当出现别的乡镇、街道", needs=("scope",))
def other_organ(subject: Subject) -> Iterator[Fault]:
    """A township's or street's report that names another township's government, or a sibling.

    Counties and departments name townships with good reason, so they are not looked at.
    """
    organ = subject.report.organ
    if subject.scope not in ("township", "street") or not organ:
        return
    own, generic = organs.local_name(organ), organs.organ_data()["generic_before"]
    told: set[str] = set()
    for match in _places().finditer(subject.prose):
        name = match[1][-3:] + match[2]
        if match[1][-1] in generic or subject.prose.endswith(own, 0, match.end(2)) or name in told:
            continue
        told.add(name)
        yield Fault(
            f"文中出现了“{match[0]}”，与本机关“{organ}”不是同一个机关。请核对是否从别的单位的报告照搬，或者写错了名称。",
            quote=sentence_at(subject.prose, match.start(), match.end()),
        )


@check("text.generic", severity="notice", basis=_BASIS, title="不应当照搬说许多部门、地区的套话", needs=("scope",))
def generic(subject: Subject) -> Iterator[Fault]:
    """Phrases that speak of many places or departments in the report of one small organ."""
    data = load("checks/narrative")["generic"]
    if subject.scope not in data["scopes"]:
        return
    found = [phrase for phrase in data["phrases"] if phrase in subject.prose]
    if found:
        names = "、".join(f"“{phrase}”" for phrase in found)
        yield Fault(
            f"文中有{names}这样的说法，像是照搬上级或者范文的内容。本机关是{subject.scope_words}，请改写为本机关的实际情况。",
            quote=sentence_at(subject.prose, subject.prose.index(found[0])),
        )


# --- which year it speaks of ---


@dataclass(frozen=True, slots=True)
class _YearWords:
    title: re.Pattern[str]
    sentence: re.Pattern[str]
    plan: re.Pattern[str]
    past: re.Pattern[str]
    self_reference: re.Pattern[str]


@cache
def _year_words() -> _YearWords:
    data = load("checks/wording")["own_year"]
    return _YearWords(
        re.compile(r"(20\d\d)\s*年度?政府信息公开(?:工作)?年度报告"),
        re.compile(rf"(20\d\d)\s*年(?={data['follows']})"),
        re.compile(data["plan"]),
        re.compile(data["past"]),
        re.compile(data["self_reference"]),
    )


@check("text.year", severity="warning", basis=_BASIS, title="文中作为本年度的年份应当是报告年度", needs=("year",))
def year(subject: Subject) -> Iterator[Fault]:
    """A sentence that speaks of another year as the report's own: left over from an earlier report, or a slip.

    Comparisons with earlier years, documents of earlier years and plans for later ones are innocent and not told.
    """
    words, told = _year_words(), set()
    for pattern in (words.title, words.sentence):
        for match in pattern.finditer(subject.prose):
            stated = int(match[1])
            if (
                stated == subject.year
                or stated in told
                or (pattern is words.sentence and not _begins_sentence(subject.prose, match.start()))
            ):
                continue
            quote = sentence_at(subject.prose, match.start(1), match.end())
            if _is_innocent(words, quote, stated, subject.year or 0, pattern is words.title):
                continue
            told.add(stated)
            yield Fault(
                f"本报告是{subject.year}年的，文中却把{stated}年当作本年度来写，像是沿用旧稿没有改。请核对后改为{subject.year}年；如果确实说的是{stated}年的事，请写明。",
                quote=quote,
            )


def _begins_sentence(text: str, place: int) -> bool:
    while place and text[place - 1] in " \t\u3000":
        place -= 1
    return not place or text[place - 1] in "\n。；;）)"


def _is_innocent(words: _YearWords, sentence: str, stated: int, own: int, is_title: bool) -> bool:
    if is_title:
        return not words.self_reference.search(sentence)
    if stated > own:
        return bool(words.plan.search(sentence))
    return str(own) in sentence or bool(words.past.search(sentence))


# --- numbering and loose ends ---


@check("text.numbering", severity="warning", basis=_BASIS, title="序号应当连续、不重复")
def numbering(subject: Subject) -> Iterator[Fault]:
    """Numbers that are skipped or stand twice in a section: （一）（三）, 1. 3., 一是 三是. A new list may begin at one."""
    for section in PROSE:
        text = subject.text(section)
        for kind, printed in _KINDS.items():
            problem = _misnumbered(subject.items(section, kind), text, kind, printed)
            if problem is not None:
                item, words = problem
                title = _section_title(subject, section)
                yield Fault(f"{title}的序号不连续：{words}。请核对是漏了内容还是序号写错。", quote=sentence_at(text, item.start))


def _misnumbered(items: list[Numbered], text: str, kind: str, printed: str) -> tuple[Numbered, str] | None:
    """The first item whose predecessor is nowhere before it, or that stands more often than the first of its list."""
    seen: dict[int, int] = {}
    counted = _Occurrences(text)
    for item in items:
        shown = printed.format(_number(item.number, kind))
        if item.number > 1 and item.number - 1 not in seen:
            before = printed.format(_number(item.number - 1, kind))
            if not counted.before(item.start, before):
                return item, f"有“{shown}”，前面没有“{before}”"
        seen[item.number] = seen.get(item.number, 0) + 1
        lists = max(1, counted.before(item.start, printed.format(_number(1, kind))))
        if item.number > 1 and seen[item.number] > lists:
            return item, f"“{shown}”出现了{seen[item.number]}次"
    return None


class _Occurrences:
    """Where numbers stand in a text, also in mid-sentence and with other brackets or signs; each is looked for once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: dict[str, list[int]] = {}

    def before(self, place: int, printed: str) -> int:
        """How often the number stands before that place."""
        ends = self._ends.get(printed)
        if ends is None:
            spellings = {printed, printed.replace("（", "(").replace("）", ")"), printed.replace(".", "、"), printed.replace(".", "．")}
            found = re.finditer("|".join(map(re.escape, spellings)), self._text)
            ends = self._ends[printed] = [match.end() for match in found]
        return bisect_right(ends, place)


def _number(number: int, kind: str) -> str:
    if kind == "digit":
        return str(number)
    return _CHINESE[number] if number <= 10 else f"十{_CHINESE[number - 10]}"


def _section_title(subject: Subject, section: str) -> str:
    titles = {item.id: item.title for item in subject.edition.sections} if subject.edition else {}
    return f"“{titles[section]}”" if section in titles else "文中"


@cache
def _loose_figure() -> re.Pattern[str]:
    words = load("checks/wording")["counted_words"]
    return re.compile(
        rf"(?:{words})(?:了)?\s*(?!(?:19|20)\d\d(?!\d))(\d{{1,7}})(?=\s*(?:[。；;]|[，,](?!\d)|[（(][一二三四五六七八九十]|[一二三四五六七八九十]、|\Z))"
    )


@check("text.dangling", severity="warning", basis=_BASIS, title="数字后面应当有单位")
def dangling(subject: Subject) -> Iterator[Fault]:
    """A figure that ends without its unit: 主动发布信息17. Years, telephone numbers and postcodes are none."""
    for section in PROSE:
        text = subject.text(section)
        for match in _loose_figure().finditer(text):
            quote = sentence_at(text, match.start(), match.end())
            yield Fault(f"“{match[0].strip()}”的数字后面没有单位（条、件等），句子像是没有写完。请补全。", quote=quote)


@check("text.empty_part", severity="warning", basis=_BASIS, title="小标题下面应当有内容")
def empty_part(subject: Subject) -> Iterator[Fault]:
    """A sub-heading with nothing under it before the next one."""
    endings = tuple(load("checks/wording")["heading_endings"])
    for section in PROSE:
        text = subject.text(section)
        for item in subject.items(section, "bracket"):
            body = text[item.start : item.end].strip()
            if len(body) <= 20 and body.endswith(endings) and not re.search(r"[，。：；,:;\n]", body):
                yield Fault(f"小标题“{item.printed}{body}”下面没有内容。请补写；没有发生的，写明没有发生。", quote=f"{item.printed}{body}")


# --- phrases that the law has left behind ---


@cache
def _outdated() -> tuple[tuple[dict[str, Any], re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (entry, re.compile(entry["pattern"]), re.compile(entry["unless"]) if "unless" in entry else None)
        for entry in load("checks/wording")["outdated"]
    )


@check("text.outdated", severity="warning", basis="reg", title="不应当沿用已经失效的规定和说法", needs=("year",))
def outdated(subject: Subject) -> Iterator[Fault]:
    """Wording of the 2007 regulation or of a form that has been replaced; each phrase says since when and what to write instead."""
    for entry, pattern, unless in _outdated():
        if (subject.year or 0) < entry["from_year"] or entry["word"] not in subject.prose:
            continue
        for match in pattern.finditer(subject.prose):
            quote = sentence_at(subject.prose, match.start(), match.end())
            if unless is None or not unless.search(quote):
                yield Fault(
                    f"文中写有“{''.join(match[0].split())}”：{entry['says']}。{entry['instead']}。",
                    quote=quote,
                    severity=entry["severity"],
                    basis=entry["basis"],
                )
                break
