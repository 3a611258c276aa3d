"""Every write about suggestions to publish: one comes in, it is answered, and what was promised is shown to be public."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.db import transaction
from django.db.models import Q

from gongkai.errors import Refused
from gongkai.law import LawMissing
from gongkai.law.attributes import exemption
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.public.lists import Narrowing, public
from gongkai.web.disclosure.screening import demand_presentable
from gongkai.web.disclosure.suggesting import callers
from gongkai.web.disclosure.suggesting.models import Suggestion, SuggestionAnswer, SuggestionKept
from gongkai.web.disclosure.suggesting.queries import columns_of
from gongkai.web.disclosure.suggesting.values import line, most, outcomes
from gongkai.web.disclosure.watch.callers import new_code
from gongkai.web.ledger.acts import Act, action, append
from gongkai.web.ledger.digest import digest_of, sm3
from gongkai.web.ledger.seals import sealing
from gongkai.web.review.actions import next_number
from gongkai.web.settings import moment

SERIES = "suggestion"
_PAGE_OF_ITEM = re.compile(r"/d/([^/?#]+)")


class TooMany(Refused):
    """An address sent more suggestions than a person does, or an organ got more in a day than anybody could read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A suggestion as it was sent. All but what is wanted may be empty."""

    wanted: str
    column: str = ""
    reason: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it was written. ``item`` is an index number or an address; what its outcome does not ask for is not looked at."""

    outcome: str
    words: str = ""
    item: str = ""
    organ: Agency | None = None
    ground: str = ""


def _of_suggestion(suggestion: Suggestion, **_: Any) -> Agency:
    return suggestion.agency


def _of_answer(answer: SuggestionAnswer, **_: Any) -> Agency:
    return answer.suggestion.agency


def suggest(*, agency: Agency, wish: Wish, address: str) -> tuple[Suggestion, str]:
    """What somebody of the public suggests, who has no account; gives the suggestion and the code with which the answer can be read.

    The contact is sealed; the address is kept only as a mark that changes every day, to count by.
    """
    wanted, on, code = line(wish.wanted, "wanted"), moment.today(), new_code()
    if not wanted:
        raise Refused("请写明建议公开什么。")
    if wish.column and wish.column not in dict(columns_of(agency)):
        raise Refused("这个机关没有所选的栏目，请重新选择，或者不选。")
    mark = callers.mark_of(address, on)
    with transaction.atomic(), sealing():
        # The lock lets suggestions to one organ come one after another, so that each counts those before.
        agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        _demand_few(mark, agency, on)
        number = f"J{on.year}-{agency.pk}-{next_number(agency=agency, series=SERIES, year=on.year):04d}"
        row = Suggestion(
            agency=agency, number=number, code_digest=sm3(f"{number}:{code}".encode()), wanted=wanted, column=wish.column,
            reason=line(wish.reason, "reason"), contact=callers.sealed_contact(number, line(wish.contact, "contact")),
            address_mark=mark, received_on=on, received_at=moment.now(),
        )  # fmt: skip
        row.entry = append(
            agency=agency, person=None, thing=agency, occurred_on=on,
            marks={"action": "suggest.received", "duty": "", "after": digest_of(row.content()), "facts": {"suggestion": number}},
        )  # fmt: skip
        row.save(force_insert=True)
    return row, code


def _demand_few(mark: str, agency: Agency, on: datetime.date) -> None:
    of_day = Suggestion.objects.filter(received_on=on)
    to_organ, own = of_day.filter(agency=agency), of_day.filter(address_mark=mark)
    if own.filter(agency=agency).count() >= most("of_address_to_organ") or own.count() >= most("of_address"):
        raise TooMany("今天从您这里提交的建议已经很多，请明天再提交，或者打电话告诉公开工作机构。")
    if to_organ.count() >= most("to_organ"):
        raise TooMany("这个机关今天收到的建议已经很多，请明天再提交，或者打电话告诉公开工作机构。")


