"""What templates say in words: codes in Chinese (or the viewer's language), due days, and what the viewer may do."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django import template
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from gongkai.clock import Workdays
from gongkai.law import LawMissing
from gongkai.timeliness import publish_by
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import actions, may, post_kinds
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.screening import ItemHit
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review.stages import stages
from gongkai.web.settings import moment

register = template.Library()

# A due day this many days away or fewer is shown as near.
NEAR_DAYS = 7


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    table: Mapping[str, Mapping[str, str]] = yaml.safe_load((Path(__file__).parent.parent / "words.yaml").read_text(encoding="utf-8"))
    return table


@cache
def _workdays() -> Workdays:
    return Workdays()


@register.filter
def word(code: str, name: str) -> str:
    """The word of ``code`` in the list ``name``: ``kinds``, ``channels``, ``attributes``, ``stages`` or ``duties``; an unknown code as it is."""
    match name:
        case "stages":
            known = {key: stage.title for key, stage in stages().items()}
        case "duties":
            known = {key: duty.title for key, duty in post_kinds().items()}
        case _:
            known = dict(words(name))
    return gettext(known[code]) if code in known else code


@register.filter
def mark(state: str) -> str:
    """The mark of an item's state, which the stylesheet knows."""
    return _table()["marks"].get(state, "plain")


@register.filter
def act(entry: LedgerEntry) -> str:
    """What an entry of the ledger says was done."""
    outcomes, facts = _table()["outcomes"], entry.facts
    stage = next((stage for stage in stages().values() if stage.action == entry.action), None)
    if stage is not None:
        return f"{gettext(stage.title)}{gettext('：')}{gettext(outcomes['passed' if facts.get('passed') else 'returned'])}"
    if "replaces" in facts:
        return gettext(outcomes["replaced"])
    told = gettext(_table()["actions"].get(entry.action, entry.action))
    return f"{told}{gettext('：')}{word(facts['channel'], 'channels')}" if "delivery" in facts else told


@register.filter
def item_number(entry: LedgerEntry) -> int | None:
    """The number of the item that an entry is about, itself or through its review; ``None`` for anything else."""
    subject = str(entry.facts.get("subject", f"{entry.object_kind}:{entry.object_id}"))
    kind, _, number = subject.partition(":")
    return int(number) if kind == "disclosure.item" and number.isdecimal() else None


@register.filter
def still_open(hits: Iterable[ItemHit]) -> list[ItemHit]:
    """What screening found and nobody masked, mended or answered yet."""
    return [hit for hit in hits if hit.is_open]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day to publish, how many days are left (negative when past) and how the day was counted.

    ``urgency`` is ``past``, ``near`` or ``far``; ``is_provisional`` as in :class:`gongkai.timeliness.DueDay`.
    """

    day: datetime.date
    left: int
    urgency: str
    is_provisional: bool
    derivation: tuple[str, ...]

    @property
    def over(self) -> int:
        """By how many days the day is past."""
        return -self.left


@register.simple_tag
def deadline(formed_on: datetime.date | str | None, done_on: datetime.date | None = None) -> Deadline | None:
    """By which day something formed that day must be published, seen from ``done_on`` or today; ``None`` where no law is loaded for it."""
    if isinstance(formed_on, str):
        formed_on = datetime.date.fromisoformat(formed_on) if formed_on else None
    if formed_on is None:
        return None
    try:
        due = publish_by(formed_on=formed_on, table=_workdays())
    except LawMissing:
        return None
    left = (due.day - (done_on or moment.today())).days
    urgency = "past" if left < 0 else "near" if left <= NEAR_DAYS else "far"
    return Deadline(due.day, left, urgency, due.provisional, due.derivation)


@register.simple_tag(takes_context=True)
def may_do(context: Mapping[str, Any], action: str, agency: Agency | None = None) -> bool:
    """Whether the viewer may do that action in that organ, or by any post held today when no organ is given."""
    person = context.get("user")
    if person is None or not person.is_authenticated:
        return False
    if agency is not None:
        return may(person, action, agency, moment.today())
    return person.is_active and any(post.duty in actions()[action] for post in context.get("posts", ()))


@register.filter
def control(field: BoundField) -> SafeString:
    """A field's control with the class its kind needs; Django adds the ids of help and error itself."""
    known = {"textarea": "textarea", "select": "", "checkbox": "", "checkboxselectmultiple": "", "radioselect": ""}
    return field.as_widget(attrs={"class": known.get(field.widget_type, "input"), "placeholder": ""})


@register.filter
def help_words(field: BoundField) -> str | Promise:
    """A field's help in the viewer's language; what a library translates by itself, markup and all, stays as it is."""
    text: str | Promise = field.help_text
    return text if isinstance(text, Promise) or not text else gettext(text)
