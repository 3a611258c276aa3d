"""Every write about opinions of the public: the call for them, each opinion, which of them do not count, and the summary's draft."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.html import escape

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure import actions as items
from gongkai.web.disclosure.content import Content
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.public.lists import public
from gongkai.web.disclosure.screening import demand_presentable
from gongkai.web.disclosure.soliciting import callers
from gongkai.web.disclosure.soliciting.models import DRAFT, SUMMARY, Aside, Opinion, OpinionSummary, Solicitation
from gongkai.web.disclosure.soliciting.periods import demand_long_enough, earliest_end, matter_of
from gongkai.web.disclosure.soliciting.queries import counted, standing_of
from gongkai.web.disclosure.soliciting.values import SITE, choices, line, lines, most
from gongkai.web.disclosure.watch.callers import new_code
from gongkai.web.ledger.acts import Act, action, append
from gongkai.web.ledger.digest import digest_of, sm3
from gongkai.web.ledger.seals import sealing
from gongkai.web.review.actions import next_number
from gongkai.web.settings import moment

SERIES = "opinion"


class TooMany(Refused):
    """An address sent more opinions than a person does, or a draft got more in a day than anybody could."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """About which matter opinions are asked, and from when until when: from today, and as long as the law has it, where it is not said."""

    matter: str
    from_on: datetime.date | None = None
    until_on: datetime.date | None = None
    shortened: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How opinions may be sent beside the site; empty where they may not."""

    postal: str = ""
    phone: str = ""
    email: str = ""

    def tidy(self) -> dict[str, str]:
        """The same on one line each; :class:`Refused` for what is too long or no address."""
        said = {name: " ".join(getattr(self, name).split()) for name in ("postal", "phone", "email")}
        if any(len(said[name]) > size for name, size in (("postal", 200), ("phone", 60), ("email", 100))):
            raise Refused("来信地址不超过200个字，电话不超过60个字，电子邮箱不超过100个字。")
        if said["email"]:
            try:
                validate_email(said["email"])
            except ValidationError as error:
                raise Refused("电子邮箱的格式不对，例如 zhengji@example.gov.cn。") from error
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An opinion as it was sent. Name and contact may be empty."""

    text: str
    name: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a summary: what was said, in the organ's words, in how many opinions, what became of it, and why."""

    said: str
    n: int
    fate: str
    why: str


def _of_item(item: Item, **_: Any) -> Agency:
    return item.agency


def _of_solicitation(solicitation: Solicitation, **_: Any) -> Agency:
    return solicitation.item.agency


def _of_opinion(opinion: Opinion, **_: Any) -> Agency:
    return opinion.solicitation.item.agency


@action("solicit.open", agency=_of_item)
def solicit(act: Act, *, item: Item, terms: Terms, ways: Ways | None = None) -> Solicitation:
    """Ask the public for opinions on a published draft. Without a last day as long as the law has it."""
    item = Item.objects.select_for_update(of=("self",)).select_related("agency").get(pk=item.pk)
    begins, reason, said = terms.from_on or act.on, line(terms.shortened, "reason"), (ways or Ways()).tidy()
    publication = public().filter(item=item).first()
    if publication is None or publication.kind != DRAFT:
        raise Refused("只能对已经在网站公开、类别是“意见征集”的信息征集意见。请先把草案和说明按程序审查、发布。")
    if Solicitation.objects.filter(item=item).exists():
        raise Refused("这条信息已经征集过意见。再次征集请另发一条新的草案。")
    if matter_of(terms.matter, begins) is None:
        raise Refused("请选择征集的是哪一类事项。")
    if begins < act.on:
        raise Refused("起始日期不能早于今天：公众要从起始日期起就能提意见。")
    ends = terms.until_on or earliest_end(terms.matter, begins).day
    demand_long_enough(terms.matter, begins, ends, reason)
    demand_presentable(
        item.agency, act.on, {"缩短期限的理由": reason, "来信地址": said["postal"], "电话": said["phone"], "电子邮箱": said["email"]}
    )
    row = Solicitation(item=item, publication=publication, matter=terms.matter, from_on=begins, until_on=ends, shortened=reason, **said)
    facts = {"matter": terms.matter, "from": begins.isoformat(), "until": ends.isoformat()}
    row.entry = act.record(item, revision=publication.revision.digest, change=(None, row.content()), reason=reason, facts=facts)
    row.save(force_insert=True)
    return row


