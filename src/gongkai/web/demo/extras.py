"""What the demo's year has besides plain items, told in extras.yaml: each a life of its own, and each does nothing the second time."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gongkai.web.agencies.models import Agency
from gongkai.web.demo.lives import Life, at, content_of, organ_of, passing, published, who
from gongkai.web.demo.texts import Text, plain_body, table
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.about.actions import link, open_topic
from gongkai.web.disclosure.about.consultations import answer_consultation, consult
from gongkai.web.disclosure.about.models import Consultation, Link, SpecialTopic
from gongkai.web.disclosure.joint.actions import add_joint_organ
from gongkai.web.disclosure.joint.models import JointOrgan
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.standing import catalogs
from gongkai.web.disclosure.standing.actions import file_under, forbid, stand
from gongkai.web.disclosure.standing.files import catalog_as_csv
from gongkai.web.disclosure.standing.models import CatalogRow, CatalogRun, NegativeTerm, Standing
from gongkai.web.disclosure.suggesting.actions import Reply, Wish, answer, keep, suggest
from gongkai.web.disclosure.suggesting.models import Suggestion, SuggestionAnswer, SuggestionKept
from gongkai.web.disclosure.watch.actions import answer_error, report_error
from gongkai.web.disclosure.watch.models import ErrorAnswer, ErrorReport
from gongkai.web.review.models import Run
from gongkai.web.settings import moment

# An address that documentation may use (RFC 5737).
PUBLIC = "192.0.2.10"


def extras() -> Iterator[Life]:
    """Every life; those about items wake after the items themselves were published."""
    told = table("extras")
    yield from (_topic(name, day) for name, day in told["topics"])
    yield from (_standing(_text(row, guide_body(organ_of(row[0])))) for row in told["guides"])
    yield from (_standing(_text(row, told["institution_text"])) for row in told["institutions"])
    yield from (_negative_list(), _catalog(), _filed(), _urgent(), _consulted(), _joint())
    yield from (_linked(*row) for row in told["links"])
    yield from (_error(row) for row in told["errors"])
    yield from (_suggested(row) for row in told["suggestions"])


def ask_today() -> None:
    """Drafts of today that wait until another organ has answered."""
    day = moment.today()
    for organ, title, kind, column, asked, question in table("extras")["asked_today"]:
        if _item(organ, title) is None:
            content = content_of(Text(organ, title, plain_body(title), kind, column, day, day))
            item = actions.draft(person=who(organ, "drafter"), on=day, agency=organ_of(organ), content=content)
            consult(person=who(organ, "drafter"), on=day, item=item, question=question, organ=organ_of(asked))


def guide_body(agency: Agency) -> str:
    """A guide that tells what Art 12 asks for, with the organ's own data."""
    contact = (
        ("名称", agency.office_name), ("办公地址", agency.address), ("办公时间", agency.hours), ("联系电话", agency.phone),
    )  # fmt: skip
    told = str(table("extras")["guide_text"]).format(site="本机关栏目、" if agency.has_site else "")
    return told + "".join(f"<p>{label}：{value}</p>" for label, value in contact)


def _text(row: list[Any], body: str = "", section: str = "") -> Text:
    organ, title, kind, column, formed_on, published_on = row
    return Text(organ, title, body or plain_body(title), kind, column, formed_on, published_on, section=section)


def _item(organ: str, title: str) -> Item | None:
    return Item.objects.filter(agency=organ_of(organ), title=title).first()


def _drafted(text: Text) -> Item:
    return actions.draft(person=who(text.organ, "drafter"), on=text.formed_on, agency=organ_of(text.organ), content=content_of(text))


def _topic(name: str, day: datetime.date) -> Life:
    county = organ_of("shifan")
    if not SpecialTopic.objects.filter(county=county, name=name).exists():
        yield at(day, 9)
        open_topic(person=who("shifan", "authority"), on=day, agency=county, name=name)


def _standing(text: Text) -> Life:
    yield from published(text, content_of(text))
    item = Item.objects.get(agency=organ_of(text.organ), title=text.title)
    if not Standing.objects.filter(item=item).exists():
        yield at(text.published_on, 17)
        stand(person=who(text.organ, "office_head"), on=text.published_on, item=item)


def _negative_list() -> Life:
    said = table("extras")["negative_list"]
    agency = organ_of(said["organ"])
    if not NegativeTerm.objects.filter(agency=agency).exists():
        yield at(said["listed_on"], 10)
        forbid(person=who(said["organ"], "secrecy_reviewer"), on=said["listed_on"], agency=agency, terms=said["terms"])


def _catalog() -> Life:
    said = table("extras")["catalog"]
    organ, agency = said["organ"], organ_of(said["organ"])
    run = CatalogRun.objects.filter(agency=agency, field=said["field"]).first()
    if run is None:
        yield at(said["handed_in_on"], 10)
        out = io.StringIO(newline="")
        csv.writer(out).writerows(said["rows"])
        data = catalog_as_csv(()) + out.getvalue().encode()
        run = catalogs.hand_in_catalog(
            person=who(organ, "drafter"), on=said["handed_in_on"], agency=agency, field=said["field"], file_name=said["file"], data=data
        )
    if run.is_approved is None:
        yield at(said["decided_on"], 15)
        head = who(organ, "office_head")
        catalogs.decide_catalog(person=head, on=said["decided_on"], run=run, is_approved=True, reason=said["reason"])


