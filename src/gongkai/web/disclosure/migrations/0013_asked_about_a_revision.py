"""An organ may be asked anew about a changed revision while the question about the former one is still open."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

from gongkai.web.settings.triggers import across

OPEN = Q(answered__isnull=True, set_aside__isnull=True)


class Migration(migrations.Migration):
    """The constraint made anew, the guards put back."""

    dependencies = [("disclosure", "0012_hit_verdict")]
    operations = across(
        "disclosure_consultation",
        migrations.RemoveConstraint("consultation", "consultation_one_open"),
        migrations.AddConstraint(
            "consultation",
            models.UniqueConstraint(name="consultation_one_open", fields=["item", "organ_name", "is_approval", "revision"], condition=OPEN),
        ),
    )
