"""What the database itself refuses is still there after every migration: SQLite makes altered tables anew and forgets their triggers."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from gongkai.web.ledger.models import LedgerEntry

# Guards that no other guard makes up for, by name.
GUARDS = {
    "step_four_eyes", "step_by_no_author", "step_by_the_approver", "run_stays_closed", "publication_reviewed",
    "publication_of_approved_file", "publication_batch_kept", "pastrun_decided_once", "pastrun_cleared_once",
    "pastrun_beginning_kept", "catalogrun_decided_once", "catalogrow_of_approved_file",
    "publication_withdrawn_once", "item_repeats_current", "item_discarded_by_act", "delivery_proof_kept", "run_closed_by_act",
    "serial_only_grows",
}  # fmt: skip
# Tables whose rows may go although they name an entry, and why.
MAY_GO: dict[str, str] = {}


def triggers() -> dict[str, str]:
    """Trigger → its table, as the database has them now."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal")
        return dict(cursor.fetchall())


def proven_tables() -> list[str]:
    """The tables whose rows name a ledger entry, and the ledger's own."""
    named = [
        model._meta.db_table
        for model in apps.get_models()
        if any(field.is_relation and field.many_to_one | bool(field.one_to_one) and field.related_model is LedgerEntry and field.concrete
               for field in model._meta.get_fields())
    ]  # fmt: skip
    return sorted({*named, LedgerEntry._meta.db_table})


def past_guard(name: str, sql: str, values: list[object] | None = None) -> None:
    """Do what that one guard refuses, so that what stands behind it can be tried."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [name])
            (laid,) = cursor.fetchone()
            cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(sql, values)
            cursor.execute(laid)
        else:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(sql, values)
            cursor.execute("SET session_replication_role = origin")


@pytest.mark.django_db
def test_the_guards_stand() -> None:
    powers = {"post_powers_insert", "post_powers_update"} if connection.vendor == "sqlite" else {"post_powers"}
    assert sorted((GUARDS | powers) - set(triggers())) == []


@pytest.mark.django_db
@pytest.mark.parametrize("table", proven_tables())
def test_a_row_that_names_its_entry_cannot_be_deleted(table: str) -> None:
    assert table in MAY_GO or triggers().get(f"{table}_no_delete") == table
    assert triggers().get(f"{table}_no_update", table) == table
