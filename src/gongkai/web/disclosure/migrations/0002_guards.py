"""The database publishes only a revision whose review is complete, stage by stage, and keeps what was published."""

from __future__ import annotations

from django.db import migrations

from gongkai.web.settings.triggers import append_only, by_vendor

WORDS = "只有审查全部通过的那一稿才能发布"
_RUN = (
    "SELECT 1 FROM review_run run WHERE run.id = NEW.run_id AND run.state = 'completed' AND run.revision_id = NEW.revision_id "
    "AND run.subject_kind = 'disclosure.item' AND run.subject_id = NEW.item_id"
)
_PASSED = "(SELECT COUNT(*) FROM review_step step WHERE step.run_id = NEW.run_id AND step.is_passed)"
LITE = f"NOT EXISTS ({_RUN}) OR {_PASSED} <> (SELECT json_array_length(stages) FROM review_run WHERE id = NEW.run_id)"
POST = f"NOT EXISTS ({_RUN}) OR {_PASSED} <> (SELECT jsonb_array_length(stages) FROM review_run WHERE id = NEW.run_id)"


class Migration(migrations.Migration):
    """Triggers on publications and deliveries."""

    dependencies = [("disclosure", "0001_initial"), ("review", "0002_guards")]
    operations = [
        append_only(
            "disclosure_publication",
            "已发布的记录不能改动或者删除，只能撤回",
            columns=("item_id", "revision_id", "run_id", "primary_channel", "published_on", "published_at", "entry_id"),
        ),
        append_only("disclosure_delivery", "渠道记录不能改动或者删除", columns=("publication_id", "channel", "is_withdrawal")),
        by_vendor(
            sqlite=(
                f"CREATE TRIGGER publication_reviewed BEFORE INSERT ON disclosure_publication WHEN {LITE} "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            ),
            postgresql=(
                "CREATE FUNCTION publication_reviewed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {POST} THEN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$;;"
                "CREATE TRIGGER publication_reviewed BEFORE INSERT ON disclosure_publication FOR EACH ROW "
                "EXECUTE FUNCTION publication_reviewed()"
            ),
            undo_sqlite="DROP TRIGGER publication_reviewed",
            undo_postgresql="DROP TRIGGER publication_reviewed ON disclosure_publication;;DROP FUNCTION publication_reviewed()",
        ),
    ]
