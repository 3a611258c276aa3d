"""The database keeps the three powers apart: one person never holds posts of two of them at once, nor one of them and a working post."""

from __future__ import annotations

from django.db import migrations

from gongkai.web.settings.triggers import by_vendor

WORDS = "同一个人不能同时担任不同权限类别的岗位（三权分立）"
CLASH = (
    "SELECT 1 FROM agencies_post other WHERE other.person_id = NEW.person_id AND other.power <> NEW.power "
    "AND other.id <> COALESCE(NEW.id, -1) AND (other.until_on IS NULL OR other.until_on >= NEW.from_on) "
    "AND (NEW.until_on IS NULL OR NEW.until_on >= other.from_on)"
)


def _lite(when: str) -> str:
    return (
        f"CREATE TRIGGER post_powers_{when.lower()} BEFORE {when} ON agencies_post WHEN EXISTS ({CLASH}) "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )


class Migration(migrations.Migration):
    """The guards."""

    dependencies = [("agencies", "0001_initial")]
    operations = [
        by_vendor(
            sqlite=f"{_lite('INSERT')};;{_lite('UPDATE')}",
            postgresql=(
                "CREATE FUNCTION post_powers() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                # Two posts given to one person at once must not both pass: the person's row is the lock.
                "PERFORM 1 FROM agencies_person WHERE id = NEW.person_id FOR UPDATE; "
                f"IF EXISTS ({CLASH}) THEN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                "RETURN NEW; END $$;;"
                "CREATE TRIGGER post_powers BEFORE INSERT OR UPDATE ON agencies_post FOR EACH ROW EXECUTE FUNCTION post_powers()"
            ),
            undo_sqlite="DROP TRIGGER post_powers_insert;;DROP TRIGGER post_powers_update",
            undo_postgresql="DROP TRIGGER post_powers ON agencies_post;;DROP FUNCTION post_powers()",
        ),
    ]
