"""What templates say in words: codes in Chinese (or the viewer's language), due days, and what the viewer may do."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import yaml
from django import template
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import actions, may, post_kinds
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.screening import ItemHit
from gongkai.web.disclosure.watch.timing import Deadline, deadline_of, due_of, of_facts, timed
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review.stages import stages
from gongkai.web.settings import moment

register = template.Library()

_OPTION = re.compile(r"<option(?P<attributes>[^>]*)>(?P<words>[^<]+)</option>")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    table: Mapping[str, Mapping[str, str]] = yaml.safe_load((Path(__file__).parent.parent / "words.yaml").read_text(encoding="utf-8"))
    return table


@register.filter
def word(code: str, name: str) -> str:
    """The word of ``code`` in the list ``name``: ``kinds``, ``channels``, ``attributes``, ``stages`` or ``duties``; an unknown code as it is."""
    match name:
        case "stages":
            known = {key: stage.title for key, stage in stages().items()}
        case "duties":
            known = {key: duty.title for key, duty in post_kinds().items()} | dict(_table()["duties"])
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
        outcome = gettext(outcomes["passed" if facts.get("passed") else "returned"])
        back = word(facts["returned_to"], "stages") if facts.get("returned_to") else ""
        return f"{gettext(stage.title)}{gettext('：')}{outcome}{f' → {back}' if back else ''}"
    if "replaces" in facts:
        return gettext(outcomes["replaced"])
    if "scheduled" in facts and ("failed" in facts or "cancelled" in facts):
        return gettext(outcomes["schedule_failed" if "failed" in facts else "schedule_cancelled"])
    told = gettext(_table()["actions"].get(entry.action, entry.action))
    return f"{told}{gettext('：')}{word(facts['channel'], 'channels')}" if "delivery" in facts else told


@register.filter
def act_words(name: str) -> str:
    """The act that an action of the permission table is."""
    stage = next((stage for stage in stages().values() if stage.action == name), None)
    return gettext(stage.title if stage else _table()["actions"].get(name, name))


@register.filter
def fact_words(name: str) -> str:
    """What a fact of an entry is called; an unknown one as it is."""
    return gettext(_table()["facts"].get(name, name))


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


@register.simple_tag
def deadline(thing: Any, done_on: datetime.date | None = None) -> Deadline | None:
    """By which day an item, or what a review run is about, must be public, and how that stands; ``None`` where no law is loaded for it.

    A day alone has the general limit. ``done_on`` is the day on which it was published; an item that came with its state knows.
    """
    if thing is None or isinstance(thing, str | datetime.date):
        return deadline_of(of_facts("", "", thing, "", None, None, None), done_on)
    return due_of(thing) if done_on is None and hasattr(thing, "published_on") else deadline_of(timed(thing), done_on)


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
    made = field.as_widget(attrs={"class": known.get(field.widget_type, "input"), "placeholder": ""})
    return mark_safe(_OPTION.sub(_told, made)) if _is_foreign() else made  # noqa: S308 - Django's own markup


@register.filter
def choice_words(words: str) -> str:
    """The words beside a box to tick, in the viewer's language; data is marked, as in the options of a list."""
    told = gettext(words)
    is_marked = _is_foreign() and _CHINESE.search(told)
    return format_html('<span lang="zh-Hans">{}</span>', told) if is_marked else told


def _is_foreign() -> bool:
    """Whether the viewer reads another language than Chinese."""
    return not (get_language() or "zh").startswith("zh")


def _told(option: re.Match[str]) -> str:
    """An option in the viewer's language; what no catalogue knows is data, and is marked as Chinese for whoever has it read aloud."""
    words = gettext(unescape(option["words"]))
    marked = ' lang="zh-Hans"' if _CHINESE.search(words) else ""
    return f"<option{option['attributes']}{marked}>{escape(words)}</option>"


@register.filter
def help_words(field: BoundField) -> str | Promise:
    """A field's help in the viewer's language; what a library translates by itself, markup and all, stays as it is."""
    text: str | Promise = field.help_text
    return text if isinstance(text, Promise) or not text else gettext(text)
