"""What templates of the office ask of calls for opinions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext

from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.questionnaires.queries import Survey
from gongkai.web.disclosure.soliciting.models import DRAFT, SUMMARY
from gongkai.web.disclosure.soliciting.periods import matter_of, source_of
from gongkai.web.disclosure.soliciting.queries import Call, call_of_item
from gongkai.web.disclosure.soliciting.values import choices
from gongkai.web.settings import moment

register = template.Library()


@register.inclusion_tag("office/soliciting/part_item.html", takes_context=True)
def call_place(context: Mapping[str, Any], item: Any) -> dict[str, Any]:
    """The call for opinions that an item belongs to, or that it could begin; nothing is asked for other kinds."""
    if item.kind not in (DRAFT, SUMMARY):
        return {"item": None}
    person, today = context["user"], moment.today()
    return {
        "item": item,
        "call": call_of_item(item.pk, today),
        "is_draft": item.kind == DRAFT,
        "is_public": bool(item.published_on),
        "may_open": may(person, "solicit.open", item.agency, today),
        "may_view": may(person, "solicit.view", item.agency, today),
    }


@register.filter
def state_words(call: Call) -> str:
    """How a call stands, in words."""
    return gettext("草案已撤回") if call.state == "gone" else gettext(choices("states")[call.state])


@register.filter
def state_mark(call: Call | Survey) -> str:
    """The mark of that state, which the stylesheet knows."""
    return {"open": "busy", "ended": "alert", "answered": "done", "gone": "ended"}.get(call.state, "plain")


@register.filter
def matter_words(call: Call) -> str:
    """What a call is about, in words."""
    limit = matter_of(call.row.matter, call.row.from_on)
    return limit.matter if limit else call.row.matter


@register.filter
def source_words(call: Call) -> str:
    """What the shortest time of a call rests on."""
    return source_of(call.counting.limit)


@register.filter
def survey_words(survey: Survey) -> str:
    """How a questionnaire stands, in words."""
    told = {"coming": gettext("即将开始"), "open": gettext("正在填写"), "ended": gettext("已截止"), "answered": gettext("已公布结果")}
    return told[survey.state]
