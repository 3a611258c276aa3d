"""Everything the public site prints: which text goes out with a reviewed revision, which past it, and that none goes out unscreened."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.about import actions as about
from gongkai.web.disclosure.about.models import IndexPattern, Link, SpecialTopic, Validity
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.questionnaires.models import Questionnaire
from gongkai.web.disclosure.soliciting import actions as soliciting
from gongkai.web.disclosure.soliciting.models import Solicitation
from gongkai.web.disclosure.standing import actions as standing
from gongkai.web.disclosure.suggesting.models import SuggestionAnswer
from gongkai.web.disclosure.watch import actions as watch
from gongkai.web.disclosure.watch.models import ErrorAnswer
from gongkai.web.ledger.models import LedgerEntry
from tests.house.source import PACKAGE
from tests.web import solicited, suggested
from tests.web.conftest import DAY, County, content, public_address

TEMPLATES = PACKAGE / "web" / "templates" / "portal"
_PRINTED = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_BOUND = re.compile(r"\{%\s*blocktrans\s+(?:count\s+|with\s+)(.*?)%\}")
_VALUE = re.compile(r"\w+=([^\s|%]+)")
_TRANSLATED = re.compile(r"\{%\s*trans\s+([a-z][^\s\"|%]*)\s*%\}")

# What the templates print, and how it came to be fit for the public:
# review    it stands in a revision, whose text is screened before review and again before publication (:data:`REVIEWED`)
# gate      an act shows it past any review, and screens it itself (:data:`ACTS`)
# chosen    a day, a number, an address of our own, or one of a list of words
# organ     what the organ is called and how it is reached (Art. 12 has it published); its own numbers are no hits
# site      what whoever runs the server says of the site in its settings
# own       what the reader himself wrote or got, shown to nobody without his code
_BY = {
    "review": (
        "content.title", "publication.revision.content.title", "about.successor.revision.content.title", "content.summary",
        "content.body|safe", "publication.revision.content.body|safe", "file.name", "row.revision.content.title",
        "row.revision.content.document_number", "head.article.title", "head.article.description", "about_page|json_ld",
        "line.passage|marked",
        "line.title|marked",
        "line.row.revision.content.document_number",
        # What was read of a report that stands in a revision, its body or its files.
        "tables",
        "note.why",
        "said.reason",
    ),
    "review of the draft or of what became of the opinions": (
        "call.draft.revision.content.title", "result.title", "result.body|safe",
    ),
    "gate: solicit": ("call.row.shortened", "call.row.postal", "call.row.phone", "call.row.email"),
    "gate: open_questionnaire": ("survey.row.title", "survey.row.introduction|linebreaksbr", "one.question.words", "choice"),
    "gate: open_topic": ("topic.name", "topic.row.name"),
    "review, or gate: link": ("row.title",),
    "review, or gate: open_topic": ("value",),
    "gate: set_validity": ("about.validity.reason",),
    "gate: withdraw": ("publication.withdrawal.reason",),
    "gate: link": ("row.url",),
    "gate: answer_error": ("answer.words",),
    "gate: answer_suggestion": ("reply.words",),
    "gate: set_index_pattern": ("publication.item.index_number",),
    "chosen": (
        "call.due", "call.left", "call.state", "call.state|call_state", "call.row.from_on", "call.row.from_on|date:\"Y-m-d\"", "call.row.until_on",
        "call.row.until_on|date:\"Y-m-d\"", "call.summary.published_on|date:\"Y-m-d\"", "call|call_matter",
        "call|call_length", "name|call_state", "state", "state|call_state", "n_counted", "n_open", "n_sheets", "n_surveys", "mean", "one.mean", "one.n",
        "share", "forloop.counter", "found.after", "opinion.received_on|date:\"Y-m-d\"", "survey.row.from_on", "survey.row.from_on|date:\"Y-m-d\"",
        "survey.row.until_on|date:\"Y-m-d\"", "survey.state|survey_state", "topic.last_on|date:\"Y-m-d\"", "topic.n_items", "topic.until_on", "why",
        "label", "publication.published_on|date:\"Y-m-d\"", "row.published_on|date:\"Y-m-d\"", "row.form_of|form_words", "row.kind|kind_words",
        "file.size|filesizeformat", "file.name|file_kind", "report.number", "report.received_on|date:\"Y-m-d\"", "answer.answered_on|date:\"Y-m-d\"",
        "suggestion.number", "suggestion.received_on|date:\"Y-m-d\"", "suggestion.column_title", "reply.answered_on|date:\"Y-m-d\"",
        "reply.get_outcome_display", "ground", "kept.kept_on", "in_column", "id",
        "day", "about.validity.since_on", "publication.withdrawn_on", "step.address", "canonical", "address", "after", "row.address",
        "request.path", "kind", "words", "head", "column.title", "head.column.description", "is_on|yesno:\"true,false\"", "n", "year", "one", "days",
        "within", "median", "bar.height|unlocalize_number", "bar.label", "bar.middle|unlocalize_number", "bar.n", "bar.x|unlocalize_number",
        "bar.y|unlocalize_number", "chart.base", "chart.high", "chart.wide", "found.n_all", "found.speed.days", "found.speed.median",
        "found.speed.n", "found.speed.n_within", "row.n", "row.share", "stock.last_on|date:\"Y-m-d\"", "stock.n_items",
        "asked.address",
        "asked.since",
        "asked.sort",
        "asked.until",
        "example.english",
        "example.title",
        "fault",
        "feed",
        "files.0.made_at",
        "files.0.made|date:\"Y-m-d H:i\"",
        "files.0.n_rows",
        "filter.name",
        "filter.rest",
        "filter.title",
        "line.row.kind|kind_words",
        "line.row.published_on|date:\"Y-m-d\"",
        "line.row.validity|validity_words",
        "others",
        "per_minute",
        "row.description",
        "row.summary",
        "said",
        "shown",
        "total",
        "value.address",
        "value.n",
        "value.title",
        "wider.0",
        "wider.1",
        "bar.width|unlocalize_number",
        "cell.address",
        "cell.said",
        "flow_chart.base",
        "flow_chart.high",
        "flow_chart.wide",
        "place.label",
        "place.middle|unlocalize_number",
        "reports_address",
        "row.n_none",
        "row.n_reports",
        "row.n_unread",
        "row.year",
        "said.year",
    ),
    "chosen, organ or review": ("feed_title|default:site.name", "name", "title", "title|default:site.name", "step.title", "row.words"),
    "organ": (
        "call.draft.agency.short_name", "draft.agency.name", "survey.row.about.name", "survey.row.agency.name", "survey.row.agency.short_name",
        "suggestion.agency.name", "reply.organ.name", "reply.organ.short_name",
        "publication.item.agency.name", "agency", "organ", "report.publication.item.agency.name", "organ.address", "organ.code", "organ.fax",
        "organ.hours", "organ.internet_contact", "organ.name", "organ.office_name", "organ.phone", "organ.short_name", "publication.agency.name",
        "publication.agency.office_name|default:publication.agency.name", "publication.agency.phone", "row.agency.short_name", "row.name",
        "row.office_name", "row.phone", "site.root.name", "site.root.office_name", "site.root.phone",
        "line.row.agency.short_name",
        "note.words",
        "owner.code",
    ),
    "site": ("site.code", "site.icp", "site.name", "site.police"),
    "own": (
        "asked.q", "typed", "opinion.number", "opinion.text|linebreaksbr", "report.quoted", "report.wrong", "suggestion.wanted", "suggestion.reason",
        "suggestion.wanted|slice:\":100\"|urlencode", "asked_words|urlencode", "code", "number", "form.website", "asked_words",
        "kept", "request.get_full_path",
    ),
}  # fmt: skip
PRINTED = {name: how for how, names in _BY.items() for name in names}
ID, MARK = "11010519491231002X", "机密★1年"


def test_every_field_that_the_site_prints_is_in_the_table() -> None:
    printed: set[str] = set()
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        printed |= set(_PRINTED.findall(text)) | set(_TRANSLATED.findall(text))
        printed |= {value for bound in _BOUND.findall(text) for value in _VALUE.findall(bound)}
    assert printed == set(PRINTED)


def test_every_gate_of_the_table_is_driven_below_and_stands() -> None:
    told = {how.split("gate: ")[1] for how in PRINTED.values() if "gate: " in how}
    assert told == {act for act, _ in ACTS}


REVIEWED = {
    "title": {"title": "安排{}"}, "summary": {"summary": "{}"}, "body": {"body": "<p>{}</p>"}, "document_number": {"document_number": "{}"},
    "details": {"kind": "penalty", "details": {"subject": "{}", "decided_on": "2026-02-27"}}, "keywords": {"keywords": "{}"},
}  # fmt: skip


@pytest.mark.parametrize("words", [ID, MARK])
@pytest.mark.parametrize("field", REVIEWED)
def test_what_a_revision_says_is_screened_before_review(county: County, field: str, words: str) -> None:
    changes = {
        name: {key: part.format(words) for key, part in value.items()} if isinstance(value, dict) else value.format(words)
        for name, value in REVIEWED[field].items()
    }
    item = county.draft(**changes)
    with pytest.raises(Refused, match="发布前筛查还有"):
        actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=item)


def _link(county: County, words: str) -> object:
    policy = county.published(kind="policy").item
    drafter = county.person("qinghe", "drafter")
    return lambda: about.link(person=drafter, on=DAY, document=policy, url="https://example.gov.cn/a", title=words, form_of="text")


def _address(county: County, words: str) -> object:
    policy = county.published(kind="policy").item
    url = f"https://example.gov.cn/?q={words}".replace(MARK, "%E6%9C%BA%E5%AF%86%E2%98%851%E5%B9%B4")
    return lambda: about.link(
        person=county.person("qinghe", "drafter"), on=DAY, document=policy, url=url, title="访谈", form_of="interview"
    )


def _validity(county: County, words: str) -> object:
    policy = county.published(kind="policy").item
    head = county.person("qinghe", "office_head")
    return lambda: about.set_validity(person=head, on=DAY, item=policy, state="lapsed", since_on=DAY, reason=words)


def _withdraw(county: County, words: str) -> object:
    publication, head = county.published(), county.person("qinghe", "office_head")
    return lambda: actions.withdraw(person=head, on=DAY, publication=publication, reason=words)


def _topic(county: County, words: str) -> object:
    authority = county.person("yunchuan", "authority")
    return lambda: about.open_topic(person=authority, on=DAY, agency=county.root, name=words)


def _answer(county: County, words: str) -> object:
    report, _ = watch.report_error(publication=county.published(), quoted="", wrong="错字", contact="", address="192.0.2.1")
    head = county.person("qinghe", "office_head")
    return lambda: watch.answer_error(person=head, on=DAY, report=report, is_taken=True, words=words)


def _reply(county: County, words: str) -> object:
    row, _ = suggested.suggested(county)
    return lambda: suggested.answered(county, row, words=words)


def _pattern(county: County, words: str) -> object:
    head = county.person("qinghe", "office_head")
    agency = county.organs["qinghe"]
    pattern = f"{words}-{{code}}/{{YYYY}}-{{n}}"
    return lambda: about.set_index_pattern(person=head, on=DAY, agency=agency, pattern=pattern, code="QH01", from_on=DAY)


def _solicit(county: County, **said: str) -> object:
    draft, head = county.published(**solicited.DRAFT).item, county.person("qinghe", "office_head")
    last = solicited.LAST - datetime.timedelta(days="shortened" in said)
    terms = soliciting.Terms(matter="decision_comment", until_on=last, shortened=said.pop("shortened", ""))
    return lambda: soliciting.solicit(person=head, on=DAY, item=draft, terms=terms, ways=soliciting.Ways(**said))


def _questionnaire(county: County, **said: Any) -> object:
    return lambda: solicited.surveyed(county, **said)


ACTS: dict[tuple[str, str], Callable[[County, str], Any]] = {
    ("withdraw", "撤回理由"): _withdraw,
    ("set_validity", "依据"): _validity,
    ("link", "解读名称"): _link,
    ("link", "解读网址"): _address,
    ("open_topic", "专题名称"): _topic,
    ("answer_error", "答复"): _answer,
    ("answer_suggestion", "答复"): _reply,
    ("set_index_pattern", "索引号格式"): _pattern,
    ("solicit", "缩短期限的理由"): lambda county, words: _solicit(county, shortened=words),
    ("solicit", "来信地址"): lambda county, words: _solicit(county, postal=words),
    ("solicit", "电话"): lambda county, words: _solicit(county, phone=words),
    ("open_questionnaire", "标题"): lambda county, words: _questionnaire(county, title=words),
    ("open_questionnaire", "说明"): lambda county, words: _questionnaire(county, introduction=words),
    ("open_questionnaire", "第1题"): lambda county, words: _questionnaire(county, questions=[{"kind": "text", "words": words}]),
}
MADE: tuple[type[models.Model], ...] = (
    Link,
    Validity,
    SpecialTopic,
    ErrorAnswer,
    SuggestionAnswer,
    IndexPattern,
    Solicitation,
    Questionnaire,
    LedgerEntry,
)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (MARK, "有国家秘密标志“机密★1年”"),
        (f"村民李四{ID}的", "有居民身份证号码（1101**********002X）"),
        ("水源井坐标", "有本机关不得公开清单上的内容（第1项“水源井坐标”），可以改成“*****”"),
    ],
)
@pytest.mark.parametrize(("act", "place"), ACTS)
def test_what_an_act_shows_past_review_is_screened_inside_it(county: County, act: str, place: str, words: str, told: str) -> None:
    if place in ("解读网址", "索引号格式"):
        words = words.replace("村民李四", "").replace("的", "")
    for organ, agency in (("qinghe", county.organs["qinghe"]), ("yunchuan", county.root)):
        term = {"term": "水源井坐标", "reason": "饮水安全"}
        standing.forbid(person=county.person(organ, "office_head"), on=DAY, agency=agency, terms=[term])
    do = ACTS[act, place](county, words)
    before = [model.objects.count() for model in MADE]
    with pytest.raises(Refused) as caught:
        do()
    assert caught.value.message == f"公众会直接看到这段文字，不能这样写：{place}{told}。请改写后再提交，这次什么都没有保存。"
    assert [model.objects.count() for model in MADE] == before
    assert not Publication.objects.filter(withdrawn_on__isnull=False).exists()


@pytest.mark.parametrize(("act", "place"), ACTS)
def test_plain_words_pass(county: County, act: str, place: str) -> None:
    words = {"索引号格式": "QH", "解读网址": "plain"}.get(place, "按县政府清理结果办理")
    do = ACTS[act, place](county, words)
    before = LedgerEntry.objects.count()
    do()
    assert LedgerEntry.objects.count() == before + 1


def test_a_newer_draft_does_not_show_through_its_title(county: County) -> None:
    """The row of an item repeats its newest draft; the public site names every item as its published revision does."""
    policy, reading = county.published(kind="policy", title="办法").item, county.published(kind="interpretation", title="解读").item
    drafter = county.person("qinghe", "drafter")
    about.link(person=drafter, on=DAY, document=policy, interpretation=reading, form_of="text")
    report, code = watch.report_error(publication=policy.publications.get(), quoted="", wrong="错字", contact="", address="192.0.2.1")
    for item, kind in ((policy, "policy"), (reading, "interpretation")):
        actions.revise(person=drafter, on=DAY, item=Item.objects.get(pk=item.pk), content=content(title=f"新稿{MARK}", kind=kind))
    pages = [
        Client().get(public_address(policy.pk)),
        Client().get(public_address(reading.pk)),
        Client().get(reverse("portal:error", args=[report.number]), {"code": code}),
    ]
    texts = [page.content.decode() for page in pages]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert all("新稿" not in text for text in texts)
    assert "解读</a>" in texts[0] and "办法</a>" in texts[1] and "办法</a>" in texts[2]
