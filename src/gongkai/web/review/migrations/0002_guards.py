"""The database keeps revisions and steps as they were written, and four eyes on every draft."""

from __future__ import annotations

from django.db import migrations

from gongkai.web.settings.triggers import append_only, by_vendor

WORDS = "审查意见必须属于正在进行的审查，并且不能由拟稿人作出"
WRONG = (
    "NOT EXISTS (SELECT 1 FROM review_run run WHERE run.id = NEW.run_id AND run.state = 'open' "
    "AND run.drafter_id = NEW.drafter_id AND run.drafter_id <> NEW.person_id)"
)
STATE_WORDS = "审查结束后状态不能再改"


class Migration(migrations.Migration):
    """Triggers on revisions, runs and steps."""

    dependencies = [("review", "0001_initial")]
    operations = [
        append_only("review_revision", "每一稿保存后不能修改或者删除"),
        append_only("review_step", "审查意见保存后不能修改或者删除"),
        append_only(
            "review_run",
            "审查固定在一稿上，不能改动",
            columns=("agency_id", "subject_kind", "subject_id", "revision_id", "drafter_id", "stages", "opened_on"),
        ),
        by_vendor(
            sqlite=(
                f"CREATE TRIGGER step_four_eyes BEFORE INSERT ON review_step WHEN {WRONG} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END;;"
                "CREATE TRIGGER run_stays_closed BEFORE UPDATE ON review_run WHEN OLD.state <> 'open' AND NEW.state <> OLD.state "
                f"BEGIN SELECT RAISE(ABORT, '{STATE_WORDS}'); END"
            ),
            postgresql=(
                "CREATE FUNCTION step_four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {WRONG} THEN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$;;"
                "CREATE TRIGGER step_four_eyes BEFORE INSERT ON review_step FOR EACH ROW EXECUTE FUNCTION step_four_eyes();;"
                "CREATE FUNCTION run_stays_closed() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{STATE_WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$;;"
                "CREATE TRIGGER run_stays_closed BEFORE UPDATE ON review_run FOR EACH ROW "
                "WHEN (OLD.state <> 'open' AND NEW.state <> OLD.state) EXECUTE FUNCTION run_stays_closed()"
            ),
            undo_sqlite="DROP TRIGGER step_four_eyes;;DROP TRIGGER run_stays_closed",
            undo_postgresql=(
                "DROP TRIGGER step_four_eyes ON review_step;;DROP FUNCTION step_four_eyes();;"
                "DROP TRIGGER run_stays_closed ON review_run;;DROP FUNCTION run_stays_closed()"
            ),
        ),
    ]
