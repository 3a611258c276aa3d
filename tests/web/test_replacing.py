"""Past the platform, with a connection of one's own to SQLite: nothing that is kept can be replaced, moved or written over.

SQLite's ``OR REPLACE`` removes the row in the way without asking the triggers of deletion, and a foreign connection has neither foreign
keys nor recursive triggers. So the cases are made from the tables as they are: a new one is tried as well.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from django.db import Error, IntegrityError, connection, transaction

from gongkai.web.demo.load import load
from gongkai.web.disclosure import actions
from gongkai.web.ledger.models import Seal
from gongkai.web.ledger.seals import sealed_models
from gongkai.web.settings.triggers import taken_keys
from tests.web.conftest import DAY, County
from tests.web.test_guards import triggers

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no OR REPLACE; ON CONFLICT DO UPDATE is tried below")


@pytest.fixture
def file(db: None) -> Iterator[sqlite3.Connection]:
    """The small demo as somebody has it who opens the file with a connection of his own."""
    load(small=True)
    own = sqlite3.connect(":memory:", isolation_level=None)
    own.deserialize(connection.connection.serialize())
    yield own
    own.close()


def guarded() -> list[str]:
    """The tables whose rows may not be deleted."""
    return sorted(table for name, table in triggers().items() if name == f"{table}_no_delete")


def columns(own: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in own.execute(f'PRAGMA table_info("{table}")')]


def attempts(own: sqlite3.Connection, table: str) -> Iterator[str]:
    """What one could try on a table: each would leave another row where the first one is."""
    names = columns(own, table)
    key = next(row[1] for row in own.execute(f'PRAGMA table_info("{table}")') if row[5])
    other = next(name for name in names if name != key)
    listed = ", ".join(f'"{name}"' for name in names)
    (first,) = own.execute(f'SELECT MIN("{key}") FROM "{table}"').fetchone()
    same = f'SELECT {listed} FROM "{table}" WHERE "{key}" = {first}'
    for verb in ("INSERT OR REPLACE INTO", "REPLACE INTO"):
        yield f'{verb} "{table}" ({listed}) {same}'
        if has_another_key(own, table, f'"{key}" = {first}'):
            moved = ", ".join("9000001" if name == key else f'"{name}"' for name in names)
            yield f'{verb} "{table}" ({listed}) SELECT {moved} FROM "{table}" WHERE "{key}" = {first}'
    yield f'INSERT INTO "{table}" ({listed}) {same} ON CONFLICT ("{key}") DO UPDATE SET "{other}" = excluded."{other}"'
    (last,) = own.execute(f'SELECT MAX("{key}") FROM "{table}"').fetchone()
    if last != first:
        yield f'UPDATE OR REPLACE "{table}" SET "{key}" = {first} WHERE "{key}" = {last}'
    yield f'UPDATE "{table}" SET rowid = 9000001 WHERE "{key}" = {first}'
    yield f'DELETE FROM "{table}" WHERE "{key}" = {first}'


def has_another_key(own: sqlite3.Connection, table: str, row: str) -> bool:
    """Whether that row is also in the way of one under another number."""
    keys = [
        " AND ".join([row, *(f'"{name}" IS NOT NULL' for name in names), *([condition] if condition else [])])
        for names, condition in taken_keys(own.cursor(), table)[1:]
    ]
    return any(own.execute(f'SELECT 1 FROM "{table}" WHERE {key}').fetchone() for key in keys)


def refused(own: sqlite3.Connection, sql: str) -> bool:
    """Whether one of our own guards refuses, in Chinese: a constraint of SQLite's would give way to OR REPLACE."""
    try:
        own.execute(sql)
    except sqlite3.IntegrityError as error:
        return any("\u4e00" <= letter <= "\u9fff" for letter in str(error))
    return False


@only_sqlite
@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_nothing_kept_can_be_replaced(file: sqlite3.Connection) -> None:
    assert not file.execute("PRAGMA recursive_triggers").fetchone()[0]
    tried = 0
    for table in guarded():
        if not file.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0]:
            continue
        before = file.execute(f'SELECT * FROM "{table}"').fetchall()
        for sql in attempts(file, table):
            tried += 1
            assert refused(file, sql), sql
        assert file.execute(f'SELECT * FROM "{table}"').fetchall() == before
    assert tried > 100