def _filed() -> Life:
    said = table("extras")["catalog"]
    title, day, number = said["filed"]
    yield at(day, 9)
    item = _item(said["organ"], title)
    row = CatalogRow.objects.get(agency=organ_of(said["organ"]), field=said["field"], number=str(number), ended_by__isnull=True)
    if item is not None and not item.catalog_rows.exists():
        file_under(person=who(said["organ"], "drafter"), on=day, item=item, row=row)


def _linked(organ: str, title: str, interpretation: str | dict[str, str], form_of: str, day: datetime.date) -> Life:
    yield at(day, 9, 30)
    document = _item(organ, title)
    if document is None or Link.objects.filter(document=document).exists():
        return
    other = {"interpretation": _item(organ, interpretation)} if isinstance(interpretation, str) else interpretation
    link(person=who(organ, "drafter"), on=day, document=document, form_of=form_of, **other)


def _urgent() -> Life:
    """Out within hours, with two stages; the others are made up for within days."""
    said = table("extras")["urgent"]
    text = _text(said["text"], said["body"], said["topic"])
    organ, day = text.organ, text.formed_on
    item = _item(organ, text.title)
    if item is None:
        yield at(day, 7, 30)
        item = _drafted(text)
        approver = who(organ, "final_reviewer")
        actions.submit(person=who(organ, "drafter"), on=day, item=item, approver=approver, reason=said["reason"])
    yield from published(text, content_of(text))
    later = Run.objects.filter(makes_up__isnull=False, subject_kind=item._meta.label_lower, subject_id=item.pk).first()
    for hour, name in enumerate(later.stages if later else (), start=9):
        if later is not None and name not in later.passed():
            yield at(said["made_up_on"], hour)
            passing(organ, Run.objects.get(pk=later.pk), name, said["made_up_on"])


def _consulted() -> Life:
    said = table("extras")["consulted"]
    text, asked = _text(said["text"]), said["organ"]
    item = _item(text.organ, text.title)
    if item is None:
        yield at(text.formed_on, 9, 10)
        item = _drafted(text)
        consult(person=who(text.organ, "drafter"), on=text.formed_on, item=item, question=said["question"], organ=organ_of(asked))
    open_question = Consultation.objects.filter(item=item, answered__isnull=True).first()
    if open_question is not None:
        yield at(said["answered_on"], 9)
        head = who(asked, "office_head")
        answer_consultation(person=head, on=said["answered_on"], consultation=open_question, verdict="agrees", answer=said["answer"])
    # It goes into review on the day of the answer, not on the day it was drafted.
    yield from published(replace(text, formed_on=said["answered_on"]), content_of(text))


def _joint() -> Life:
    """Both organs review the same revision, each with its own people."""
    said = table("extras")["joint"]
    text, other = _text(said["text"]), said["organ"]
    item = _item(text.organ, text.title)
    if item is None:
        yield at(text.formed_on, 9, 10)
        item = _drafted(text)
    if not JointOrgan.objects.filter(item=item).exists():
        add_joint_organ(person=who(text.organ, "drafter"), on=text.formed_on, item=item, organ=organ_of(other))
    lead = actions.runs_of(item).filter(lead__isnull=True).first()
    if lead is None:
        yield at(text.formed_on, 10, 30)
        lead = actions.submit(person=who(text.organ, "drafter"), on=text.formed_on, item=item)
    joined = Run.objects.get(lead=lead)
    for minute, name in enumerate(joined.stages):
        if name not in joined.passed():
            yield at(text.published_on, 9, 10 * minute)
            passing(other, Run.objects.get(pk=joined.pk), name, text.published_on)
    yield from published(text, content_of(text))


def _error(row: list[Any]) -> Life:
    organ, title, quoted, wrong, day, is_taken, said, answered_on = row
    yield at(day, 20, 15)
    item = _item(organ, title)
    publication = item.publications.first() if item is not None else None
    if publication is None:
        return
    report = ErrorReport.objects.filter(publication__item=item).first()
    if report is None:
        report, _ = report_error(publication=publication, quoted=quoted, wrong=wrong, contact="", address=PUBLIC)
    if said and not ErrorAnswer.objects.filter(report=report).exists():
        yield at(answered_on, 10)
        answer_error(person=who(organ, "office_head"), on=answered_on, report=report, is_taken=is_taken, words=said)


def _suggested(row: list[Any]) -> Life:
    organ, wanted, column, why, day, outcome, title, said, answered_on, kept_on = row
    yield at(day, 20, 30)
    agency, head = organ_of(organ), who(organ, "office_head")
    suggestion = Suggestion.objects.filter(agency=agency, wanted=wanted).first()
    if suggestion is None:
        suggestion, _ = suggest(agency=agency, wish=Wish(wanted=wanted, column=column, reason=why), address=PUBLIC)
    if answered_on is None:
        return
    yield at(answered_on, 10, 30)
    given = SuggestionAnswer.objects.filter(suggestion=suggestion).first()
    if given is None:
        item = _item(organ, title)
        reply = Reply(outcome=outcome, words=said, item=item.index_number if item is not None else "")
        given = answer(person=head, on=answered_on, suggestion=suggestion, reply=reply)
    if kept_on is not None and not SuggestionKept.objects.filter(answer=given).exists():
        yield at(kept_on, 10, 30)
        item = Item.objects.get(agency=agency, title=title)
        keep(person=head, on=kept_on, answer=given, item=item.index_number)
