"""Revisions, runs, steps, and what reviews share."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import gongkai.web.ledger.digest


class Migration(migrations.Migration):
    """Every table."""

    dependencies = [("agencies", "0001_initial"), ("ledger", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency")),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField(encoder=gongkai.web.ledger.digest.Compact)),
                ("digest", models.CharField(max_length=64)),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("subject_kind", "subject_id", "number"),
                "constraints": [models.UniqueConstraint(fields=("subject_kind", "subject_id", "number"), name="revision_numbered_once")],
            },
        ),
        migrations.CreateModel(
            name="Serial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency")),
                ("series", models.CharField(max_length=40)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("agency", "series", "year"), name="serial_once")],
            },
        ),
        migrations.CreateModel(
            name="StagePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="stage_plans", to="agencies.agency"),
                ),
                ("lane", models.CharField(choices=[("normal", "一般程序"), ("urgent", "应急通道（突发事件）")], max_length=10)),
                ("stages", models.JSONField()),
                ("days", models.JSONField(default=dict)),
                ("from_on", models.DateField(verbose_name="起")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("-from_on", "-pk"),
                "indexes": [models.Index(fields=["agency", "lane", "-from_on"], name="stageplan_of_agency")],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="review.revision")),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency")),
                ("words", models.CharField(max_length=500, verbose_name="意见")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [models.Index(fields=["subject_kind", "subject_id"], name="comment_of_subject")],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency")),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("revision", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="review.revision")),
                ("drafter", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("stages", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "审查中"),
                            ("completed", "审查通过"),
                            ("returned", "已退回"),
                            ("void", "已作废（内容有新修改）"),
                            ("recalled", "已撤回"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_on", models.DateField()),
                (
                    "lane",
                    models.CharField(
                        choices=[("normal", "一般程序"), ("urgent", "应急通道（突发事件）")],
                        default="normal",
                        max_length=10,
                        verbose_name="程序",
                    ),
                ),
                ("days", models.JSONField(default=dict)),
                ("later", models.JSONField(default=list)),
                (
                    "approver",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("lead", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="joined", to="review.run")),
                (
                    "makes_up",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="made_up_by", to="review.run"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["agency", "state"], name="run_of_agency"),
                    models.Index(fields=["drafter", "state"], name="run_of_drafter"),
                    models.Index(fields=["subject_kind", "subject_id", "-id"], name="run_of_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("makes_up__isnull", True), ("state", "open")),
                        fields=("subject_kind", "subject_id", "agency"),
                        name="run_one_open_an_organ",
                    ),
                    models.UniqueConstraint(fields=("lead", "agency"), name="run_one_an_organ"),
                    models.CheckConstraint(
                        condition=models.Q(("lane", "normal"), ("approver__isnull", False), _connector="OR"), name="run_urgent_has_approver"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lead__isnull", True), models.Q(("lane", "normal"), ("makes_up__isnull", True)), _connector="OR"
                        ),
                        name="run_joins_or_makes_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="review.run")),
                ("stage", models.CharField(max_length=20)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="review.run")),
                ("stage", models.CharField(max_length=20)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("drafter", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("is_passed", models.BooleanField()),
                ("returned_to", models.CharField(blank=True, max_length=20)),
                (
                    "voided_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="voids", to="review.step"),
                ),
                ("checked", models.JSONField(default=list, encoder=gongkai.web.ledger.digest.Compact)),
                ("comment", models.CharField(blank=True, max_length=1000)),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("drafter")), _negated=True), name="step_not_by_the_drafter"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_passed", True), ("returned_to", "")),
                            models.Q(("is_passed", False), ("voided_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="step_only_passes_are_voided",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_passed", True), ("voided_by__isnull", True)),
                        fields=("run", "person"),
                        name="step_one_a_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_passed", True), ("voided_by__isnull", True)),
                        fields=("run", "stage"),
                        name="step_one_a_stage",
                    ),
                ],
            },
        ),
    ]
