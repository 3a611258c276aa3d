"""The ledger."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import gongkai.web.ledger.digest


class Migration(migrations.Migration):
    """The table."""

    dependencies = [("agencies", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("county", models.CharField(max_length=45)),
                ("number", models.PositiveBigIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                ("duty", models.CharField(max_length=30, verbose_name="岗位")),
                ("action", models.CharField(max_length=60, verbose_name="事项")),
                ("object_kind", models.CharField(max_length=60)),
                ("object_id", models.BigIntegerField()),
                ("revision", models.CharField(blank=True, max_length=64)),
                ("occurred_on", models.DateField(verbose_name="发生日期")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("before", models.CharField(blank=True, max_length=64)),
                ("after", models.CharField(blank=True, max_length=64)),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                ("facts", models.JSONField(default=dict, encoder=gongkai.web.ledger.digest.Compact)),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "ledger_entry",
                "ordering": ("county", "number"),
                "indexes": [
                    models.Index(fields=["object_kind", "object_id"], name="ledger_entry_object"),
                    models.Index(fields=["county", "agency", "number"], name="ledger_entry_agency"),
                    models.Index(fields=["county", "person", "number"], name="ledger_entry_person"),
                    models.Index(fields=["county", "action", "occurred_on", "number"], name="ledger_entry_action"),
                    models.Index(fields=["county", "occurred_on", "number"], name="ledger_entry_occurred"),
                    models.Index(fields=["county", "recorded_at", "number"], name="ledger_entry_recorded"),
                    models.Index(
                        condition=models.Q(("reason", ""), _negated=True), fields=["county", "number", "reason"], name="ledger_entry_reason"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("county", "number"), name="ledger_entry_numbered_once"),
                    models.UniqueConstraint(fields=("county", "previous"), name="ledger_entry_follows_one"),
                ],
            },
        ),
    ]
