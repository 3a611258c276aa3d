"""Catalogues: bounds, whatever text, and tables built with another writer."""

import csv
import io
import random
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gongkai.law import LawMissing, catalog
from gongkai.law.attributes import attributes
from gongkai.law.catalog import CatalogTable, catalog_columns, catalog_field, fields, read_catalog

LABELS = [column.label for column in catalog_columns()]
CELLS = ["1", "就业", "招聘会", "时间、地点", "就业促进法", "20个工作日", "云川县人社局", "政府网站", "全社会", "主动"]
WORDS = st.text('公开目录,"\n\t■□、（）a1 ', max_size=12)


def _csv(rows, **options):
    out = io.StringIO(newline="")
    csv.writer(out, **options).writerows(rows)
    return out.getvalue()


def _entry(**changed):
    return [changed.get(label, cell) for label, cell in zip(LABELS, CELLS, strict=True)]


def test_columns_are_those_of_the_printed_table():
    assert LABELS == [
        "序号", "一级事项", "二级事项", "公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开对象", "公开方式",
    ]  # fmt: skip


def test_modes_are_disclosure_attributes():
    (mode,) = (column for column in catalog_columns() if column.id == "mode")
    assert set(mode.choices) == {attribute.id for attribute in attributes()} - {"withheld"}


def test_the_labels_make_an_empty_table():
    (problem,) = read_catalog(_csv([LABELS])).problems
    assert problem.what == "表头下面没有任何条目"


def test_an_unknown_field_is_said():
    with pytest.raises(LawMissing) as missing:
        catalog_field("g27")
    assert missing.value.message == "没有代号为“g27”的标准目录领域。"


def test_fields_say_what_is_from_memory():
    assert catalog_field("g18").aliases == ("国土空间规划",)
    assert {entry.confidence for entry in fields()} == {"seen", "memory-high"}
    assert {entry.confirmed_on for entry in fields()} == {None}


@given(st.lists(WORDS.map(str.strip).filter(bool), min_size=1, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_what_another_writer_wrote_is_read_back(contents, dice):
    """Any text in a cell, columns in any order: the entries come back in order and in their words."""
    order = list(range(len(LABELS)))
    dice.shuffle(order)
    rows = [LABELS, *(_entry(**{"序号": str(n), "公开内容（要素）": content}) for n, content in enumerate(contents, start=1))]
    table = read_catalog(_csv([[row[place] for place in order] for row in rows]))
    assert table.problems == ()
    assert [(row.number, row.content) for row in table.rows] == [(str(n), content) for n, content in enumerate(contents, start=1)]


@given(st.lists(st.lists(WORDS | st.sampled_from(LABELS + CELLS), max_size=12), max_size=6).map(_csv) | st.text(max_size=200))
@example("\x00")
@example('"')
@example("序号,一级事项\r\r\n")
def test_no_text_raises_and_nothing_is_half_done(text):
    table = read_catalog(text)
    assert isinstance(table, CatalogTable)
    assert bool(table.rows) != bool(table.problems)


def test_one_bad_line_keeps_every_line_out():
    rows = [LABELS, *(_entry(**{"公开内容（要素）": f"第{n}项"}) for n in range(500)), _entry(公开方式="")]
    table = read_catalog(_csv(rows))
    assert table.rows == ()
    assert [problem.line for problem in table.problems] == [502]


def test_a_cell_over_two_lines_keeps_the_numbers_of_lines_right():
    table = read_catalog(_csv([LABELS, _entry(公开依据="就业促进法\n条例"), _entry(公开方式="口头")]))
    assert [(problem.line, problem.column) for problem in table.problems] == [(4, "公开方式")]


def test_a_cell_may_not_be_too_long():
    (problem,) = read_catalog(_csv([LABELS, _entry(公开时限="日" * 501)])).problems
    assert problem.words == "第2行“公开时限”：有501个字符，最多500个；请缩短。"


def test_a_cell_longer_than_the_format_bears_is_told():
    (problem,) = read_catalog(_csv([LABELS, _entry(公开时限="日" * 200_000)])).problems
    assert problem.words == "第2行：这一行不符合CSV格式（引号不成对，或者单元格过长）；请改正引号，或者从表格软件重新导出。"


def test_a_text_may_not_be_too_long():
    (problem,) = read_catalog(" " * (catalog.MOST_CHARACTERS + 1)).problems
    assert problem.words == "第1行：文件超过4000000个字符；请分成几个文件导入。"


def test_entries_may_not_be_too_many():
    (problem,) = read_catalog(_csv([LABELS, *(_entry(序号=str(n), 一级事项=f"事项{n}") for n in range(catalog.MOST_ROWS + 1))])).problems
    assert problem.words == "第20002行：条目超过20000条；请分成几个文件导入。"


def test_problems_are_not_listed_without_end():
    table = read_catalog(_csv([LABELS, *([*_entry(公开方式="口头", 公开内容=str(n))] for n in range(1000))]))
    assert len(table.problems) == catalog.MOST_PROBLEMS + 1
    assert table.problems[-1].words == "第202行：问题超过200个，这一行起没有再查；请先改正以上问题，再重新导入。"


def test_a_full_table_is_read_quickly():
    dice = random.Random(3)
    rows = [LABELS, *(_entry(**{"公开内容（要素）": f"{n}-{dice.random()}"}) for n in range(catalog.MOST_ROWS))]
    text = _csv(rows)
    start = time.perf_counter()
    table = read_catalog(text)
    assert len(table.rows) == catalog.MOST_ROWS
    assert time.perf_counter() - start < 5
