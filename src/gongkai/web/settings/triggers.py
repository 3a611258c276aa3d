"""What both databases refuse by themselves, said once for each: used in migrations."""

from __future__ import annotations

import re
from typing import Any

from django.db import migrations, router


class Statements(migrations.RunPython):
    """Statements of the database's own, which ask for no models.

    Django would render every model as it was then before each such step: on an empty database that was half of the whole migration.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Run the statements."""
        self._run(self.code, app_label, schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Run those that undo them."""
        self._run(self.reverse_code, app_label, schema_editor)

    def _run(self, code: Any, app_label: str, schema_editor: Any) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label, **self.hints):
            code(None, schema_editor)


def by_vendor(*, sqlite: str, postgresql: str, undo_sqlite: str, undo_postgresql: str) -> migrations.RunPython:
    """A migration step whose SQL differs between the two databases."""

    def run(schema_editor: Any, choice: dict[str, str]) -> None:
        vendor = schema_editor.connection.vendor
        with schema_editor.connection.cursor() as cursor:
            for statement in choice[vendor].split(";;"):
                if statement.strip():
                    cursor.execute(statement)

    return Statements(
        lambda apps, editor: run(editor, {"sqlite": sqlite, "postgresql": postgresql}),
        lambda apps, editor: run(editor, {"sqlite": undo_sqlite, "postgresql": undo_postgresql}),
    )


def together(*steps: migrations.RunPython) -> migrations.RunPython:
    """Many steps as one: for every step of a migration Django copies all models once more, which takes longer than the step itself."""
    return Statements(
        lambda apps, editor: _each(apps, editor, [step.code for step in steps]),
        lambda apps, editor: _each(apps, editor, [step.reverse_code for step in reversed(steps)]),
    )


def _each(apps: Any, editor: Any, steps: list[Any]) -> None:
    for step in steps:
        step(apps, editor)


def append_only(table: str, words: str, *, columns: tuple[str, ...] = ()) -> migrations.RunPython:
    """Triggers that refuse to change, replace or delete a row of ``table``; with ``columns`` only those, and its id, may not change.

    ``words`` is the Chinese sentence that the database answers with. On SQLite, ``INSERT OR REPLACE`` and ``UPDATE OR REPLACE`` remove
    what is in their way without asking the triggers of deletion: so there nothing may be written over a key that is taken.
    """
    kept = ("id", *(name.strip('"') for name in columns))
    when_lite = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in kept)
    when_pg = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in kept)
    lite = f"WHEN {when_lite} " if columns else ""
    post = f"WHEN ({when_pg}) " if columns else ""
    changed = by_vendor(
        sqlite=(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {lite}BEGIN SELECT RAISE(ABORT, '{words}'); END;;"
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        ),
        postgresql=(
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END $$;;"
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {post}EXECUTE FUNCTION {table}_refuse();;"
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse();;"
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
        ),
        undo_sqlite=f"DROP TRIGGER {table}_no_update;;DROP TRIGGER {table}_no_delete",
        undo_postgresql=(
            f"DROP TRIGGER {table}_no_update ON {table};;DROP TRIGGER {table}_no_delete ON {table};;"
            f"DROP TRIGGER {table}_no_truncate ON {table};;DROP FUNCTION {table}_refuse()"
        ),
    )
    return _then(changed, _lay_no_replace(table, words), _lift_no_replace(table))


def never_replaced(table: str, words: str) -> migrations.RunPython:
    """The guard against replacing alone, for a table whose rows have guards of their own against change and deletion."""
    return _then(Statements(_nothing, _nothing), _lay_no_replace(table, words), _lift_no_replace(table))


def renewed_guards() -> migrations.RunPython:
    """The guards against replacing, laid anew from the unique keys that there are now.

    Django makes the indexes of a new table when its migration is over, so those laid in the same migration do not know them yet; and a
    later migration may add a key. ``tests/web/test_replacing.py`` says when this is needed.
    """

    def renew(apps: Any, editor: Any) -> None:
        if editor.connection.vendor != "sqlite":
            return
        with editor.connection.cursor() as cursor:
            cursor.execute("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name = tbl_name || '_no_replace'")
            laid = [(table, re.search(r"ABORT, '(.*)'\)", sql)) for table, sql in cursor.fetchall()]
        for table, words in laid:
            _lift_no_replace(table)(editor)
            _lay_no_replace(table, words[1] if words else "")(editor)

    return Statements(renew, _nothing)


def _nothing(apps: Any, editor: Any) -> None:
    """The step that does nothing."""


def _then(step: migrations.RunPython, more: Any, less: Any) -> migrations.RunPython:
    """The step and something after it, as one step, so that a migration may list them unpacked."""

    def forwards(apps: Any, editor: Any) -> None:
        step.code(apps, editor)
        more(editor)

    def backwards(apps: Any, editor: Any) -> None:
        less(editor)
        step.reverse_code(apps, editor)

    return Statements(forwards, backwards)


def _lay_no_replace(table: str, words: str) -> Any:
    def lay(editor: Any) -> None:
        if editor.connection.vendor != "sqlite":
            return
        with editor.connection.cursor() as cursor:
            taken = taken_keys(cursor, table)
            insert = " OR ".join(_is_taken(table, key, "") for key in taken)
            change = " OR ".join(_is_taken(table, key, "AND kept.rowid <> OLD.rowid ") for key in taken)
            for name, event, when in ((f"{table}_no_replace", "INSERT", insert), (f"{table}_no_push_out", "UPDATE", change)):
                cursor.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END")

    return lay


def _lift_no_replace(table: str) -> Any:
    def lift(editor: Any) -> None:
        if editor.connection.vendor == "sqlite":
            with editor.connection.cursor() as cursor:
                cursor.execute(f"DROP TRIGGER {table}_no_replace")
                cursor.execute(f"DROP TRIGGER {table}_no_push_out")

    return lift


Key = tuple[tuple[str, ...], str]


def taken_keys(cursor: Any, table: str) -> list[Key]:
    """What must be there once only in a table of SQLite: columns, and for a partial index the condition under which they must."""
    cursor.execute(f'PRAGMA table_info("{table}")')
    found: list[Key] = [(tuple(row[1] for row in cursor.fetchall() if row[5]), "")]
    cursor.execute(f'PRAGMA index_list("{table}")')
    for _, index, is_unique, *_ in cursor.fetchall():
        if not is_unique:
            continue
        cursor.execute(f'PRAGMA index_info("{index}")')
        columns = tuple(row[2] for row in cursor.fetchall())
        if None in columns:
            raise NotImplementedError(f"{index} is over an expression: no guard against replacing is known for it")
        cursor.execute(f"SELECT sql FROM sqlite_master WHERE type = 'index' AND name = '{index}'")  # noqa: S608 - our own name
        row = cursor.fetchone()
        condition = re.search(r"\bWHERE\b(.*)", (row[0] if row else "") or "", re.DOTALL)
        found.append((columns, condition[1].strip() if condition else ""))
    return list(dict.fromkeys(found))


def _is_taken(table: str, key: Key, but: str) -> str:
    """The condition that another row has the key of the new one. Both must be rows that a partial index covers."""
    columns, condition = key
    same = " AND ".join(f'kept."{name}" = NEW."{name}"' for name in columns)
    covered = f"AND ({condition}) " if condition else ""
    asked = f" AND ({_QUOTED.sub(_NEW, condition)})" if condition else ""
    return f"(EXISTS (SELECT 1 FROM {table} kept WHERE {same} {but}{covered}){asked})"  # noqa: S608 - the migrations' own names


_QUOTED, _NEW = re.compile(r'"(\w+)"'), r'NEW."\1"'


def refuse_when(table: str, name: str, event: str, when: tuple[str, str], words: str) -> migrations.RunPython:
    """The trigger ``name``, which refuses ``event`` on a row of ``table`` when the condition (SQLite's, PostgreSQL's) holds."""
    lite, post = when
    return by_vendor(
        sqlite=f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {lite} BEGIN SELECT RAISE(ABORT, '{words}'); END",
        postgresql=(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {post} THEN "
            f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$;;"
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        ),
        undo_sqlite=f"DROP TRIGGER {name}",
        undo_postgresql=f"DROP TRIGGER {name} ON {table};;DROP FUNCTION {name}()",
    )


def noted(table: str) -> migrations.RunPython:
    """Triggers that note which rows of ``table`` are written, for the seal of the act (``gongkai.web.ledger.seals``)."""
    note = 'INSERT INTO ledger_touched (kind, "row", "transaction") VALUES'
    events = (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    return by_vendor(
        sqlite=";;".join(
            f"CREATE TRIGGER {table}_noted_{event.lower()} AFTER {event} ON {table} BEGIN {note} ('{table}', {row}.id, 0); END"
            for event, row in events
        ),
        postgresql=(
            f"CREATE TRIGGER {table}_noted AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_note()"
        ),
        undo_sqlite=";;".join(f"DROP TRIGGER {table}_noted_{event.lower()}" for event, _ in events),
        undo_postgresql=f"DROP TRIGGER {table}_noted ON {table}",
    )


def across(table: str, *operations: Any) -> list[Any]:
    """``operations`` that alter ``table``, with every trigger that names it put back afterwards.

    SQLite makes such a table anew: its own triggers would be gone, and those of other tables that name it would stop the change.
    """
    kept: dict[str, str] = {}

    def put_by(apps: Any, editor: Any) -> None:
        if editor.connection.vendor != "sqlite":
            return
        with editor.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            kept.update({name: sql for name, sql in cursor.fetchall() if table in sql})
            for name in kept:
                cursor.execute(f'DROP TRIGGER "{name}"')

    def put_back(apps: Any, editor: Any) -> None:
        with editor.connection.cursor() as cursor:
            for sql in kept.values():
                cursor.execute(sql)
        kept.clear()

    return [Statements(put_by, put_back), *operations, Statements(put_back, put_by)]
