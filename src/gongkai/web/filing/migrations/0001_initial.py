"""What was read of published annual reports: worked out from revisions, so nothing guards it and nothing proves it."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import gongkai.web.ledger.digest


class Migration(migrations.Migration):
    """The table of readings."""

    initial = True
    dependencies = [("review", "0005_every_author")]
    operations = [
        migrations.CreateModel(
            name="ReportReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(blank=True, max_length=64)),
                ("organ", models.CharField(blank=True, max_length=200)),
                ("edition", models.CharField(blank=True, max_length=20)),
                ("year", models.PositiveSmallIntegerField(null=True)),
                ("is_year_of_title", models.BooleanField(default=False)),
                ("report", models.JSONField(encoder=gongkai.web.ledger.digest.Compact, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("read_at", models.DateTimeField()),
                ("reader", models.PositiveSmallIntegerField()),
                (
                    "revision",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="report_reading", to="review.revision"),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        name="reportreading_cells_or_reason",
                        condition=Q(report__isnull=False, reason="") & ~Q(edition="") | Q(report__isnull=True) & ~Q(reason=""),
                    )
                ],
            },
        ),
    ]