@action("suggest.answer", agency=_of_suggestion)
def answer(act: Act, *, suggestion: Suggestion, reply: Reply) -> SuggestionAnswer:
    """Tell the public what becomes of a suggestion."""
    row = Suggestion.objects.select_for_update(of=("self",)).select_related("agency").get(pk=suggestion.pk)
    if SuggestionAnswer.objects.filter(suggestion=row).exists():
        raise Refused("这件建议已经答复，请刷新页面。")
    if reply.outcome not in outcomes():
        raise Refused("请选择怎样答复。")
    words = line(reply.words, "words")
    if reply.outcome in ("will", "not") and not words:
        raise Refused("请写明答复：纳入的写公开什么、大约什么时候，不纳入的写理由。提出的人看得到。")
    demand_presentable(row.agency, act.on, {"答复": words})
    made = SuggestionAnswer(
        suggestion=row, outcome=reply.outcome, words=words, answered_on=act.on, **_named(row.agency, reply)
    )  # fmt: skip
    facts = {"suggestion": row.number, "outcome": reply.outcome}
    made.entry = act.record(row, change=(None, made.content()), reason=words[:500], facts=facts)
    made.save(force_insert=True)
    return made


def _named(agency: Agency, reply: Reply) -> dict[str, Any]:
    """What the answer names, by its outcome."""
    if reply.outcome == "already":
        return {"publication": _public_item(agency, reply.item)}
    if reply.outcome == "elsewhere":
        organ = reply.organ
        if organ is None or organ.pk == agency.pk or organ.county_path != agency.county_path:
            raise Refused("请选择属于哪个机关。本平台上没有那个机关的，选“不纳入主动公开”，在答复里写明应当找谁。")
        return {"organ": organ}
    if reply.outcome == "not" and reply.ground:
        try:
            exemption(reply.ground)
        except LawMissing as error:
            raise Refused("没有所选的不予公开情形，请重新选择，或者不选。") from error
        return {"ground": reply.ground}
    return {}


@action("suggest.keep", agency=_of_answer)
def keep(act: Act, *, answer: SuggestionAnswer, item: str) -> SuggestionKept:
    """Show the public by which item a promise was kept."""
    row = SuggestionAnswer.objects.select_for_update(of=("self",)).select_related("suggestion__agency").get(pk=answer.pk)
    if row.outcome != "will":
        raise Refused("只有答复为“纳入主动公开”的建议才登记公开的信息。")
    if SuggestionKept.objects.filter(answer=row).exists():
        raise Refused("这件建议已经登记公开的信息，请刷新页面。")
    made = SuggestionKept(answer=row, publication=_public_item(row.suggestion.agency, item), kept_on=act.on)
    facts = {"suggestion": row.suggestion.number, "publication": made.publication.pk}
    made.entry = act.record(row.suggestion, revision=made.publication.revision.digest, change=(None, made.content()), facts=facts)
    made.save(force_insert=True)
    return made


def _public_item(agency: Agency, said: str) -> Publication:
    """What the organ has public under that index number or address, locked; :class:`Refused` for what is not."""
    said = said.strip()[:300]
    if not said:
        raise Refused("请填写公开的信息的索引号，或者它的网页地址。")
    found = _PAGE_OF_ITEM.search(said)
    name = Q(item__slug=unquote(found[1])) if found else Q(item__index_number=said) | Q(item__slug=said)
    rows = public(Narrowing(agencies=[agency.pk])).filter(name).select_related("revision").select_for_update(of=("self",))
    row = rows.first()
    if row is None:
        own = Item.objects.filter(agency=agency).filter(Q(slug=unquote(found[1])) if found else Q(index_number=said) | Q(slug=said))
        raise Refused(
            "这条信息现在没有公开：还没有发布，或者已经撤回。请换一条，或者发布以后再登记。" if own.exists()
            else "本机关没有这个索引号或者网页地址的信息，请核对后再填。"
        )  # fmt: skip
    return row
