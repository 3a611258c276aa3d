"""What both databases refuse by themselves, said once for each: used in migrations."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def by_vendor(*, sqlite: str, postgresql: str, undo_sqlite: str, undo_postgresql: str) -> migrations.RunPython:
    """A migration step whose SQL differs between the two databases."""

    def run(schema_editor: Any, choice: dict[str, str]) -> None:
        vendor = schema_editor.connection.vendor
        with schema_editor.connection.cursor() as cursor:
            for statement in choice[vendor].split(";;"):
                if statement.strip():
                    cursor.execute(statement)

    return migrations.RunPython(
        lambda apps, editor: run(editor, {"sqlite": sqlite, "postgresql": postgresql}),
        lambda apps, editor: run(editor, {"sqlite": undo_sqlite, "postgresql": undo_postgresql}),
    )


def append_only(table: str, words: str, *, columns: tuple[str, ...] = ()) -> migrations.RunPython:
    """Triggers that refuse to change or delete a row of ``table``; with ``columns`` only those may not change.

    ``words`` is the Chinese sentence that the database answers with.
    """
    when_lite = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
    when_pg = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
    lite = f"WHEN {when_lite} " if columns else ""
    post = f"WHEN ({when_pg}) " if columns else ""
    return by_vendor(
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

    return [migrations.RunPython(put_by, put_back), *operations, migrations.RunPython(put_back, put_by)]