def send_opinion(*, solicitation: Solicitation, sent: Sent, address: str) -> tuple[Opinion, str]:
    """What somebody of the public sends, who has no account; gives the opinion and the code with which he sees what becomes of it.

    Name and contact are sealed; the address is kept only as a mark that changes every day, to count by.
    """
    text, on, code = _demand_text(sent.text), moment.today(), new_code()
    mark = callers.mark_of(address, on)
    with transaction.atomic(), sealing():
        agency = _locked(solicitation)
        if standing_of(solicitation, on).state != "open":
            raise Refused("现在不在征集意见的期限内，没有收下。")
        _demand_few(mark, solicitation, on)
        row = _opinion(agency, solicitation, sent, text, SITE, on)
        row.code_digest, row.address_mark = sm3(f"{row.number}:{code}".encode()), mark
        row.entry = append(
            agency=agency, person=None, thing=solicitation.item, occurred_on=on,
            marks={"action": "solicit.received", "duty": "", "after": digest_of(row.content()), "facts": _facts(row)},
        )  # fmt: skip
        row.save(force_insert=True)
    return row, code


@action("solicit.enter_opinion", agency=_of_solicitation)
def enter_opinion(act: Act, *, solicitation: Solicitation, sent: Sent, channel: str, received_on: datetime.date | None = None) -> Opinion:
    """Enter an opinion that came by post, telephone, mail or at a meeting."""
    agency, text, day = _locked(solicitation), _demand_text(sent.text), received_on or act.on
    if channel not in choices("channels") or channel == SITE:
        raise Refused("请选择意见是怎样收到的。网站上的意见由系统记下，不能代为填写。")
    if not solicitation.from_on <= day <= min(solicitation.until_on, act.on):
        raise Refused(f"收到日期应当在征集期限（{solicitation.from_on}至{solicitation.until_on}）内，并且不晚于今天。")
    row = _opinion(agency, solicitation, sent, text, channel, day)
    row.entry = act.record(solicitation.item, change=(None, row.content()), facts=_facts(row))
    row.save(force_insert=True)
    return row


def _locked(solicitation: Solicitation) -> Agency:
    """The organ, locked, so that opinions come one after another and each counts those before."""
    agency: Agency = Agency.objects.select_for_update(no_key=True).get(pk=solicitation.item.agency_id)
    return agency


def _demand_text(said: str) -> str:
    text = lines(said, "text")
    if not text:
        raise Refused("请写明意见或者建议。")
    return text


def _opinion(agency: Agency, solicitation: Solicitation, sent: Sent, text: str, channel: str, on: datetime.date) -> Opinion:
    now = moment.now()
    number = f"Y{now.astimezone(moment.ZONE).year}-{agency.pk}-{next_number(agency=agency, series=SERIES, year=on.year):05d}"
    return Opinion(
        solicitation=solicitation, number=number, channel=channel, text=text, received_on=on, received_at=now,
        name=callers.sealed(line(sent.name, "name"), callers.NAME, number),
        contact=callers.sealed(line(sent.contact, "contact"), callers.CONTACT, number),
    )  # fmt: skip


def _facts(opinion: Opinion) -> dict[str, Any]:
    return {"opinion": opinion.number, "by": opinion.channel}


def _demand_few(mark: str, solicitation: Solicitation, on: datetime.date) -> None:
    of_day = Opinion.objects.filter(received_on=on, channel=SITE)
    on_one, own = of_day.filter(solicitation=solicitation), of_day.filter(address_mark=mark)
    if own.filter(solicitation=solicitation).count() >= most("of_address_on_one") or own.count() >= most("of_address"):
        raise TooMany("今天从您这里提交的意见已经很多，请明天再提交，或者用其他方式提出。")
    if on_one.count() >= most("on_one"):
        raise TooMany("这个草案今天收到的意见已经很多，请明天再提交，或者用其他方式提出。")


@action("solicit.set_aside", agency=_of_opinion)
def set_aside(act: Act, *, opinion: Opinion, why: str, reason: str) -> Aside:
    """Leave an opinion out of the count, as sent twice or not about this draft. It stays to be read."""
    opinion = _locked_opinion(opinion)
    if why not in choices("asides"):
        raise Refused("请选择为什么不计入：重复提交，或者与这个草案无关。")
    said = line(reason, "reason")
    if not said:
        raise Refused("请写明理由，例如与哪一件重复。")
    if opinion.asides.filter(ended_by__isnull=True).exists():
        raise Refused("这件意见已经不计入，请刷新页面。")
    row = Aside(opinion=opinion, why=why, reason=said)
    facts = {"opinion": opinion.number, "why": why}
    row.entry = act.record(opinion.solicitation.item, change=(None, row.content()), reason=said, facts=facts)
    row.save(force_insert=True)
    return row


