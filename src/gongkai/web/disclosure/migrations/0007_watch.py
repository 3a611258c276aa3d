"""What people decide about what is watched, and what the search for near-duplicates keeps."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from gongkai.web.settings.triggers import append_only

DECIDED = ("overturnedpenalty", "reassessment", "settlement", "errorreport", "erroranswer")


class Migration(migrations.Migration):
    """Tables and guards."""

    dependencies = [("disclosure", "0006_channels")]
    operations = [
        migrations.CreateModel(
            name="ErrorReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="error_reports", to="disclosure.publication"
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="编号")),
                ("code_digest", models.CharField(max_length=64)),
                ("quoted", models.CharField(max_length=500, verbose_name="原文")),
                ("wrong", models.CharField(max_length=1000, verbose_name="有什么错")),
                ("contact", models.CharField(blank=True, max_length=600)),
                ("address_mark", models.CharField(max_length=64)),
                ("received_on", models.DateField(verbose_name="收到日期")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [models.Index(fields=["received_on", "address_mark"], name="error_report_by_day")],
            },
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("publication", models.BigIntegerField(default=0)),
                ("run", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Lookalike",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("one", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="disclosure.item")),
                ("other", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="disclosure.item")),
                ("one_revision", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="review.revision")),
                ("other_revision", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="review.revision")),
                ("kind", models.CharField(choices=[("duplicate", "内容几乎相同"), ("contradiction", "文号相同、内容不同")], max_length=15)),
                ("score", models.PositiveSmallIntegerField(verbose_name="相似度")),
                ("differs", models.JSONField(default=list)),
                ("found_on", models.DateField(verbose_name="发现日期")),
            ],
            options={
                "ordering": ("-pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("one_revision", "other_revision", "kind"), name="lookalike_once"),
                    models.CheckConstraint(condition=models.Q(("one__lt", models.F("other"))), name="lookalike_older_first"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OverturnedPenalty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="overturned", to="disclosure.publication"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("changed", "被变更"), ("revoked", "被撤销"), ("illegal", "被确认违法"), ("void", "被确认无效")],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("overturned_on", models.DateField(verbose_name="变更、撤销或者确认之日")),
                ("evidence", models.CharField(max_length=300, verbose_name="文书")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="Reassessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reassessments", to="disclosure.item"),
                ),
                ("revision", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.revision")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("keep", "继续不公开"), ("partly", "可以部分公开"), ("publish", "可以公开")],
                        max_length=10,
                        verbose_name="结论",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("assessed_on", models.DateField(verbose_name="评估日期")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="signatures", to="disclosure.item")),
                ("revision", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="review.revision")),
                (
                    "publication",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="disclosure.publication"
                    ),
                ),
                ("number_key", models.CharField(blank=True, max_length=60)),
                ("minhash", models.BinaryField(max_length=512)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("number_key", ""), _negated=True), fields=["number_key"], name="signature_by_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Band",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "signature",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="bands", to="disclosure.signature"
                    ),
                ),
                ("value", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["value", "signature"], name="band_by_value"),
                    models.Index(fields=["signature"], name="band_of"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ErrorAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="disclosure.errorreport"),
                ),
                ("is_taken", models.BooleanField(verbose_name="是否采纳")),
                ("words", models.CharField(max_length=1000, verbose_name="答复")),
                ("answered_on", models.DateField(verbose_name="答复日期")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "lookalike",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="settlements", to="disclosure.lookalike"),
                ),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("same", "同一内容，保留一条"), ("both", "都保留"), ("contradiction", "互相矛盾，要更正")],
                        max_length=15,
                        verbose_name="结论",
                    ),
                ),
                (
                    "burden",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.item"),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("lookalike", "agency"), name="settlement_once_an_organ"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("burden__isnull", True), ("verdict", "both")),
                            models.Q(models.Q(("verdict", "both"), _negated=True), ("burden__isnull", False)),
                            _connector="OR",
                        ),
                        name="settlement_names_the_burden",
                    ),
                ],
            },
        ),
        *[append_only(f"disclosure_{name}", "监测的记录不能改动或者删除") for name in DECIDED],
    ]
