"""The database lets nobody but the named approver decide at the approving stage of an urgent review."""

from __future__ import annotations

from django.db import migrations

from gongkai.web.settings.triggers import refuse_when

APPROVES = "final"
# Who was named last: by the newest handing over of that stage, otherwise by the submission.
_NAMED = (
    f"COALESCE((SELECT handed.person_id FROM review_assignment handed WHERE handed.run_id = run.id AND handed.stage = '{APPROVES}' "
    "ORDER BY handed.id DESC LIMIT 1), run.approver_id)"
)
NOT_NAMED = (
    f"NEW.stage = '{APPROVES}' AND EXISTS (SELECT 1 FROM review_run run WHERE run.id = NEW.run_id AND run.approver_id IS NOT NULL "
    f"AND NEW.person_id <> {_NAMED})"
)
WORDS = "应急通道的审批只能由指定的审批人或者转办后的人作出"


class Migration(migrations.Migration):
    """The guard."""

    dependencies = [("review", "0002_guards")]
    operations = [refuse_when("review_step", "step_by_the_approver", "INSERT", (NOT_NAMED, NOT_NAMED), WORDS)]
