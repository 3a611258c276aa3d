"""What a questionnaire asks and what was answered: checked when they come in, counted when somebody looks.

A question is a mapping with ``kind``, ``words``, ``choices`` (of those that have some) and ``is_required``; an answer is the number
of a choice, several of them, points from 1 to 5, or a text, by the number of the question, both counted from 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.errors import Refused
from gongkai.web.disclosure.soliciting.values import choices, line, lines, longest, most

SINGLE, MULTIPLE, SCALE, TEXT = "single", "multiple", "scale", "text"
POINTS = range(1, 6)

Question = Mapping[str, Any]
Answers = Mapping[str, Any]


def checked_questions(asked: Iterable[Question]) -> list[dict[str, Any]]:
    """The questions as they are kept; :class:`Refused` for what cannot be asked."""
    found = [_question(number, row) for number, row in enumerate(asked, start=1)]
    if not 1 <= len(found) <= most("questions"):
        raise Refused(f"请写1到{most('questions')}道题。")
    return found


def _question(number: int, row: Question) -> dict[str, Any]:
    words, kind = line(str(row.get("words") or ""), "question"), row.get("kind")
    if not words or kind not in choices("question_kinds"):
        raise Refused(f"第{number}题没有写全：要有题目和题型。")
    found: dict[str, Any] = {"kind": kind, "words": words, "is_required": bool(row.get("is_required"))}
    if kind not in (SINGLE, MULTIPLE):
        return found
    offered = [line(str(one), "choice") for one in row.get("choices", ()) if str(one).strip()]
    if not 2 <= len(offered) <= most("choices") or len(set(offered)) < len(offered):
        raise Refused(f"第{number}题的选项应当有2到{most('choices')}个，一行一个，不能相同。")
    return {**found, "choices": offered}


def checked_answers(questions: Sequence[Question], said: Answers) -> dict[str, Any]:
    """The answers as they are kept, without those that are empty; :class:`Refused` for one that is missing or cannot be."""
    found: dict[str, Any] = {}
    for number, question in enumerate(questions, start=1):
        answer = _answer(question, said.get(str(number)))
        if answer is None and question["is_required"]:
            raise Refused(f"第{number}题没有回答。")
        if answer is not None:
            found[str(number)] = answer
    if not found:
        raise Refused("一题都没有回答。")
    return found


def _answer(question: Question, said: Any) -> Any:
    """One answer, ``None`` where there is none."""
    if said in (None, "", []):
        return None
    if question["kind"] == TEXT:
        text = lines(str(said), "answer")
        return text if len(str(said)) <= longest("answer") and text else _cannot() if text else None
    allowed = POINTS if question["kind"] == SCALE else range(1, len(question["choices"]) + 1)
    many = [_number(one) for one in (said if isinstance(said, (list, tuple)) else [said])]
    if any(one not in allowed for one in many) or (question["kind"] != MULTIPLE and len(many) > 1):
        return _cannot()
    return sorted(set(many)) if question["kind"] == MULTIPLE else many[0]


def _number(said: Any) -> int:
    return int(said) if str(said).isascii() and str(said).isdecimal() and len(str(said)) < 4 else 0


def _cannot() -> Any:
    raise Refused("回答里有不能选的内容，请刷新页面后重新填写。")


@dataclass(frozen=True, slots=True)
class Counted:
    """One question with what was answered: how many answered it, each choice with how many chose it, and the texts.

    ``mean`` are the points on average, to one decimal, ``None`` for other kinds and where nobody answered.
    """

    question: Question
    n: int
    rows: tuple[tuple[str, int, int], ...]
    mean: str | None
    texts: tuple[str, ...]


def count(questions: Sequence[Question], sheets: Iterable[Answers]) -> list[Counted]:
    """Each question with its figures; shares are whole percent of those who answered it."""
    tallies: list[Counter[int]] = [Counter() for _ in questions]
    answered, texts = [0] * len(questions), [list[str]() for _ in questions]
    for sheet in sheets:
        for at, question in enumerate(questions):
            answer = sheet.get(str(at + 1))
            if answer is None:
                continue
            answered[at] += 1
            if question["kind"] == TEXT:
                texts[at].append(answer)
            else:
                tallies[at].update(answer if isinstance(answer, list) else [answer])
    return [_counted(question, answered[at], tallies[at], texts[at]) for at, question in enumerate(questions)]


def _counted(question: Question, n: int, tally: Counter[int], texts: list[str]) -> Counted:
    names = [f"{point}分" for point in POINTS] if question["kind"] == SCALE else question.get("choices", ())
    rows = tuple((name, tally[at], round(100 * tally[at] / n) if n else 0) for at, name in enumerate(names, start=1))
    mean = f"{sum(point * times for point, times in tally.items()) / n:.1f}" if question["kind"] == SCALE and n else None
    return Counted(question, n, rows, mean, tuple(texts))
