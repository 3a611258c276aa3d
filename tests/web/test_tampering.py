"""Somebody who owns the database changes one cell, or takes away one row: ``gongkai verify`` names it, and never stumbles."""

from __future__ import annotations

import datetime
import os
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from gongkai.web.demo.load import load
from gongkai.web.disclosure import actions
from gongkai.web.ledger.models import LedgerEntry, Seal
from gongkai.web.ledger.proof import Broken, verify
from gongkai.web.ledger.seals import BY_DIGEST, LEFT_OUT, sealed_models
from tests.web.conftest import DAY, County
from tests.web.test_ledger import without_triggers

TIMES = 400 if os.environ.get("GONGKAI_TESTS") == "deep" else 40


class Undone(Exception):
    """Ends an attempt, so that the next one finds everything as it was."""


def after(sql: str, values: list[Any]) -> list[Broken] | None:
    """What ``verify`` names after that statement; ``None`` when it changed nothing or the database would not even hold it."""
    found: list[Broken] | None = None
    checking("ON")
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                found = list(verify()) if cursor.rowcount else None
            raise Undone
    except (Undone, DatabaseError):
        return found
    finally:
        checking("OFF")


def checking(ignored: str) -> None:
    """Let SQLite ignore its checks, or mind them again: the connection is that of all tests."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA ignore_check_constraints = {ignored}")


def other(field: models.Field[Any, Any], value: Any, chance: random.Random) -> Any:
    """Another value for a cell; on SQLite also one that is none of its column's."""
    if connection.vendor == "sqlite" and chance.random() < 0.3:
        return chance.choice(["谁", "{", "2026-13-45", b"\xff", -1, 1.5])
    if isinstance(field, models.JSONField):
        return '{"x": 1}' if value != {"x": 1} else "[]"
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, (models.DateTimeField, models.DateField)):
        return datetime.datetime(2001, 1, chance.randrange(1, 28), tzinfo=datetime.UTC)
    if isinstance(field, models.DecimalField):
        return Decimal(value or 0) + 1
    if isinstance(field, (models.IntegerField, models.ForeignKey)):
        return (value or 0) + 1
    return f"{value or ''}改"[-(field.max_length or 60) :]


def cells(chance: random.Random) -> Iterator[tuple[str, str, Any, Any]]:
    """A cell of a row of a table, each drawn by chance, and what somebody writes there."""
    known = [model for model in (*sealed_models().values(), LedgerEntry, Seal) if model.objects.exists()]
    while True:
        model: Any = chance.choice(known)
        row = chance.choice(list(model.objects.order_by("pk").values_list("pk", flat=True)[:2000]))
        field = chance.choice([field for field in model._meta.concrete_fields if not field.primary_key])
        value = model.objects.filter(pk=row).values_list(field.attname, flat=True).get()
        yield model._meta.db_table, field.column, row, other(field, value, chance)


@pytest.mark.django_db
@pytest.mark.timeout(900)
def test_any_cell_that_is_changed_is_named() -> None:
    load(small=True)
    without_triggers("SELECT 1")
    chance, tried = random.Random(711), 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
    for table, column, row, value in cells(chance):
        key = "entry_id" if table == "ledger_seal" else "id"
        found = after(f'UPDATE "{table}" SET "{column}" = %s WHERE "{key}" = %s', [value, row])
        if found is not None:
            tried += 1
            assert found, (table, column, row, value)
            assert any(broken.number for broken in found), (table, column, row, value, found)
        if tried == TIMES:
            break
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("DELETE FROM disclosure_delivery WHERE channel = 'wechat'", 7),
        ("UPDATE disclosure_delivery SET evidence = 'x' WHERE confirmed_on IS NULL", 7),
        ("UPDATE disclosure_publication SET primary_channel = 'wechat'", 7),
        ("UPDATE disclosure_publication SET withdrawn_on = '2026-03-02', withdrawal_id = (SELECT MIN(id) FROM ledger_entry)", 7),
        ("UPDATE disclosure_item SET index_number = 'X/2026-1'", 1),
        ("UPDATE disclosure_item SET title = '改过'", 1),
        ("UPDATE disclosure_item SET is_discarded = {true}", 1),
        ("UPDATE review_revision SET made_by_id = made_by_id + 1", 1),
        ("UPDATE review_revision SET number = 9", 1),
        ("UPDATE review_step SET comment = '改过' WHERE stage = 'first'", 3),
        ("UPDATE review_step SET checked = '[]' WHERE stage = 'secrecy'", 6),
        ("UPDATE review_run SET days = '{{}}'", 6),
        ("UPDATE review_serial SET last = 0", 1),
        ("DELETE FROM review_serial", 1),
        ("DELETE FROM review_step", 7),
        ("DELETE FROM review_run", 7),
        ("DELETE FROM ledger_seal WHERE entry_id = (SELECT MIN(id) FROM ledger_entry)", 1),
        ("UPDATE ledger_seal SET rows = 'x y z' WHERE entry_id = (SELECT MAX(id) FROM ledger_entry)", 7),
    ],
)
def test_verify_names_the_entry_after_which_it_was_so(county: County, sql: str, number: int) -> None:
    county.published(channels=("wechat",))
    without_triggers("SELECT 1")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
    found = after(sql.format(true="1" if connection.vendor == "sqlite" else "true"), [])
    assert found
    assert number in {broken.number for broken in found}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")


def test_a_withdrawal_cannot_be_undone_unseen(county: County) -> None:
    """What the row said before the withdrawal is proven too, but by an older seal: the newest counts."""
    publication = county.published()
    actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
    entry = LedgerEntry.objects.get(action="disclosure.withdraw")
    without_triggers("UPDATE disclosure_publication SET withdrawn_on = NULL, withdrawal_id = NULL")
    (found,) = verify()
    assert (found.number, found.words) == (
        entry.number, f"一行（disclosure_publication，编号{publication.pk}）与台账第{entry.number}条办理后的不符，被改动。",
    )  # fmt: skip


def test_a_row_that_no_act_wrote_is_named(county: County) -> None:
    item = county.draft()
    item.pk, item.index_number, item.current = None, "X/1", None
    item.save(force_insert=True)
    assert f"有一行（disclosure_item，编号{item.pk}）没有台账记录，不是由平台的办理写入的。" in [found.words for found in verify()]


def test_the_chain_covers_the_seals(county: County) -> None:
    """Whoever changes a row and the seal with it would have to write every later entry anew."""
    county.published()
    seal = Seal.objects.order_by("pk")[2]
    without_triggers("UPDATE ledger_seal SET rows = %s WHERE entry_id = %s", [seal.rows.replace("review_step ", "review_step 9"), seal.pk])
    first = next(verify())
    assert (first.number, first.words) == (3, "第3条的封存（这一条办理后各行的摘要）被改动或者删除。")


def test_a_refused_act_leaves_no_seal_and_no_note(county: County) -> None:
    from gongkai.errors import Refused
    from gongkai.web.ledger.models import Touched

    item = county.reviewed(county.draft(), stop_after=1)
    before = Seal.objects.count()
    with pytest.raises(Refused):
        actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
    assert (Seal.objects.count(), Touched.objects.filter(kind__startswith="review").count()) == (before, 0)


def test_what_is_left_out_is_there_and_says_why() -> None:
    from django.apps import apps

    tables = {model._meta.db_table for model in apps.get_models()}
    assert set(LEFT_OUT) <= tables
    assert all(LEFT_OUT.values())
    assert set(BY_DIGEST) <= set(sealed_models())
