"""Documents that several organs issue."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from gongkai.web.settings.triggers import append_only, refuse_when


class Migration(migrations.Migration):
    """Tables and guards."""

    dependencies = [("disclosure", "0003_about")]
    operations = [
        migrations.CreateModel(
            name="JointOrgan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="joint_organs", to="disclosure.item")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="联合发文机关"
                    ),
                ),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [models.Index(condition=models.Q(("ended_by__isnull", True)), fields=["agency"], name="jointorgan_of_agency")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_by__isnull", True)), fields=("item", "agency"), name="jointorgan_once"
                    )
                ],
            },
        ),
        append_only("disclosure_jointorgan", "联合发文机关的记录不能改动或者删除", columns=("item_id", "agency_id", "entry_id")),
        refuse_when(
            "disclosure_jointorgan",
            "jointorgan_ended_once",
            "UPDATE",
            ("OLD.ended_by_id IS NOT NULL", "OLD.ended_by_id IS NOT NULL"),
            "已经移出的联合发文机关不能再改",
        ),
    ]