@only_sqlite
@pytest.mark.django_db
def test_the_guards_know_every_unique_key_there_is() -> None:
    """A unique key that a later migration adds to a guarded table must be in its guards, or it could be used to push a row out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        laid = dict(cursor.fetchall())
        for table in guarded():
            for names, condition in taken_keys(cursor, table):
                for guard in ("no_replace", "no_push_out"):
                    sql = laid[f"{table}_{guard}"]
                    assert " AND ".join(f'kept."{name}" = NEW."{name}"' for name in names) in sql, (table, guard, names)
                    assert condition in sql, (table, guard, condition)


@pytest.mark.django_db
def test_every_sealed_table_is_noted() -> None:
    """A table whose rows acts write is noted by triggers, or is in ``LEFT_OUT`` with the reason."""
    noted = {table for name, table in triggers().items() if "_noted" in name}
    assert noted == set(sealed_models())
    assert all(model._meta.pk.column == "id" for model in sealed_models().values())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is tried above, table by table")
def test_nothing_kept_can_be_written_over_on_postgresql(county: County) -> None:
    county.published()
    for table in guarded():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            if not cursor.fetchone()[0]:
                continue
            cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
            names = [row[0] for row in cursor.fetchall()]
            cursor.execute(
                "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] "
                "WHERE i.indisprimary AND i.indrelid = %s::regclass", [table],
            )  # fmt: skip
            (key,) = cursor.fetchone()
        listed = ", ".join(f'"{name}"' for name in names)
        moved = f'"{key}" = "{table}"."{key}" + 1000000'
        for sql in (
            f'INSERT INTO "{table}" ({listed}) SELECT {listed} FROM "{table}" LIMIT 1 ON CONFLICT ("{key}") DO UPDATE SET {moved}',
            f'UPDATE "{table}" SET {moved}',
            f'DELETE FROM "{table}"',
            f'TRUNCATE "{table}" CASCADE',
        ):
            with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


# --- what a row may become, and what not ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE disclosure_publication SET withdrawn_on = '2026-03-02', withdrawal_id = {first}", "撤回必须有本条信息的台账记录"),
        ("UPDATE disclosure_publication SET withdrawn_on = '2026-03-02', withdrawal_id = entry_id", "撤回必须有本条信息的台账记录"),
        ("UPDATE disclosure_item SET title = '改过'", "必须与当前这一稿相同"),
        ("UPDATE disclosure_item SET kind = 'joint'", "必须与当前这一稿相同"),
        ("UPDATE disclosure_item SET \"column\" = 'a20_1'", "必须与当前这一稿相同"),
        ("UPDATE disclosure_item SET formed_on = '2026-01-01'", "必须与当前这一稿相同"),
        ("UPDATE disclosure_item SET primary_channel = 'wechat'", "必须与当前这一稿相同"),
        ("UPDATE disclosure_item SET attribute = 'on_request'", "必须与当前这一稿相同"),
        ("UPDATE disclosure_item SET current_id = NULL", "不能退回旧稿"),
        ("UPDATE disclosure_item SET index_number = 'X/2026-1' WHERE id = (SELECT MIN(id) FROM disclosure_item)", "不能改动"),
        ("UPDATE disclosure_item SET is_discarded = {true}", "作废必须有台账记录"),
        ("UPDATE disclosure_delivery SET evidence = 'x' WHERE confirmed_on IS NULL", "只能在登记时写入"),
        ("UPDATE review_run SET state = 'recalled' WHERE state = 'open'", "审查只能由通过、退回、撤回或者新的一稿结束"),
        ("UPDATE review_run SET state = 'completed' WHERE state = 'open'", "审查只能由通过、退回、撤回或者新的一稿结束"),
        ("UPDATE review_run SET state = 'returned' WHERE state = 'open'", "审查只能由通过、退回、撤回或者新的一稿结束"),
        ("UPDATE review_run SET state = 'void' WHERE state = 'open'", "审查只能由通过、退回、撤回或者新的一稿结束"),
        ("UPDATE review_serial SET last = 1", "只能往后增加"),
        ("UPDATE review_serial SET year = 2020", "不能改动"),
        ("DELETE FROM review_serial", "不能改动或者删除"),
        ("DELETE FROM disclosure_item", "信息不能删除"),
    ],
)
def test_a_row_becomes_only_what_an_act_made_it(county: County, sql: str, words: str) -> None:
    county.published(channels=("wechat",))
    county.reviewed(county.draft(title="正在审查的"), stop_after=1)
    first = Seal.objects.order_by("pk").values_list("pk", flat=True)[0]
    with pytest.raises(IntegrityError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(first=first, true="1" if connection.vendor == "sqlite" else "true"))


def test_what_was_withdrawn_or_discarded_stays_so(county: County) -> None:
    head, drafter = county.person("qinghe", "office_head"), county.person("qinghe", "drafter")
    actions.withdraw(person=head, on=DAY, publication=county.published(), reason="有误")
    actions.discard(person=drafter, on=DAY, item=county.draft(title="不用了"), reason="重复")
    for sql in (
        "UPDATE disclosure_publication SET withdrawn_on = NULL, withdrawal_id = NULL",
        "UPDATE disclosure_publication SET withdrawn_on = '2026-03-03'",
        f"UPDATE disclosure_item SET is_discarded = {'0' if connection.vendor == 'sqlite' else 'false'} WHERE is_discarded",
    ):
        with pytest.raises(IntegrityError, match="后不能"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
