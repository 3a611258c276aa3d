"""The database keeps revisions, runs and steps as they were written, and four eyes on every draft."""

from __future__ import annotations

from django.db import migrations

from gongkai.web.settings.triggers import append_only, by_vendor, refuse_when

_IN_FORCE = "step.is_passed AND step.voided_by_id IS NULL"


def _both(sql: str) -> tuple[str, str]:
    """The condition for SQLite and for PostgreSQL: ``STAGES(x)`` lists the names of ``x`` as ``name.value`` by ``name.key``."""
    lite, post = sql, sql
    for where in ("run.stages", "NEW.stages"):
        lite = lite.replace(f"STAGES({where})", f"json_each({where}) name")
        post = post.replace(f"STAGES({where})", f"jsonb_array_elements_text({where}) WITH ORDINALITY AS name(value, key)")
    return lite, post


def _place(stage: str) -> str:
    return f"(SELECT name.key FROM STAGES(run.stages) WHERE name.value = {stage})"


_WAITS = (
    "(SELECT name.value FROM STAGES(run.stages) WHERE NOT EXISTS (SELECT 1 FROM review_step step WHERE step.run_id = run.id "
    f"AND step.stage = name.value AND {_IN_FORCE}) ORDER BY name.key LIMIT 1)"
)
STEP = _both(
    "NOT EXISTS (SELECT 1 FROM review_run run WHERE run.id = NEW.run_id AND run.state = 'open' AND run.drafter_id = NEW.drafter_id "
    f"AND run.drafter_id <> NEW.person_id AND NEW.stage = {_WAITS} "
    f"AND (NEW.returned_to = '' OR {_place('NEW.returned_to')} < {_place('NEW.stage')})) "
    "OR NEW.voided_by_id IS NOT NULL "
    # Nobody passes two stages, not even after his pass was voided, nor one before and one after an urgent publication.
    "OR (NEW.is_passed AND EXISTS (SELECT 1 FROM review_run run JOIN review_step other ON other.run_id IN (run.id, run.makes_up_id) "
    "WHERE run.id = NEW.run_id AND other.person_id = NEW.person_id AND other.is_passed AND other.stage <> NEW.stage))"
)
VOIDING = (
    "OLD.voided_by_id IS NOT NULL AND (NEW.voided_by_id IS NULL OR NEW.voided_by_id <> OLD.voided_by_id) "
    "OR OLD.voided_by_id IS NULL AND NEW.voided_by_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM review_step back "
    "WHERE back.id = NEW.voided_by_id AND back.run_id = NEW.run_id AND back.returned_to <> '' AND back.id > NEW.id)"
)
_REACHED = _both(
    f"SELECT name.value FROM review_run run, STAGES(run.stages) WHERE run.id = NEW.run_id AND name.key >= {_place('NEW.returned_to')}"
)
_VOID = "UPDATE review_step SET voided_by_id = NEW.id WHERE run_id = NEW.run_id AND is_passed AND voided_by_id IS NULL AND stage IN ({});"
RUN = _both(
    # A review has two stages at least, the secrecy review among them; one after the fact has what the urgent one left out.
    "NEW.makes_up_id IS NULL AND ((SELECT COUNT(DISTINCT name.value) FROM STAGES(NEW.stages)) < 2 "
    "OR NOT EXISTS (SELECT 1 FROM STAGES(NEW.stages) WHERE name.value = 'secrecy')) "
    "OR (SELECT COUNT(*) FROM STAGES(NEW.stages)) < 1 "
    "OR NEW.lead_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM review_run lead WHERE lead.id = NEW.lead_id AND lead.lead_id IS NULL "
    "AND lead.revision_id = NEW.revision_id AND lead.agency_id <> NEW.agency_id) "
    "OR NEW.makes_up_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM review_run made WHERE made.id = NEW.makes_up_id "
    "AND made.lane = 'urgent' AND made.state = 'completed' AND made.revision_id = NEW.revision_id)"
)
STEP_KEPT = ("run_id", "stage", "person_id", "drafter_id", "is_passed", "returned_to", "checked", "comment", "entry_id")
RUN_KEPT = (
    "agency_id", "subject_kind", "subject_id", "revision_id", "drafter_id", "stages", "opened_on",
    "lane", "days", "later", "approver_id", "lead_id", "makes_up_id", "entry_id",
)  # fmt: skip
STEP_WORDS, RUN_WORDS = "审查意见保存后不能修改或者删除", "审查固定在一稿上，不能改动"
FOUR_EYES = "审查意见必须属于正在进行的审查、按顺序作出，不能由拟稿人作出，同一个人只能通过一道"


STATE_WORDS = "审查结束后状态不能再改"
_CHANGED = "OLD.state <> 'open' AND NEW.state <> OLD.state"


class Migration(migrations.Migration):
    """The guards."""

    dependencies = [("review", "0001_initial")]
    operations = [
        append_only("review_revision", "每一稿保存后不能修改或者删除"),
        refuse_when("review_run", "run_stays_closed", "UPDATE", (_CHANGED, _CHANGED), STATE_WORDS),
        append_only("review_stageplan", "审查环节的设置不能改动或者删除，只能另设"),
        append_only("review_assignment", "转办的记录不能改动或者删除"),
        append_only("review_comment", "留言不能改动或者删除"),
        append_only("review_step", STEP_WORDS, columns=STEP_KEPT),
        append_only("review_run", RUN_WORDS, columns=RUN_KEPT),
        refuse_when("review_step", "step_four_eyes", "INSERT", STEP, FOUR_EYES),
        refuse_when("review_step", "step_voided_once", "UPDATE", (VOIDING, VOIDING), "通过的意见只能由退回作废，作废后不能恢复"),
        refuse_when("review_run", "run_has_its_stages", "INSERT", RUN, "审查至少要有两道，不能没有保密审查，几次审查要针对同一稿"),
        by_vendor(
            sqlite=(
                "CREATE TRIGGER step_return_voids AFTER INSERT ON review_step WHEN NEW.returned_to <> '' BEGIN "
                f"{_VOID.format(_REACHED[0])} END"
            ),
            postgresql=(
                "CREATE FUNCTION step_return_voids() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"{_VOID.format(_REACHED[1])} RETURN NULL; END $$;;"
                "CREATE TRIGGER step_return_voids AFTER INSERT ON review_step FOR EACH ROW WHEN (NEW.returned_to <> '') "
                "EXECUTE FUNCTION step_return_voids()"
            ),
            undo_sqlite="DROP TRIGGER step_return_voids",
            undo_postgresql="DROP TRIGGER step_return_voids ON review_step;;DROP FUNCTION step_return_voids()",
        ),
    ]
