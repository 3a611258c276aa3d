"""The JSON object: nothing lost on the way there and back, and every fault named."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.errors import GongkaiError
from gongkai.law import report_format
from gongkai.report import AnnualReport, Cell, Claim, Contact, Place
from gongkai.report.render import Malformed, from_json, to_json, write_report
from tests.unit.report.written import distinct

FULL = AnnualReport(
    organ="澜汀县栖云镇人民政府",
    year=2024,
    edition="2021",
    period=(datetime.date(2024, 1, 1), datetime.date(2024, 12, 31)),
    published_on=datetime.date(2025, 1, 20),
    title="栖云镇年报",
    contact=Contact(address="溪畔路6号", phone="0000-8800126"),
    scope="township",
    complete=True,
    cells={
        "t2.rules.issued": Cell("number", Decimal(0), "0", Place(line=12)),
        "t2.admin_fees.amount_wan": Cell("number", Decimal("25.1"), "251000元", Place(page=2, box=(1.5, 2.0, 3.0, 4.0)), unit="元"),
        "t3.granted.total": Cell("unclear", None, "3", Place(table=2, row=4, column=9), reason="读取存疑"),
        "t4.reconsideration.total": Cell("slash", raw="/"),
    },
    preface="前言。",
    sections={"s1": "第一行\n第二行", "s6": "无"},
    headings=("一、总体情况",),
    labels={"t2.rules.repealed": "本年度止件数"},
    claims=(Claim("s1", "共10条，其中4条、6条", Decimal(10), "条", "published", None, (Decimal(4), Decimal(6))),),
    notes=("第2页有跨页表格。",),
    file="a.txt",
)


def test_the_object_has_the_keys_of_the_contract() -> None:
    data = to_json(FULL)
    assert list(data)[:9] == ["file", "organ", "year", "edition", "complete", "cells", "sections", "claims", "findings"]
    assert data["findings"] == []
    assert data["cells"]["t2.admin_fees.amount_wan"] == {
        "value": 25.1,
        "kind": "number",
        "raw": "251000元",
        "where": {"page": 2, "box": (1.5, 2.0, 3.0, 4.0)},
        "unit": "元",
    }
    assert data["cells"]["t2.rules.issued"]["value"] == 0
    assert data["period"] == ["2024-01-01", "2024-12-31"]


def test_cells_come_in_the_order_of_the_form() -> None:
    report = distinct()
    shuffled = AnnualReport(edition="2021", cells=dict(sorted(report.cells.items(), reverse=True)))
    assert tuple(to_json(shuffled)["cells"]) == report_format("2021").cells


def test_there_and_back() -> None:
    assert from_json(to_json(FULL)) == FULL
    assert from_json(json.loads(write_report(FULL, "json"))) == FULL


def test_the_file_is_readable_text() -> None:
    written = write_report(FULL, "json")
    assert "澜汀县栖云镇人民政府" in written.decode()
    assert written.endswith(b"}\n")
    assert write_report(FULL, "json") == written


def test_half_a_surrogate_pair_survives() -> None:
    report = AnnualReport(organ="\ud83d镇")
    assert from_json(json.loads(write_report(report, "json").decode())) == report


def test_only_cells_are_needed() -> None:
    assert from_json({"cells": {}}) == AnnualReport()


texts = st.text(max_size=20)
values = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
places = st.builds(Place, line=st.integers(1, 9999), box=st.none() | st.tuples(*[st.floats(0, 900)] * 4))
cells = st.builds(Cell, st.just("number"), values, texts, st.none() | places) | st.builds(
    Cell,
    st.sampled_from(["blank", "slash", "text", "missing", "unclear"]),
    st.none(),
    texts,
    st.none() | places,
    reason=st.none() | texts.filter(bool),
)
reports = st.builds(
    AnnualReport,
    organ=st.none() | texts,
    year=st.none() | st.integers(1990, 2100),
    edition=st.just("2021"),
    published_on=st.none() | st.dates(),
    title=st.none() | texts,
    scope=st.none() | texts,
    complete=st.booleans(),
    cells=st.dictionaries(st.sampled_from(report_format("2021").cells), cells, max_size=8),
    preface=texts,
    sections=st.dictionaries(st.sampled_from(["s1", "s2", "s6"]), texts),
    headings=st.lists(texts).map(tuple),
    labels=st.dictionaries(texts, texts),
    claims=st.lists(st.builds(Claim, texts, texts, values, parts=st.lists(values, max_size=3).map(tuple)), max_size=2).map(tuple),
    notes=st.lists(texts).map(tuple),
    file=texts,
)


@given(reports)
def test_any_report_comes_back(report: AnnualReport) -> None:
    assert from_json(json.loads(write_report(report, "json"))) == report


NUMBER = {"value": 1, "kind": "number", "raw": "1", "where": None}
FAULTS: list[tuple[Any, str]] = [
    ([], "JSON 的最外层应为一个对象（{…}）。"),
    ({}, "JSON 缺少“cells”：其中应为各单元格的数据。"),
    ({"error": "文件是空的。", "file": "a.pdf"}, "这个 JSON 记录的是一次没有读成的文件，没有数据：文件是空的。"),
    ({"cells": {}, "year": "2024"}, "JSON 中“year”的内容不对：应为整数年份。"),
    ({"cells": {}, "year": True}, "JSON 中“year”的内容不对：应为整数年份。"),
    ({"cells": {}, "edition": "2077"}, "JSON 中“edition”的内容不对：应为一个已知的格式版本。"),
    ({"cells": {}, "edition": ["2021"]}, "JSON 中“edition”的内容不对：应为一个已知的格式版本。"),
    ({"cells": {}, "complete": 1}, "JSON 中“complete”的内容不对：应为 true 或 false。"),
    ({"cells": []}, "JSON 中“cells”的内容不对：应为对象，键是单元格地址。"),
    ({"cells": {}, "published_on": "2025年1月"}, 'JSON 中“published_on”的内容不对：应为日期，如 "2025-01-20"。'),
    ({"cells": {}, "period": ["2024-01-01"]}, 'JSON 中“period”的内容不对：应为两个日期，如 ["2024-01-01", "2024-12-31"]。'),
    ({"cells": {}, "sections": {"s1": 5}}, "JSON 中“sections”的内容不对：应为对象，键是 s1 至 s6，值是文字。"),
    (
        {"cells": {}, "claims": [{"section": "s1", "quote": "", "value": "1"}]},
        "JSON 中“claims”的内容不对：应为数组，每项有 section、quote 和 value。",
    ),
    ({"cells": {}, "contact": {"fax": "1"}}, "JSON 中“contact”的内容不对：应为对象，值是文字。"),
    ({"cells": {}, "headings": "一"}, "JSON 中“headings”的内容不对：应为文字数组。"),
    ({"edition": "2021", "cells": {"t9.a.b": NUMBER}}, "JSON 中“cells”的“t9.a.b”不是政府信息公开工作年度报告格式的单元格。"),
]
BAD_CELLS: list[Any] = [
    5,
    None,
    {},
    {"kind": "number"},
    {"kind": "number", "value": None},
    {"kind": "number", "value": True},
    {"kind": "number", "value": "1"},
    {"kind": "number", "value": float("nan")},
    {"kind": "number", "value": float("inf")},
    {"kind": "blank", "value": 0},
    {"kind": "zero", "value": None},
    {"kind": "text", "value": None, "raw": 7},
    {"kind": "text", "value": None, "where": {"box": [1, 2]}},
    {"kind": "text", "value": None, "where": {"line": "x"}},
    {"kind": "text", "value": None, "where": {"floor": 3}},
    {"kind": "text", "value": None, "where": "第1行"},
]


@pytest.mark.parametrize(("data", "message"), FAULTS)
def test_a_fault_is_named(data: Any, message: str) -> None:
    with pytest.raises(Malformed) as caught:
        from_json(data)
    assert caught.value.message == message


@pytest.mark.parametrize("cell", BAD_CELLS)
def test_a_faulty_cell_is_named(cell: Any) -> None:
    with pytest.raises(Malformed, match=r"JSON 中“cells”的“t2\.rules\.issued”的内容不对"):
        from_json({"cells": {"t2.rules.issued": cell}})


def test_malformed_is_of_both_families() -> None:
    assert issubclass(Malformed, GongkaiError)
    assert issubclass(Malformed, ValueError)
