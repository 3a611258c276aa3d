"""Suggestions of the public to publish something, their answers, and what was promised and kept."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from gongkai.web.settings.triggers import append_only, noted, refuse_when, together

WRITTEN_ONCE = "建议公开的记录不能改动或者删除"
KEPT = ("suggestion", "suggestionanswer", "suggestionkept")
PROMISED = "NOT EXISTS (SELECT 1 FROM disclosure_suggestionanswer said WHERE said.id = NEW.answer_id AND said.outcome = 'will')"


class Migration(migrations.Migration):
    """Tables and guards."""

    dependencies = [
        ("agencies", "0003_accounts"),
        ("disclosure", "0017_soliciting"),
        ("ledger", "0004_seals"),
    ]

    operations = [
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="编号")),
                ("code_digest", models.CharField(max_length=64)),
                ("wanted", models.CharField(max_length=500, verbose_name="建议公开什么")),
                ("column", models.CharField(blank=True, max_length=20, verbose_name="栏目")),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="为什么认为应当公开")),
                ("contact", models.CharField(blank=True, max_length=600)),
                ("address_mark", models.CharField(max_length=64)),
                ("received_on", models.DateField(verbose_name="收到日期")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                (
                    "agency",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="suggestions", to="agencies.agency"),
                ),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="SuggestionAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("already", "已经公开"),
                            ("will", "纳入主动公开"),
                            ("not", "不纳入主动公开"),
                            ("elsewhere", "不属于本机关"),
                        ],
                        max_length=10,
                        verbose_name="怎样答复",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=1000, verbose_name="答复")),
                ("ground", models.CharField(blank=True, max_length=10, verbose_name="不予公开的情形")),
                ("answered_on", models.DateField(verbose_name="答复日期")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "organ",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.publication"
                    ),
                ),
                (
                    "suggestion",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="disclosure.suggestion"),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="SuggestionKept",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kept_on", models.DateField(verbose_name="登记日期")),
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="kept", to="disclosure.suggestionanswer"
                    ),
                ),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "publication",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.publication"),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["received_on", "address_mark"], name="suggestion_by_day"),
        ),
        migrations.AddConstraint(
            model_name="suggestionanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", ""), ("organ__isnull", True), ("outcome", "already"), ("publication__isnull", False)),
                    models.Q(("ground", ""), ("organ__isnull", False), ("outcome", "elsewhere"), ("publication__isnull", True)),
                    models.Q(
                        ("ground", ""),
                        ("organ__isnull", True),
                        ("outcome", "will"),
                        ("publication__isnull", True),
                        models.Q(("words", ""), _negated=True),
                    ),
                    models.Q(
                        ("organ__isnull", True), ("outcome", "not"), ("publication__isnull", True), models.Q(("words", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="suggestionanswer_names_what_it_says",
            ),
        ),
        together(
            *[append_only(f"disclosure_{name}", WRITTEN_ONCE) for name in KEPT],
            refuse_when(
                "disclosure_suggestionkept",
                "suggestionkept_was_promised",
                "INSERT",
                (PROMISED,) * 2,
                "只有答复为纳入主动公开的建议才登记公开的信息",
            ),
            *[noted(f"disclosure_{name}") for name in KEPT],
        ),
    ]
