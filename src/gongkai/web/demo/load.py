"""Loads the demo county by driving the actions, in the order in which they would have occurred. Running it again adds nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from gongkai.clock import Workdays, is_workday
from gongkai.web.agencies.models import Agency
from gongkai.web.demo.extras import ask_today, extras
from gongkai.web.demo.lives import Life, at, content_of, live, organ_of, passing, published, who
from gongkai.web.demo.material import load_material
from gongkai.web.demo.opinions import opinions
from gongkai.web.demo.people import FIRST_DAY, county_and_people
from gongkai.web.demo.reports import annual_reports
from gongkai.web.demo.texts import Text, plain_body, table, texts
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.about.actions import open_topic
from gongkai.web.disclosure.about.models import SpecialTopic
from gongkai.web.disclosure.content import Content
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.registers import actions as registers
from gongkai.web.disclosure.registers.importing import to_csv
from gongkai.web.disclosure.registers.models import DeclaredFigure, ImportBatch, NilReturn, rows_of
from gongkai.web.disclosure.registers.values import registers as known_registers
from gongkai.web.review.actions import decide
from gongkai.web.settings import moment

Say = Callable[[str], None]


def load(*, small: bool = True, say: Say = lambda _: None) -> list[tuple[str, str, str]]:
    """The county, its people, items and registers; gives user name, full name and post of every account.

    The small demo has every organ and register, and about 60 items; the whole one every item that the organs' reports count.
    """
    county, accounts = county_and_people()
    who.cache_clear()
    organ_of.cache_clear()
    say(f"机关{Agency.objects.count()}个，人员{len(accounts)}名。")
    told = texts(small=small)
    _open_sections(county, told)
    say(f"正在按发生的先后办理{len(told)}条信息的起草、审查和发布……")
    beside = (*_registers(), *extras(), *opinions(), *annual_reports())
    live([*(published(text, content_of(text)) for text in told), *beside])
    say(f"已发布信息{len(told)}条，登记册、申报数据和“本年无”已登记。")
    for organ, title, kind, column, until in table("items")["waiting"]:
        _leave_waiting(organ, title, kind, column, until)
    ask_today()
    say(f"交来材料{load_material(who)}份。")
    return accounts


def _open_sections(county: Agency, told: list[Text]) -> None:
    """The sections under which an organ counts its items (党务、政务、财务), as special topics of the county."""
    for name in dict.fromkeys(text.section for text in told if text.section):
        if not SpecialTopic.objects.filter(county=county, name=name).exists():
            with moment.at(at(FIRST_DAY, 9)):
                open_topic(person=who(county.code, "authority"), on=FIRST_DAY, agency=county, name=name)


def _registers() -> list[Life]:
    lives: list[Life] = []
    for organ, said in table("years")["registers"].items():
        year = said["year"]
        for register in ("licence", "penalty"):
            if said.get(register):
                lives.append(_decisions(organ, register, year, said[register]))
        lives += [_document(organ, document) for document in said.get("documents", ())]
        lives.append(_declared(organ, year, said.get("declared", {})))
        lives.append(_nil(organ, year, said.get("nil", ())))
    return lives


def _decisions(organ: str, register: str, year: int, n: int) -> Life:
    """The decisions of a year: one alone is entered on the screen, many come from a file."""
    days = [
        day
        for day in (datetime.date(year, 1, 2) + datetime.timedelta(days=at) for at in range(360))
        if is_workday(day=day, table=Workdays())
    ]
    rows = [_decision(organ, register, year, number, days[(number - 1) * len(days) // n]) for number in range(1, n + 1)]
    agency = organ_of(organ)
    if rows_of(register).filter(agency=agency).exists():
        return
    last = rows[-1]["decided_on"]
    yield at(last, 17)
    if n == 1:
        registers.register_row(person=who(organ, "drafter"), on=last, agency=agency, register=register, values=rows[0])
        return
    data = to_csv(known_registers()[register], rows)
    if not ImportBatch.objects.filter(agency=agency, register=register).exists():
        name = f"{year}年{known_registers()[register].words}.csv"
        registers.import_rows(person=who(organ, "office_head"), on=last, agency=agency, register=register, file_name=name, data=data)


def _decision(organ: str, register: str, year: int, number: int, day: datetime.date) -> dict[str, Any]:
    mark = organ_of(organ).document_mark
    matter = {"licence": "设施农业用地备案", "penalty": "违法占用耕地堆放建筑材料"}[register]
    word = {"licence": "许", "penalty": "罚决"}[register]
    said = {"number": f"{mark}{word}〔{year}〕{number}号", "decided_on": day, "matter": matter, "is_published": True}
    return {**said, "withdrawn_on": None, "index_number": ""}


def _document(organ: str, said: Mapping[str, Any]) -> Life:
    agency = organ_of(organ)
    if rows_of("normative_document").filter(agency=agency, number=said["number"]).exists():
        return
    yield at(said["issued_on"], 17)
    values = {"repealed_on": None, "lapsed_on": None, "successor": "", **said}
    registers.register_row(person=who(organ, "drafter"), on=said["issued_on"], agency=agency, register="normative_document", values=values)


def _declared(organ: str, year: int, figures: Mapping[str, Any]) -> Life:
    """Figures that no register of that edition holds, declared at the end of the year."""
    day, agency = datetime.date(year, 12, 31), organ_of(organ)
    for number, (address, value) in enumerate(figures.items()):
        if DeclaredFigure.objects.filter(agency=agency, year=year, address=address).exists():
            continue
        yield at(day, 17, number)
        said = {"source": "各科室年终统计", "evidence": f"{year}年统计表，存党政办公室"}
        registers.declare(
            person=who(organ, "office_head"), on=day, agency=agency, year=year, address=address, value=Decimal(str(value)), said=said
        )


def _nil(organ: str, year: int, names: Any) -> Life:
    day, agency = datetime.date(year, 12, 31), organ_of(organ)
    for number, register in enumerate(names):
        if NilReturn.objects.filter(agency=agency, register=register, year=year).exists():
            continue
        yield at(day, 17, 30 + number)
        registers.nil_return(person=who(organ, "office_head"), on=day, agency=agency, register=register, year=year)


def _leave_waiting(organ: str, title: str, kind: str, column: str, until: str) -> None:
    """An item of today that somebody still has to do something about."""
    day, agency = moment.today(), organ_of(organ)
    if Item.objects.filter(agency=agency, title=title).exists():
        return
    content = Content(title=title, body=plain_body(title), kind=kind, column=column, formed_on=day)
    item = actions.draft(person=who(organ, "drafter"), on=day, agency=agency, content=content)
    if until == "draft":
        return
    run = actions.submit(person=who(organ, "drafter"), on=day, item=item)
    if until == "reviewed_once":
        passing(organ, run, run.stages[0], day)
    elif until == "ready":
        for name in run.stages:
            passing(organ, run, name, day)
    elif until == "returned":
        decide(run=run, person=who(organ, "first_reviewer"), on=day, is_passed=False, comment="请补充检查的起止时间和检查单位数。")
