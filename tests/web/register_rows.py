"""Rows, files and organs that the tests of the registers begin with."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.disclosure.registers import actions as acts
from gongkai.web.disclosure.registers import queries
from gongkai.web.disclosure.registers.models import DeclaredFigure, ImportBatch
from gongkai.web.disclosure.registers.values import registers
from gongkai.web.ledger.proof import verify
from tests.web.conftest import DAY

D = datetime.date
NEXT = D(2027, 1, 8)
PENALTY = {"number": "青禾罚决〔2026〕1号", "decided_on": D(2026, 2, 3), "matter": "占用田间道路堆放砂石", "is_published": True}
DOCUMENT = {"title": "青禾镇河道保洁办法", "number": "青政规〔2026〕1号", "issued_on": D(2026, 1, 9), "in_force_from": D(2026, 2, 1)}
FEE = {"charge": "农村集体聚餐场地清洁费", "amount_wan": Decimal("1.250001"), "collected_on": D(2026, 1, 20)}
HEAD = "文号,决定日期,事项,是否公开\n"
SAID = {"source": "县政务服务系统", "evidence": "2027年1月8日导出的统计表"}
GOOD = HEAD + "青禾罚决〔2026〕1号,2026-02-03,占用田间道路,是\n青禾罚决[2026]2号,2026年2月5日,焚烧秸秆,否\n"


def refusal(act: Any, *, on: D = DAY, **arguments: Any) -> str:
    with pytest.raises((Refused, NotPermitted)) as caught:
        act(on=on, **arguments)
    return caught.value.message


def add(officer: Any, organ: Agency, register: str, *, on: D = DAY, **values: Any) -> Any:
    plain: dict[str, Any] = {"document": DOCUMENT, "decision": PENALTY, "fee": FEE}[registers()[register].shape]
    return acts.register_row(person=officer, on=on, agency=organ, register=register, values={**plain, **values})


def figure(organ: Agency, address: str, year: int = 2026) -> queries.Figure:
    return queries.table_two(organ, year).figures[address]


def told(organ: Agency, address: str, year: int = 2026) -> tuple[Decimal | None, str, str]:
    found = figure(organ, address, year)
    return found.value, found.source, found.why


def broken() -> list[str]:
    return [found.words for found in verify()]


def take(officer: Any, organ: Agency, data: bytes | str, register: str = "penalty") -> ImportBatch:
    """A file taken into a register."""
    data = data.encode() if isinstance(data, str) else data
    batch: ImportBatch = acts.import_rows(person=officer, on=DAY, agency=organ, register=register, file_name="处罚.csv", data=data)
    return batch


def declare(officer: Any, organ: Agency, address: str, value: str, year: int = 2026) -> DeclaredFigure:
    """A figure declared."""
    row: DeclaredFigure = acts.declare(person=officer, on=NEXT, agency=organ, year=year, address=address, value=Decimal(value), said=SAID)
    return row
