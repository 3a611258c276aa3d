"""The anchor finds what the chain alone cannot: a chain cut short, or written anew as a whole."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from gongkai.errors import GongkaiError
from gongkai.web import commands
from gongkai.web.ledger.anchor import anchors, compare, read, write_daily, written
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import GENESIS, LedgerEntry
from gongkai.web.ledger.proof import Broken, stretch, verify
from gongkai.web.settings import moment
from tests.web.conftest import County, lies_at
from tests.web.test_ledger import without_triggers

DAY = datetime.date(2026, 3, 2)


def first_of_chain() -> Broken:
    return next(iter(verify()))


def written_anew(start: int, **changes: str) -> None:
    """What an owner of the database could do: change one entry and compute every digest after it."""
    previous = LedgerEntry.objects.filter(number=start - 1).values_list("digest", flat=True).first() or GENESIS
    for entry in LedgerEntry.objects.filter(number__gte=start).order_by("number"):
        if entry.number == start:
            for name, value in changes.items():
                setattr(entry, name, value)
        entry.previous = previous
        previous = entry.computed_digest()
        values: list[object] = [entry.reason, entry.previous, previous, entry.pk]
        without_triggers("UPDATE ledger_entry SET reason = %s, previous = %s, digest = %s WHERE id = %s", values)


def test_an_anchor_says_where_the_chain_stands(county: County) -> None:
    county.published()
    (row,) = anchors(DAY)
    last = LedgerEntry.objects.order_by("-number")[0]
    assert {name: row[name] for name in ("county", "day", "number", "digest", "count")} == {
        "county": "yunchuan/", "day": "2026-03-02", "number": last.number, "digest": last.digest, "count": last.number,
    }  # fmt: skip
    assert row["seal"] == digest_of({name: value for name, value in row.items() if name != "seal"})
    assert written(anchors(DAY)) == written(anchors(DAY))
    assert read(written([row])) == [row]
    assert list(compare([row])) == []


def test_the_chain_may_grow(county: County) -> None:
    county.published()
    old = anchors(DAY)
    county.draft()
    assert list(compare(old)) == []


def test_a_chain_written_anew_holds_in_itself_and_not_against_the_anchor(county: County) -> None:
    county.published()
    (early,) = anchors(DAY)
    county.published(title="第二条")
    (late,) = anchors(DAY + datetime.timedelta(days=1))
    written_anew(early["number"] + 2, reason="补写")
    assert [found for found in verify() if found.number] == []
    (found,) = compare([late, early])
    assert found.number == late["number"]
    assert found.words.endswith(f"第{early['number'] + 1}条到第{late['number']}条之间的记录被重写。")
    written_anew(1, reason="补写")
    first, second = compare([late, early])
    assert (first.number, second.number) == (early["number"], late["number"])
    assert first.words.endswith(f"第1条到第{early['number']}条之间的记录被重写。")


def test_a_chain_cut_short_is_found(county: County) -> None:
    county.published()
    rows = anchors(DAY)
    last = rows[0]["number"]
    without_triggers("DELETE FROM disclosure_delivery")
    without_triggers("DELETE FROM disclosure_publication")
    without_triggers("DELETE FROM ledger_seal WHERE entry_id IN (SELECT id FROM ledger_entry WHERE number = %s)", [last])
    without_triggers("DELETE FROM ledger_entry WHERE number = %s", [last])
    (found,) = compare(rows)
    assert found.words == f"2026-03-02的锚点记有第{last}条，现在没有这一条：末尾的记录被删除。"


def test_a_changed_anchor_is_no_proof(county: County) -> None:
    county.published()
    (row,) = anchors(DAY)
    (found,) = compare([{**row, "count": row["count"] + 1}])
    assert found.words == "2026-03-02的锚点文件被改动：封签与内容不符。"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"kind": "gongkai-ledger-anchor", "anchors": [{}]}', '{"kind": "x", "anchors": []}', "锚"]
)
def test_anything_else_is_no_anchor(text: str) -> None:
    with pytest.raises(GongkaiError, match="这不是锚点文件"):
        read(text)


# --- what verify names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "number", "words"),
    [
        ("UPDATE ledger_entry SET reason = '补写' WHERE number = 3", 3, "的内容与它的摘要不符，记录被改动。"),
        ('UPDATE ledger_entry SET facts = \'{"index": "x"}\' WHERE number = 1', 1, "的内容与它的摘要不符，记录被改动。"),
        ("UPDATE ledger_entry SET occurred_on = '2026-01-05' WHERE number = 7", 7, "的内容与它的摘要不符，记录被改动。"),
        ("UPDATE ledger_entry SET duty = 'auditor' WHERE number = 2", 2, "的内容与它的摘要不符，记录被改动。"),
        ("UPDATE ledger_entry SET person_id = NULL WHERE number = 4", 4, "的内容与它的摘要不符，记录被改动。"),
        ("UPDATE ledger_entry SET recorded_at = '2020-01-01 00:00:00+00:00' WHERE number = 4", 4, "的内容与它的摘要不符，记录被改动。"),
        ("UPDATE ledger_entry SET digest = previous WHERE number = 5", 5, "的内容与它的摘要不符，记录被改动。"),
    ],
)
def test_verify_names_the_changed_entry(county: County, sql: str, number: int, words: str) -> None:
    county.published()
    without_triggers(sql)
    found = first_of_chain()
    assert (found.number, found.county) == (number, "yunchuan/")
    assert found.words.endswith(words)


def test_verify_names_entries_deleted_in_the_middle(county: County) -> None:
    county.draft()
    county.draft(title="第二条")
    county.draft(title="第三条")
    county.draft(title="第四条")
    without_triggers("DELETE FROM ledger_seal WHERE entry_id IN (SELECT id FROM ledger_entry WHERE number IN (2, 3))")
    without_triggers("DELETE FROM ledger_entry WHERE number IN (2, 3)")
    found = first_of_chain()
    assert (found.number, found.words) == (2, "第2条到第3条缺失，下一条是第4条。")


def test_verify_names_the_first_entry_when_it_is_deleted(county: County) -> None:
    county.draft()
    county.draft(title="第二条")
    without_triggers("DELETE FROM ledger_seal WHERE entry_id IN (SELECT id FROM ledger_entry WHERE number = 1)")
    without_triggers("DELETE FROM ledger_entry WHERE number = 1")
    assert first_of_chain() == Broken("yunchuan/", 1, "第1条缺失，下一条是第2条。")


def test_verify_finds_a_deleted_last_entry_by_the_row_it_proved(county: County) -> None:
    """The chain before it holds; but the item that the entry began is still there."""
    county.draft()
    item = county.draft(title="第二条")
    without_triggers("DELETE FROM ledger_seal WHERE entry_id IN (SELECT id FROM ledger_entry WHERE number = 2)")
    without_triggers("DELETE FROM ledger_entry WHERE number = 2")
    told = [found.words for found in verify()]
    assert f"信息“{item}”（{item.index_number}）没有台账记录。" in told


def test_verify_names_swapped_entries(county: County) -> None:
    for title in ("一", "二", "三", "四"):
        county.draft(title=title)
    without_triggers("UPDATE ledger_entry SET number = 99, previous = 'x' WHERE number = 2")
    without_triggers("UPDATE ledger_entry SET number = 2 WHERE number = 3")
    without_triggers("UPDATE ledger_entry SET number = 3 WHERE number = 99")
    assert first_of_chain().number == 2


def test_verify_names_an_inserted_entry(county: County) -> None:
    county.draft()
    county.draft(title="第二条")
    without_triggers("UPDATE ledger_entry SET number = number + 1 WHERE number = 2")
    made = LedgerEntry.objects.get(number=1)
    forged = LedgerEntry(
        county=made.county, number=2, previous=made.digest, person=made.person, agency=made.agency, duty=made.duty, action=made.action,
        object_kind=made.object_kind, object_id=made.object_id, occurred_on=made.occurred_on, recorded_at=made.recorded_at, facts={},
        sealed=LedgerEntry.objects.get(number=3).sealed,
    )  # fmt: skip
    # The one that stood there named the first as well: the database does not let two follow the same.
    without_triggers("UPDATE ledger_entry SET previous = 'x' WHERE number = 3")
    forged.digest = forged.computed_digest()
    forged.save(force_insert=True)
    found = first_of_chain()
    assert (found.number, found.words) == (3, "第3条与上一条接不上，中间有记录被改动或者删除。")


def test_a_stretch_is_proved_alone(county: County) -> None:
    county.published()
    without_triggers("UPDATE ledger_entry SET reason = '补写' WHERE number = 6")
    assert list(stretch("yunchuan/", 1, 5)) == []
    assert [found.number for found in stretch("yunchuan/", 3, 7)] == [6]


def test_verify_names_a_file_that_was_changed_or_is_gone(county: County) -> None:
    from gongkai.web.disclosure import actions

    item = county.draft()
    actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name="名单.txt", data="植树点名单二".encode())
    item.refresh_from_db()
    place = lies_at(item.current.content["attachments"][0]["digest"])
    kept = place.read_bytes()
    try:
        place.write_bytes("别的内容".encode())
        assert any(found.words.endswith("的内容与它的摘要不符，文件被改动。") for found in verify())
        place.unlink()
        assert any("的附件“名单.txt”不见了。" in found.words for found in verify())
    finally:
        place.write_bytes(kept)
    assert list(verify()) == []


# --- the commands -------------------------------------------------------------------------------------------------------


def test_the_commands_write_and_compare(county: County, tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(GongkaiError, match="台账还没有记录"):
        commands.anchor(None, say=told.append)
    county.published()
    commands.anchor(None, say=told.append)
    file = tmp_path / "anchor.json"
    commands.anchor(file, say=told.append)
    assert json.loads(told[0]) == json.loads(file.read_text(encoding="utf-8"))
    with pytest.raises(GongkaiError, match="已经存在"):
        commands.anchor(file, say=told.append)
    told.clear()
    assert commands.verify(anchors=[file], say=told.append) == 0
    assert told[0].endswith("前后相接，内容与摘要一致，与1个锚点相符。")
    written_anew(1, reason="补写")
    assert commands.verify(anchors=[file], say=told.append) >= 1
    assert "与" in told[1] and "的锚点不符" in told[1]
    with pytest.raises(GongkaiError, match="读不了"):
        commands.verify(anchors=[tmp_path / "none.json"], say=told.append)


def test_an_anchor_costs_no_more_than_a_count(county: County, django_assert_max_num_queries: object) -> None:
    county.published()
    with django_assert_max_num_queries(4, connection=connection):  # type: ignore[operator]
        anchors(DAY)


# --- the daily anchor ---------------------------------------------------------------------------------------------------


@pytest.fixture
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def test_the_worker_writes_one_anchor_a_day(county: County, data: Path) -> None:
    assert write_daily() == 0
    county.published()
    assert [write_daily(), write_daily()] == [1, 0]
    (file,) = (data / "anchors").iterdir()
    assert file.name == f"{moment.today().isoformat()}.json"
    assert read(file.read_text(encoding="utf-8")) == anchors(moment.today())


def test_verify_asks_the_newest_daily_anchor_by_itself(county: County, data: Path) -> None:
    told: list[str] = []
    county.published()
    assert commands.verify(say=told.append) == 0
    assert told[1:] == [
        "没有锚点可以比对：台账末尾如果被删去几条，这次核对看不出来（没有另存过锚点的记载）。请用 --anchor 给出另外保存的锚点。"
    ]
    write_daily()
    commands.anchor(data / "out.json", say=told.append)
    told.clear()
    assert commands.verify(say=told.append) == 0
    today = moment.today().isoformat()
    assert told[1:] == [
        f"只比对了数据目录里的每日锚点（{today}，到yunchuan/第7条）：在它以后删去的末尾看不出来；"
        f"能改数据库的人往往也改得了它（最近一次另存锚点是{today}）。请用 --anchor 给出另外保存的锚点。"
    ]
    assert commands.verify(anchors=[data / "out.json"], say=told.append) == 0
    told.clear()
    for table in ("disclosure_delivery", "disclosure_publication", "ledger_seal WHERE entry_id = (SELECT MAX(id) FROM ledger_entry)"):
        without_triggers(f"DELETE FROM {table}")
    without_triggers("DELETE FROM ledger_entry WHERE number = 7")
    assert commands.verify(say=told.append) >= 1
    assert told[0] == f"yunchuan/第7条：{today}的锚点记有第7条，现在没有这一条：末尾的记录被删除。"
    (data / "anchors" / f"{today}.json").write_text("{}", encoding="utf-8")
    told.clear()
    assert commands.verify(say=told.append) >= 1
    assert told[0] == f"数据目录里的每日锚点 {today}.json 读不出来，被改动。"


def test_an_entry_that_comes_while_the_anchor_is_taken_does_not_count(county: County) -> None:
    """Between asking for the last entry and counting, somebody else acts: the anchor still fits the chain."""
    county.draft()
    asked: list[str] = []

    def meanwhile(execute: Any, sql: str, *more: Any) -> Any:
        if "COUNT(" in sql and not asked:
            asked.append(sql)
            county.draft()
        return execute(sql, *more)

    with connection.execute_wrapper(meanwhile):
        rows = anchors(DAY)
    assert asked and (rows[0]["number"], rows[0]["count"]) == (1, 1)
    assert LedgerEntry.objects.count() == 2 and list(compare(rows)) == []
