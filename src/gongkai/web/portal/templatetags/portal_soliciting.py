"""What the public pages show of calls for opinions, questionnaires and special topics beside other things."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Q
from django.utils.translation import gettext

from gongkai.web.disclosure.about.models import SpecialTopic
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.public.models import TopicPlace
from gongkai.web.disclosure.questionnaires.queries import n_open as n_surveys
from gongkai.web.disclosure.soliciting.models import DRAFT, SUMMARY
from gongkai.web.disclosure.soliciting.periods import matter_of, source_of
from gongkai.web.disclosure.soliciting.queries import Call, call_of_item, n_open, public_calls
from gongkai.web.disclosure.soliciting.values import choices
from gongkai.web.settings import moment

register = template.Library()
HOME_ROWS = 4


@register.inclusion_tag("portal/parts/solicitations.html")
def open_calls() -> dict[str, Any]:
    """What the public is asked about now, for the home page."""
    on = moment.today()
    return {"rows": public_calls(on, state="open", size=HOME_ROWS).rows, "n_open": n_open(on), "n_surveys": n_surveys(on)}


@register.inclusion_tag("portal/parts/topics.html")
def open_topics() -> dict[str, Any]:
    """The newest special topics that are open, for the home page."""
    on = moment.today()
    rows = SpecialTopic.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), from_on__lte=on).order_by("-from_on", "name")
    return {"topics": list(rows[:HOME_ROWS])}


@register.inclusion_tag("portal/parts/item_call.html")
def call_on(publication: Publication) -> dict[str, Any]:
    """The call for opinions that a published item belongs to, as the draft or as what became of the opinions."""
    if publication.kind not in (DRAFT, SUMMARY):
        return {"call": None}
    call = call_of_item(publication.item_id, moment.today())
    return {"call": call if call is not None and call.draft is not None else None, "is_draft": publication.kind == DRAFT}


@register.simple_tag
def topics_of(publication: Publication) -> list[Any]:
    """The special topics that a publication stands under."""
    if not publication.revision.content.get("special_topics"):
        return []
    return [row.topic for row in TopicPlace.objects.filter(publication=publication).select_related("topic").order_by("pk")]


@register.filter
def call_state(state: str) -> str:
    """How a call stands, in words."""
    return gettext(choices("states").get(state, state))


@register.filter
def call_matter(call: Call) -> str:
    """What a call is about, in words."""
    limit = matter_of(call.row.matter, call.row.from_on)
    return limit.matter if limit else call.row.matter


@register.filter
def call_length(call: Call) -> str:
    """How long a call must be open at least, and what that rests on."""
    limit = call.counting.limit
    return f"{limit.words}（{source_of(limit)}）"


@register.filter
def survey_state(state: str) -> str:
    """How a questionnaire stands, in words."""
    told = {"coming": gettext("即将开始"), "open": gettext("正在填写"), "ended": gettext("已截止"), "answered": gettext("已公布结果")}
    return told.get(state, state)
