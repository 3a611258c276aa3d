"""What sections one and five must speak of (总体情况、存在的主要问题及改进情况)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from gongkai.checks.finding import Fault
from gongkai.checks.passages import numbered, sentence_at
from gongkai.checks.registry import STATUTORY, check
from gongkai.checks.subject import Subject
from gongkai.law.store import load

_HEAD = 24
_SIGNS = re.compile(r"[\s。．.，,；;：:]+")
_BRACKETED = re.compile(r"[（(][一二三四五六七八九十]{1,2}[）)]\s*([^\n]*)")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load("checks/narrative")[name])


@cache
def _appraisal() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((entry["name"], re.compile(entry["pattern"])) for entry in load("checks/narrative")["appraisal"])


@check("s1.parts", severity="warning", basis="{format}:s1", title="总体情况应当分五个方面写", editions=STATUTORY)
def parts(subject: Subject) -> Iterator[Fault]:
    """Sub-parts of section one without a heading of their own; a notice when the text does speak of all of them."""
    text = subject.text("s1")
    if not text or subject.edition is None:
        return
    heads = [match[1][:_HEAD] for match in _BRACKETED.finditer(text)]
    words = load("checks/narrative")["parts"]
    wanted = subject.edition.sections[0].parts
    missing = [part for part in wanted if not any(word in head for word in words[part] for head in heads)]
    if not missing:
        return
    silent = [part for part in missing if not any(word in text for word in words[part])]
    spoken = [part for part in missing if part not in silent]
    told = [f"没有写{_list(silent)}"] if silent else []
    told += [f"没有单列{_list(spoken)}（文中提到了有关内容）"] if spoken else []
    message = f"“一、总体情况”应当分{'、'.join(wanted)}五个方面写，本报告{'，'.join(told)}。请分别列小标题写清楚。"
    yield Fault(message, severity=None if silent else "notice")


@check(
    "s1.appraisal",
    severity="warning",
    basis="reg:50",
    title="政府的报告应当写考核、社会评议和责任追究结果",
    editions=STATUTORY,
    needs=("scope",),
)
def appraisal(subject: Subject) -> Iterator[Fault]:
    """Reports of governments state the results of assessment, public appraisal and accountability (article 50(4)).

    A notice when some of the three are spoken of. Departments and streets are no governments.
    """
    if subject.scope not in load("checks/narrative")["appraised_scopes"] or not subject.prose:
        return
    missing = [name for name, pattern in _appraisal() if not pattern.search(subject.prose)]
    if missing:
        some = len(missing) < len(_appraisal())
        message = (
            f"报告没有写{'、'.join(missing)}的结果。本机关是{subject.scope_words}，各级人民政府的年度报告应当包括工作考核、社会评议和责任追究结果；"
            "没有开展或者没有发生的，也请写明。"
        )
        yield Fault(message, severity="notice" if some else None)


@check("s5.empty", severity="warning", basis="reg:50", title="存在的主要问题及改进情况不能空着", editions=STATUTORY)
def problems_empty(subject: Subject) -> Iterator[Fault]:
    """Section five has its heading and no content, or only 无."""
    if "s5" in subject.report.sections and _is_empty(subject.text("s5")):
        shown = _SIGNS.sub("", subject.text("s5"))
        told = f"只写了“{shown}”" if shown else "是空的"
        yield Fault(
            f"“五、存在的主要问题及改进情况”{told}。这一部分是年度报告的法定内容，请写明本年度的主要问题和改进情况。", quote=shown or None
        )


# A line that only heads the part on problems or on measures proves neither.
_S5_HEADING = re.compile(
    r"\s*[（(]?[一二12]?[)）、.．]?\s*(?:主要)?(?:存在)?(?:的)?(?:主要)?(?:问题|不足|困难)?(?:和|及)?"
    r"(?:改进|整改)?(?:情况|措施|方向)?[:：。]?\s*"
).fullmatch


@check("s5.problems", severity="warning", basis="reg:50", title="第五部分应当既写问题也写改进", editions=STATUTORY)
def problems(subject: Subject) -> Iterator[Fault]:
    """Section five names no problem, or no measure: slogans alone, or problems alone."""
    text = subject.text("s5")
    if _is_empty(text):
        return
    body = "\n".join(line for line in text.splitlines() if not _S5_HEADING(line))
    if not _pattern("problem_words").search(body):
        yield Fault("“五、存在的主要问题及改进情况”只写了做法，没有写存在什么问题。请写明本机关政府信息公开工作的具体问题。")
    if not _pattern("measure_words").search(body):
        yield Fault("“五、存在的主要问题及改进情况”只写了问题，没有写怎样改进。请对照问题逐项写明改进情况。")


@check("s5.measures", severity="notice", basis="reg:50", title="改进措施一般不少于问题", editions=STATUTORY)
def measures(subject: Subject) -> Iterator[Fault]:
    """More enumerated problems than enumerated measures. Told only when both parts are enumerated."""
    text = subject.text("s5")
    turn = _pattern("measures_begin").search(text, _HEAD)
    if turn is None:
        return
    told, answered = _enumerated(text[: turn.start()]), _enumerated(text[turn.start() :])
    if told > answered > 0:
        message = f"第五部分列了{told}个问题，只列了{answered}条改进措施。请核对是否每个问题都有对应的改进情况。"
        yield Fault(message, quote=sentence_at(text, turn.start()))


def _enumerated(text: str) -> int:
    """How many items a text enumerates: the highest number of the longest list in it."""
    return max((item.number for kind in ("ordinal", "digit") for item in numbered(text, kind)), default=0)


def _is_empty(text: str) -> bool:
    plain = _SIGNS.sub("", text)
    return not plain or plain in _empty_words()


@cache
def _empty_words() -> frozenset[str]:
    return frozenset(load("checks/narrative")["empty_words"])


def _list(names: list[str]) -> str:
    return "、".join(f"“{name}”" for name in names)
