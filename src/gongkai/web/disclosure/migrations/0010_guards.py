"""The database publishes only what was reviewed, every stage by another person, or what came in by an approved file; and it keeps what was published."""

from __future__ import annotations

from django.db import migrations

from gongkai.web.settings.triggers import append_only, by_vendor, refuse_when

WORDS = "只有审查全部通过的那一稿才能发布"
_RUN = (
    "SELECT 1 FROM review_run run WHERE run.id = NEW.run_id AND run.state = 'completed' AND run.revision_id = NEW.revision_id "
    "AND run.subject_kind = 'disclosure.item' AND run.subject_id = NEW.item_id AND run.lead_id IS NULL AND run.makes_up_id IS NULL"
)
# One for SQLite, one for PostgreSQL: the names of a run's stages as rows.
_NAMES = ("json_each(run.stages) name", "jsonb_array_elements_text(run.stages) AS name(value)")
REVIEWED = tuple(
    f"NEW.run_id IS NOT NULL AND (NOT EXISTS ({_RUN}) "
    "OR EXISTS (SELECT 1 FROM review_run run WHERE run.lead_id = NEW.run_id AND (run.state <> 'completed' "
    "OR run.revision_id <> NEW.revision_id)) "
    f"OR EXISTS (SELECT 1 FROM review_run run, {names} WHERE (run.id = NEW.run_id OR run.lead_id = NEW.run_id) "
    "AND NOT EXISTS (SELECT 1 FROM review_step step WHERE step.run_id = run.id AND step.stage = name.value AND step.is_passed "
    "AND step.voided_by_id IS NULL AND step.person_id <> run.drafter_id)) "
    "OR EXISTS (SELECT 1 FROM disclosure_jointorgan organ WHERE organ.item_id = NEW.item_id AND organ.ended_by_id IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM review_run run WHERE run.lead_id = NEW.run_id AND run.agency_id = organ.agency_id "
    "AND run.state = 'completed')))"
    for names in _NAMES
)


PAST_WORDS = "以前发布的信息只能由批准的导入写入"
_OF_APPROVED = (
    "SELECT 1 FROM disclosure_pastbatch batch JOIN disclosure_pastrun run ON run.id = batch.run_id "
    "WHERE batch.id = NEW.batch_id AND run.is_approved"
)
_WRONG = f"NEW.batch_id IS NOT NULL AND NOT EXISTS ({_OF_APPROVED})"


class Migration(migrations.Migration):
    """The guards."""

    dependencies = [("disclosure", "0009_standing"), ("review", "0002_guards")]
    operations = [
        append_only(
            "disclosure_publication",
            "已发布的记录不能改动或者删除，只能撤回",
            columns=("item_id", "revision_id", "run_id", "primary_channel", "published_on", "published_at", "entry_id"),
        ),
        append_only("disclosure_delivery", "渠道记录不能改动或者删除", columns=("publication_id", "channel", "is_withdrawal")),
        append_only("disclosure_hitanswer", "筛查的处理理由不能改动或者删除"),
        refuse_when("disclosure_publication", "publication_reviewed", "INSERT", (REVIEWED[0], REVIEWED[1]), WORDS),
        append_only(
            "disclosure_pastrun",
            "交来的文件不能改动或者删除",
            columns=("agency_id", "file_name", "file_digest", "n_items", "outline", "source", "handed_in_by_id", "entry_id"),
        ),
        append_only("disclosure_pastbatch", "导入的批次不能改动或者删除"),
        by_vendor(
            sqlite=(
                f"CREATE TRIGGER publication_of_approved_file BEFORE INSERT ON disclosure_publication WHEN {_WRONG} "
                f"BEGIN SELECT RAISE(ABORT, '{PAST_WORDS}'); END;;"
                "CREATE TRIGGER publication_batch_kept BEFORE UPDATE ON disclosure_publication WHEN OLD.batch_id IS NOT NEW.batch_id "
                f"BEGIN SELECT RAISE(ABORT, '{PAST_WORDS}'); END;;"
                "CREATE TRIGGER pastrun_decided_once BEFORE UPDATE ON disclosure_pastrun WHEN OLD.is_approved IS NOT NULL "
                f"BEGIN SELECT RAISE(ABORT, '{PAST_WORDS}'); END"
            ),
            postgresql=(
                "CREATE FUNCTION publication_past_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{PAST_WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$;;"
                "CREATE FUNCTION publication_of_approved_file() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {_WRONG} THEN RAISE EXCEPTION '{PAST_WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                "RETURN NEW; END $$;;"
                "CREATE TRIGGER publication_of_approved_file BEFORE INSERT ON disclosure_publication FOR EACH ROW "
                "WHEN (NEW.batch_id IS NOT NULL) EXECUTE FUNCTION publication_of_approved_file();;"
                "CREATE TRIGGER publication_batch_kept BEFORE UPDATE ON disclosure_publication FOR EACH ROW "
                "WHEN (OLD.batch_id IS DISTINCT FROM NEW.batch_id) EXECUTE FUNCTION publication_past_refuse();;"
                "CREATE TRIGGER pastrun_decided_once BEFORE UPDATE ON disclosure_pastrun FOR EACH ROW "
                "WHEN (OLD.is_approved IS NOT NULL) EXECUTE FUNCTION publication_past_refuse()"
            ),
            undo_sqlite="DROP TRIGGER publication_of_approved_file;;DROP TRIGGER publication_batch_kept;;DROP TRIGGER pastrun_decided_once",
            undo_postgresql=(
                "DROP TRIGGER publication_of_approved_file ON disclosure_publication;;"
                "DROP TRIGGER publication_batch_kept ON disclosure_publication;;"
                "DROP TRIGGER pastrun_decided_once ON disclosure_pastrun;;"
                "DROP FUNCTION publication_of_approved_file();;DROP FUNCTION publication_past_refuse()"
            ),
        ),
    ]
