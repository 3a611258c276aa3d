"""Organs that review one document together may take the urgent lane: all of them, or none."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

from gongkai.web.settings.triggers import across, refuse_when

_OTHER_LANE = "NEW.lead_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM review_run lead WHERE lead.id = NEW.lead_id AND lead.lane = NEW.lane)"


class Migration(migrations.Migration):
    """The rule and its guard."""

    dependencies = [("review", "0003_named_approver")]
    operations = [
        *across(
            "review_run",
            migrations.RemoveConstraint(model_name="run", name="run_joins_or_makes_up"),
            migrations.AddConstraint(
                model_name="run",
                constraint=models.CheckConstraint(name="run_joins_or_makes_up", condition=Q(lead__isnull=True) | Q(makes_up__isnull=True)),
            ),
        ),
        refuse_when("review_run", "run_in_one_lane", "INSERT", (_OTHER_LANE, _OTHER_LANE), "联合发文的各机关要走同一种程序"),
    ]
