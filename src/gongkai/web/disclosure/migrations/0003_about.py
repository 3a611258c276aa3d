"""What is said about an item beside its text: validity, ties, other organs' answers, special topics, index patterns."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from gongkai.web.settings.triggers import append_only, refuse_when

KEPT = "这些记录不能改动或者删除"
ONCE = "已经办完的记录不能再改"


def once(table: str, ended: str, columns: tuple[str, ...]) -> migrations.RunPython:
    """What the entry in the column ``ended`` ended or answered, and that entry, never change again."""
    lite = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in (f"{ended}_id", *columns))
    post = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in (f"{ended}_id", *columns))
    when = (f"OLD.{ended}_id IS NOT NULL AND ({lite})", f"OLD.{ended}_id IS NOT NULL AND ({post})")
    return refuse_when(table, f"{table}_{ended}_once", "UPDATE", when, ONCE)


class Migration(migrations.Migration):
    """Tables and guards."""

    dependencies = [("disclosure", "0002_registers")]
    operations = [
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="consultations", to="disclosure.item"),
                ),
                ("revision", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.revision")),
                (
                    "organ",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="consulted", to="agencies.agency"
                    ),
                ),
                ("organ_name", models.CharField(max_length=100, verbose_name="机关")),
                ("question", models.CharField(max_length=500, verbose_name="协商事项")),
                ("is_approval", models.BooleanField(verbose_name="报请批准")),
                ("sent_on", models.DateField(verbose_name="发出日期")),
                ("sent", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                ("answered_on", models.DateField(null=True, verbose_name="答复日期")),
                (
                    "verdict",
                    models.CharField(
                        blank=True, choices=[("agrees", "同意公开"), ("objects", "不同意公开")], max_length=10, verbose_name="答复"
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=1000, verbose_name="答复意见")),
                ("evidence", models.CharField(blank=True, max_length=300, verbose_name="凭证")),
                (
                    "answered",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
                (
                    "set_aside",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [models.Index(fields=["organ", "answered_on"], name="consultation_of_organ")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered__isnull", True), ("answered_on__isnull", True), ("verdict", "")),
                            models.Q(("answered__isnull", False), ("answered_on__isnull", False), models.Q(("verdict", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="consultation_answered_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answered__isnull", True), ("set_aside__isnull", True)),
                        fields=("item", "organ_name", "is_approval"),
                        name="consultation_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexPattern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="index_patterns", to="agencies.agency"),
                ),
                ("pattern", models.CharField(max_length=100, verbose_name="格式")),
                ("code", models.CharField(blank=True, max_length=18, verbose_name="机构代码")),
                ("from_on", models.DateField(verbose_name="起用日期")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("agency", "-from_on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="interpretations", to="disclosure.item"),
                ),
                (
                    "interpretation",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="interprets", to="disclosure.item"
                    ),
                ),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="网址")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                (
                    "form_of",
                    models.CharField(
                        choices=[("text", "文字"), ("picture", "图片"), ("video", "视频"), ("interview", "访谈"), ("media", "媒体报道")],
                        max_length=10,
                        verbose_name="形式",
                    ),
                ),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                ("ended_on", models.DateField(null=True, verbose_name="解除日期")),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("interpretation__isnull", False), ("url", "")),
                            models.Q(("interpretation__isnull", True), models.Q(("url", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="link_to_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by__isnull", True), ("ended_on__isnull", True)),
                            models.Q(("ended_by__isnull", False), ("ended_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="link_ends_with_entry",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True), ("interpretation__isnull", False)),
                        fields=("document", "interpretation"),
                        name="link_once_to_item",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialTopic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="special_topics", to="agencies.agency"),
                ),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("from_on", models.DateField(verbose_name="起")),
                ("until_on", models.DateField(null=True, verbose_name="止")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("-from_on", "name"),
                "constraints": [
                    models.UniqueConstraint(fields=("county", "name"), name="specialtopic_named_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by__isnull", True), ("until_on__isnull", True)),
                            models.Q(("ended_by__isnull", False), ("until_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="specialtopic_ends_with_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Validity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="validities", to="disclosure.item")),
                (
                    "state",
                    models.CharField(
                        choices=[("in_force", "有效"), ("lapsed", "失效"), ("repealed", "废止")], max_length=10, verbose_name="有效性"
                    ),
                ),
                ("since_on", models.DateField(verbose_name="自")),
                (
                    "successor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosure.item",
                        verbose_name="由新的文件代替",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="依据")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("-since_on", "-pk"),
            },
        ),
        append_only("disclosure_indexpattern", KEPT),
        append_only("disclosure_specialtopic", KEPT, columns=("county_id", "name", "from_on", "entry_id")),
        once("disclosure_specialtopic", "ended_by", ("until_on",)),
        append_only("disclosure_validity", KEPT),
        append_only("disclosure_link", KEPT, columns=("document_id", "interpretation_id", "url", "title", "form_of", "entry_id")),
        once("disclosure_link", "ended_by", ("ended_on",)),
        append_only(
            "disclosure_consultation",
            KEPT,
            columns=("item_id", "revision_id", "organ_id", "organ_name", "question", "is_approval", "sent_on", "sent_id"),
        ),
        once("disclosure_consultation", "answered", ("answered_on", "verdict", "answer", "evidence")),
        once("disclosure_consultation", "set_aside", ()),
    ]