@action("solicit.count_again", agency=_of_opinion)
def count_again(act: Act, *, opinion: Opinion, reason: str) -> Opinion:
    """Count an opinion again that was left out by mistake."""
    opinion = _locked_opinion(opinion)
    row = opinion.asides.filter(ended_by__isnull=True).first()
    if row is None:
        raise Refused("这件意见本来就计入，请刷新页面。")
    said = line(reason, "reason")
    if not said:
        raise Refused("请写明为什么重新计入。")
    row.ended_by = act.record(opinion.solicitation.item, change=(row.content(), None), reason=said, facts={"opinion": opinion.number})
    row.save(update_fields=["ended_by"])
    return opinion


def _locked_opinion(opinion: Opinion) -> Opinion:
    return Opinion.objects.select_for_update(of=("self",)).select_related("solicitation__item__agency").get(pk=opinion.pk)


@action("solicit.summarize", agency=_of_solicitation)
def summarize(act: Act, *, solicitation: Solicitation, column: str, points: Sequence[Point] = (), opening: str = "") -> OpinionSummary:
    """Begin the item that tells what became of the opinions, after the end. It goes through the ordinary reviews to be published."""
    _locked(solicitation)
    if act.on <= solicitation.until_on:
        raise Refused(f"征集到{solicitation.until_on}截止，截止以后再写采纳情况。")
    if solicitation.summaries.filter(item__is_discarded=False).exists():
        raise Refused("已经起草过采纳情况，请在那条信息上修改。")
    n_counted = counted(solicitation).count()
    found = [_checked(point, number, n_counted) for number, point in enumerate(points, start=1)]
    if len(found) > most("points"):
        raise Refused(f"一次最多写{most('points')}条，其余的在信息的正文里补充。")
    if n_counted and not found:
        raise Refused("收到了意见，请至少写一条：提了什么、有多少件、采纳还是不采纳、理由是什么。")
    draft = public().filter(item=solicitation.item_id).select_related("revision").first()
    title = (draft or solicitation.publication).revision.content["title"]
    content = Content(
        title=f"{title}意见采纳情况"[:200], body=_body(solicitation, n_counted, found, opening), kind=SUMMARY, column=column, formed_on=act.on,
    )  # fmt: skip
    item = items.draft(person=act.person, on=act.on, agency=solicitation.item.agency, content=content)
    row = OpinionSummary(solicitation=solicitation, item=item, revision=item.current, n_counted=n_counted)
    facts = {"summary": item.pk, "counted": n_counted}
    row.entry = act.record(solicitation.item, revision=item.current.digest, change=(None, row.content()), facts=facts)
    row.save(force_insert=True)
    return row


def _checked(point: Point, number: int, n_counted: int) -> Mapping[str, Any]:
    said, why = lines(point.said, "point"), lines(point.why, "point")
    if not said or not why or point.fate not in choices("fates"):
        raise Refused(f"第{number}条没有写全：要写提了什么、是否采纳和理由。")
    if not 1 <= point.n <= n_counted:
        raise Refused(f"第{number}条的件数不对：至少1件，不超过计入的{n_counted}件。")
    return {"said": said, "n": point.n, "fate": choices("fates")[point.fate], "why": why}


def _body(solicitation: Solicitation, n_counted: int, points: Sequence[Mapping[str, Any]], opening: str) -> str:
    """The words that the item begins with; whoever drafts it may change them before review."""
    days = f"{_day(solicitation.from_on)}至{_day(solicitation.until_on)}"
    told = f"{days}公开征求意见，共收到意见{n_counted}件。" if n_counted else f"{days}公开征求意见，没有收到意见。"
    parts = [f"<p>{told}</p>", *(f"<p>{escape(row)}</p>" for row in opening.splitlines() if row.strip())]
    if points:
        head = "".join(f'<th scope="col">{word}</th>' for word in ("意见", "件数", "采纳情况", "理由"))
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(str(point[name]))}</td>' for name in ('said', 'n', 'fate', 'why'))}</tr>" for point in points
        )
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    return "".join(parts)


def _day(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
