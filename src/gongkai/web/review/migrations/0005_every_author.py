"""Whoever wrote any of what is reviewed passes none of its stages, not only who made the last revision."""

from __future__ import annotations

from django.db import migrations

from gongkai.web.settings.triggers import refuse_when

# The last revision before this one that a whole review passed: by the leading organ and by every other that joined it.
_SEEN = (
    "SELECT MAX(past.number) FROM review_run done JOIN review_revision past ON past.id = done.revision_id "
    "WHERE done.subject_kind = run.subject_kind AND done.subject_id = run.subject_id AND done.state = 'completed' "
    "AND done.lead_id IS NULL AND done.makes_up_id IS NULL AND past.number < under.number "
    "AND NOT EXISTS (SELECT 1 FROM review_run joined WHERE joined.lead_id = done.id AND joined.state <> 'completed')"
)
OWN = (
    "EXISTS (SELECT 1 FROM review_run run JOIN review_revision under ON under.id = run.revision_id "
    "JOIN review_revision made ON made.subject_kind = run.subject_kind AND made.subject_id = run.subject_id "
    "WHERE run.id = NEW.run_id AND made.made_by_id = NEW.person_id AND made.number <= under.number "
    f"AND made.number > COALESCE(({_SEEN}), 0))"
)
WORDS = "写过这份内容的人不能审查它，修改过、加过附件的也一样"


class Migration(migrations.Migration):
    """The guard."""

    dependencies = [("review", "0004_urgent_together")]
    operations = [refuse_when("review_step", "step_by_no_author", "INSERT", (OWN, OWN), WORDS)]
