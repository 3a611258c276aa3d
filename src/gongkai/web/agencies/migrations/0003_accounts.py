"""What is kept of sign-ins stays as it was written."""

from __future__ import annotations

from django.db import migrations

from gongkai.web.settings.triggers import by_vendor

WORDS = "登录记录只能追加，保存满184天以前不能删除"
TABLE = "agencies_signinrecord"


class Migration(migrations.Migration):
    """The guards."""

    dependencies = [("agencies", "0002_powers_apart")]
    operations = [
        by_vendor(
            sqlite=(
                f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END;;"
                f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} WHEN OLD.at > datetime('now', '-184 days') "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            ),
            postgresql=(
                f"CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$;;"
                f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse();;"
                f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW "
                f"WHEN (OLD.at > now() - interval '184 days') EXECUTE FUNCTION {TABLE}_refuse();;"
                f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()"
            ),
            undo_sqlite=f"DROP TRIGGER {TABLE}_no_update;;DROP TRIGGER {TABLE}_no_delete",
            undo_postgresql=(
                f"DROP TRIGGER {TABLE}_no_update ON {TABLE};;DROP TRIGGER {TABLE}_no_delete ON {TABLE};;"
                f"DROP TRIGGER {TABLE}_no_truncate ON {TABLE};;DROP FUNCTION {TABLE}_refuse()"
            ),
        ),
    ]
