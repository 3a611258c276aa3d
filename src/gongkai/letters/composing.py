"""A letter's text from its fields: ``law/data/requests/templates.yaml`` says the sentences, the law what must stand in them.

A place that is a paragraph of its own takes a list, one line for each; elsewhere a list is told in one line.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from gongkai.errors import Refused
from gongkai.law.attributes import exemptions
from gongkai.law.citation import cite_all
from gongkai.law.requests.letters import Letter, abolished, articles, field_words, letter, missing, states, unnamed, unwanted
from gongkai.law.requests.outcomes import Outcome
from gongkai.law.requests.outcomes import outcome as outcome_on
from gongkai.law.requests.remedies import RemedyClass, paragraph, plain_remedy, remedy
from gongkai.law.store import load

Value = str | int | datetime.date | Sequence[str]

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_PLACE = re.compile(r"\{(\w+)\}")
# An officer's sentence ends as he likes; where the template goes on with a mark of its own, his last one is dropped.
_PLACE_AND_MARK = re.compile(r"\{(\w+)\}(?=([。；，]?))")
_LAST_MARKS = "。；，;. "
_NAME_WIDTH, _LARGEST, _SMALLEST = 470, 36, 12  # points: the rule's 170 mm, less a little


@dataclass(frozen=True, slots=True)
class Sender:
    """The organ (发文机关) that writes: its name, its contact line, and what its remedies tell.

    ``kind`` is its kind for :func:`gongkai.law.requests.remedy`, ``reconsiderers`` the name of each organ that reconsiders by its role,
    ``court`` the court, ``channel`` where reconsideration is filed through the internet, ``word`` what it calls itself in a sentence.
    """

    name: str
    kind: str
    contact: str
    reconsiderers: Mapping[str, str] = field(default_factory=dict)
    court: str = ""
    channel: str = ""
    word: str = "本机关"


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom the letter goes (主送对象): the name, and whether it is a person or an organization."""

    name: str
    kind: Literal["person", "organization"] = "person"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the organ decided: the outcome and the grounds chosen; ``signed`` is a class of remedy that a jurist of the organ signed for."""

    outcome: str | None = None
    grounds: tuple[str, ...] = ()
    signed: RemedyClass | None = None
    served_online: bool = False


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter as it stands on paper, in print order. A form has ``rows`` of name and content; what is to be filled in by hand is blank."""

    organ: str
    title: str
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    attachments: tuple[str, ...]
    signature: str
    dated_on: datetime.date
    contact: str
    notes: tuple[str, ...] = ()

    @property
    def date(self) -> str:
        """The day in Arabic numerals without leading zeros, as GB/T 9704 writes it."""
        return _day(self.dated_on)

    @property
    def name_size(self) -> int:
        """The size of the organ's name above the rule, in points: as large as one line allows."""
        return max(_SMALLEST, min(_LARGEST, _NAME_WIDTH // max(len(self.organ), 1)))

    @property
    def remarks(self) -> tuple[str, ...]:
        """The lines in brackets at the end (附注)."""
        told = (*self.notes, f"联系方式：{self.contact}" if self.contact else "")
        return tuple(f"（{line}）" for line in told if line)

    @property
    def plain(self) -> str:
        """The whole letter as plain text, one line each."""
        head = (self.organ, self.number, self.title, f"{self.addressee}：" if self.addressee else "")
        table = (f"{name}：{content}" for name, content in self.rows)
        lines = (*head, *self.paragraphs, *table, *attachment_lines(self.attachments), self.signature, self.date, *self.remarks)
        return "".join(f"{line}\n" for line in lines if line)


def compose(
    name: str, *, on: datetime.date, sender: Sender, to: Addressee | None, fields: Mapping[str, Value], decision: Decision | None = None
) -> LetterText:
    """The letter with that id on the day that it is dated, from the fields that are given; ``number`` is one of them once it has one.

    :class:`gongkai.errors.Refused` for a letter that lacks something, holds what must not stand in it, names no article that it must
    name, or names an abolished rule; for a remedy that cannot be told; and for grounds as :meth:`Outcome.chosen`. A form is printed with
    what it has. :class:`gongkai.law.LawMissing` for an unknown letter or outcome, :class:`ValueError` for an outcome that another letter tells.
    """
    told, decided = letter(name, on=on), decision or Decision()
    given = _given(told, sender, to, fields)
    lacking_words = lacking(name, on=on, sender=sender, to=to, fields=fields, decision=decision)
    _refuse(told, "必须有而没有填写", lacking_words if told.direction == "outgoing" else ())
    _refuse(told, "不能出现", unwanted(told, given=given))
    text = _letter(told, on, sender, to, (given, decided)) if told.direction == "outgoing" else _sheet(told, on, sender, given)
    _refuse(told, "应当写明而没有写明依据", unnamed(text.plain, _bases(told, on, decided)))
    hits = abolished(text.plain, on)
    if hits:
        words = "".join(f"写有“{hit.quote}”，{hit.says}，{hit.instead}。" for hit in hits)
        raise Refused(f"“{told.name}”不能签发：{words}", basis=hits[0].basis)
    return text


def lacking(
    name: str, *, on: datetime.date, sender: Sender, to: Addressee | None, fields: Mapping[str, Value], decision: Decision | None = None
) -> tuple[str, ...]:
    """What must still be given before the letter may be signed, in Chinese; nothing when it is complete. Errors as :func:`compose`."""
    told = letter(name, on=on)
    return missing(told, given=_given(told, sender, to, fields), outcome=_outcome(on, decision or Decision()))


def attachment_lines(attachments: Sequence[str]) -> tuple[str, ...]:
    """附件： and the names, numbered where there are several."""
    if len(attachments) < 2:
        return tuple(f"附件：{one}" for one in attachments)
    return tuple(f"{'附件：' if number == 1 else '　　　'}{number}.{one}" for number, one in enumerate(attachments, 1))


def _refuse(told: Letter, what: str, words: Sequence[str]) -> None:
    if words:
        raise Refused(f"“{told.name}”不能签发，{what}：{'、'.join(words)}。请修改后再签发。", basis=told.basis)


def _outcome(on: datetime.date, decided: Decision) -> Outcome | None:
    return outcome_on(decided.outcome, on=on) if decided.outcome else None


def _bases(told: Letter, on: datetime.date, decided: Decision) -> tuple[str, ...]:
    return articles(told, on=on, outcome=_outcome(on, decided), grounds=decided.grounds)


def _given(told: Letter, sender: Sender, to: Addressee | None, fields: Mapping[str, Value]) -> dict[str, Value]:
    """Every field that holds something; a name that no field has is a slip of the caller."""
    strange = sorted(set(fields) - set(field_words()))
    if strange:
        raise ValueError(f"no letter has the fields {strange}")
    head = {"organ": sender.name, "contact": sender.contact, "addressee": to.name if to else ""} if told.direction == "outgoing" else {}
    whole = {**fields, **head}
    cleaned = {name: _clean(value) for name, value in whole.items()}
    return {name: value for name, value in cleaned.items() if value not in ("", ())}


def _clean(value: Value) -> Value:
    """Without blanks at the ends; a lone full stop is nothing given."""
    if isinstance(value, int | datetime.date):
        return value
    if isinstance(value, str):
        return value.strip() if value.strip().strip(_LAST_MARKS) else ""
    return tuple(item.strip() for item in value if item.strip().strip(_LAST_MARKS))


def _letter(
    told: Letter, on: datetime.date, sender: Sender, to: Addressee | None, case: tuple[Mapping[str, Value], Decision]
) -> LetterText:
    data, (given, decided) = load("requests/templates"), case
    assert to is not None  # a letter without an addressee lacks one
    values: dict[str, Value] = {**given, "self": sender.word, "you": data["you"][to.kind], **_told(told, on, sender, decided)}
    values = {name: value for name, value in values.items() if value not in ("", ())}
    lines = (*_sequence(given.get("attachments")), *(letter(one, on=on).name for one in data["attached"].get(told.id, ())))
    return LetterText(
        organ=sender.name,
        title=_title(told),
        number=_text(given.get("number", "")),
        addressee=to.name.strip(),
        paragraphs=tuple(line for template in _templates(told, decided) for line in _filled(template, values)),
        rows=(),
        attachments=tuple(lines),
        signature=sender.name,
        dated_on=on,
        contact=sender.contact.strip(),
        notes=tuple(data["notes"].get(told.id, ())),
    )


def _sheet(told: Letter, on: datetime.date, sender: Sender, given: Mapping[str, Value]) -> LetterText:
    """A form: every field that it has, in order, with what is known."""
    rows = tuple((field_words()[name], _text(given.get(name, ""))) for name in told.fields)
    attachments = _sequence(given.get("attachments"))
    return LetterText(sender.name, _title(told), _text(given.get("number", "")), "", (), rows, attachments, "", on, "")


def _title(told: Letter) -> str:
    """The name of the letter; what stands in brackets tells letters of one name apart and is not printed."""
    return told.name.partition("（")[0]


def _told(told: Letter, on: datetime.date, sender: Sender, decided: Decision) -> dict[str, Value]:
    """What the law fills in: articles, grounds, sentences, remedy."""
    bases, found = _bases(told, on, decided), _outcome(on, decided)
    chosen = found.chosen(decided.grounds) if found else ()
    titles = {known.id: known.title for known in exemptions()}
    return {
        "bases": cite_all(bases) if bases else "",
        "grounds": "、".join(titles[one] if one in titles else outcome_on(one, on=on).words for one in chosen),
        "states": "".join(states(told, organ=sender.word, on=on)),
        "remedy": _remedy(told, on, sender, decided),
    }


def _remedy(told: Letter, on: datetime.date, sender: Sender, decided: Decision) -> str:
    if told.remedy == "none":
        return ""
    if decided.outcome:
        way = remedy(outcome=decided.outcome, organ=sender.kind, on=on, grounds=decided.grounds, signed=decided.signed)
    else:
        way = plain_remedy(organ=sender.kind, on=on, act=load("requests/templates")["act"].get(told.id))
    return paragraph(way, names=sender.reconsiderers, court=sender.court, served_online=decided.served_online, channel=sender.channel)


def _templates(told: Letter, decided: Decision) -> tuple[str, ...]:
    data: Mapping[str, Any] = load("requests/templates")
    if told.remedy != "by_outcome":
        return tuple(data["letters"][told.id])
    return (*data["reply"]["before"], *data["outcomes"][decided.outcome], *data["reply"]["after"])


def _filled(template: str, values: Mapping[str, Value]) -> tuple[str, ...]:
    """The paragraphs that a template gives: none where nothing of it stands, one a line of the officer's, one a member of a list."""
    while _OPTIONAL.search(template):
        template = _OPTIONAL.sub(lambda found: _standing(found[1], values), template)
    alone = _PLACE.fullmatch(template)
    if alone and not isinstance(values.get(alone[1], ""), str | int | datetime.date):
        items = _sequence(values[alone[1]])
        is_counted = len(items) > 1 and alone[1] in load("requests/templates")["numbered"]
        return tuple(f"{number}.{item}" for number, item in enumerate(items, 1)) if is_counted else items
    text = _PLACE_AND_MARK.sub(lambda found: _placed(found, values), template)
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _standing(part: str, values: Mapping[str, Value]) -> str:
    return part if all(name in values for name in _PLACE.findall(part)) else ""


def _placed(found: re.Match[str], values: Mapping[str, Value]) -> str:
    text = _text(values[found[1]])
    return text.rstrip(_LAST_MARKS) if found[2] else text


def _text(value: Value) -> str:
    if isinstance(value, datetime.date):
        return _day(value)
    return "；".join(item.rstrip(_LAST_MARKS) for item in value) if not isinstance(value, str | int) else str(value)


def _sequence(value: Value | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (_text(value),) if isinstance(value, str | int | datetime.date) else tuple(value)


def _day(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
