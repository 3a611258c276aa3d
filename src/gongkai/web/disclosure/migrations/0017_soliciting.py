"""Calls for opinions and what came in, questionnaires, and what stands under which special topic."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from gongkai.web.settings.triggers import append_only, by_vendor, noted, refuse_when, renewed_guards, together

WRITTEN_ONCE = "意见征集和问卷的记录不能改动或者删除"
# Tables whose rows never change, and those of which some columns may not.
KEPT = ("solicitation", "opinion", "opinionsummary", "answersheet")
COLUMNS = {
    "aside": ("opinion_id", "why", "reason", "entry_id"),
    "questionnaire": ("agency_id", "about_id", "title", "introduction", "questions", "from_on", "until_on", "entry_id"),
}
ONCE = {"aside": "ended_by_id", "questionnaire": "figures_by_id"}


def _once(table: str, column: str) -> migrations.RunPython:
    """What an act said of the row later stays said."""
    when = (
        f"OLD.{column} IS NOT NULL AND NEW.{column} IS NOT OLD.{column}",
        f"OLD.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column}",
    )
    return refuse_when(f"disclosure_{table}", f"{table}_{column}_kept", "UPDATE", when, "已经办结的不能改回或者改成另一次办理")


def _in_time(table: str, of: str, words: str) -> migrations.RunPython:
    """What comes in comes in while it is asked for."""
    asked = f"SELECT 1 FROM disclosure_{of} asked WHERE asked.id = NEW.{of}_id AND NEW.received_on BETWEEN asked.from_on AND asked.until_on"
    return refuse_when(f"disclosure_{table}", f"{table}_in_time", "INSERT", (f"NOT EXISTS ({asked})",) * 2, words)


def _places(names: str) -> str:
    """Every publication there is, under the topics that its revision names."""
    return (
        "INSERT INTO disclosure_topicplace (topic_id, publication_id) SELECT DISTINCT topic.id, row.id "
        f"FROM disclosure_publication row JOIN review_revision said ON said.id = row.revision_id CROSS JOIN {names} "
        "JOIN agencies_agency organ ON organ.id = row.agency_id JOIN disclosure_specialtopic topic ON topic.name = named.value "
        "JOIN agencies_agency county ON county.id = topic.county_id AND substr(organ.path, 1, length(county.path)) = county.path"
    )


class Migration(migrations.Migration):
    """Tables, guards, and where what is published already stands."""

    dependencies = [
        ("agencies", "0003_accounts"),
        ("disclosure", "0016_public_lists"),
        ("ledger", "0004_seals"),
        ("review", "0005_every_author"),
    ]

    operations = [
        migrations.AlterField(
            model_name="item",
            name="kind",
            field=models.CharField(
                choices=[
                    ("policy", "政策文件"),
                    ("interpretation", "政策解读"),
                    ("news", "工作动态"),
                    ("notice", "通知公告"),
                    ("budget", "预算决算"),
                    ("procurement", "政府采购"),
                    ("licence", "行政许可"),
                    ("penalty", "行政处罚"),
                    ("coercion", "行政强制"),
                    ("fee", "行政事业性收费"),
                    ("clarification", "澄清"),
                    ("concern", "回应关切"),
                    ("joint", "联合发文"),
                    ("guide", "公开指南"),
                    ("institution", "公开制度"),
                    ("annual_report", "公开年报"),
                    ("solicitation", "意见征集"),
                    ("opinions_taken", "意见采纳情况"),
                ],
                max_length=20,
                verbose_name="类别",
            ),
        ),
        migrations.CreateModel(
            name="Questionnaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=100, verbose_name="标题")),
                ("introduction", models.CharField(blank=True, max_length=1000, verbose_name="说明")),
                ("questions", models.JSONField(verbose_name="题目")),
                ("from_on", models.DateField(verbose_name="起")),
                ("until_on", models.DateField(verbose_name="止")),
                (
                    "about",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="评议的机关"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questionnaires",
                        to="agencies.agency",
                        verbose_name="机关",
                    ),
                ),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "figures_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="AnswerSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answers", models.JSONField(verbose_name="回答")),
                ("address_mark", models.CharField(max_length=64)),
                ("received_on", models.DateField(verbose_name="收到日期")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "questionnaire",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="disclosure.questionnaire"),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="Solicitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("matter", models.CharField(max_length=30, verbose_name="征集的事项")),
                ("from_on", models.DateField(verbose_name="起")),
                ("until_on", models.DateField(verbose_name="止")),
                ("shortened", models.CharField(blank=True, max_length=300, verbose_name="缩短期限的理由")),
                ("postal", models.CharField(blank=True, max_length=200, verbose_name="来信地址")),
                ("phone", models.CharField(blank=True, max_length=60, verbose_name="电话")),
                ("email", models.CharField(blank=True, max_length=100, verbose_name="电子邮箱")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "item",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="solicitation", to="disclosure.item"),
                ),
                (
                    "publication",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.publication"),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="OpinionSummary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n_counted", models.PositiveIntegerField(verbose_name="计入的意见")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "item",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="summarizes", to="disclosure.item"),
                ),
                ("revision", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.revision")),
                (
                    "solicitation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="summaries", to="disclosure.solicitation"),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="编号")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("site", "网站"),
                            ("post", "来信"),
                            ("phone", "电话"),
                            ("email", "电子邮件"),
                            ("meeting", "座谈会、听证会"),
                            ("visit", "来访"),
                        ],
                        max_length=10,
                        verbose_name="来自",
                    ),
                ),
                ("text", models.CharField(max_length=2000, verbose_name="意见")),
                ("name", models.CharField(blank=True, max_length=600)),
                ("contact", models.CharField(blank=True, max_length=600)),
                ("code_digest", models.CharField(blank=True, max_length=64)),
                ("address_mark", models.CharField(blank=True, max_length=64)),
                ("received_on", models.DateField(verbose_name="收到日期")),
                ("received_at", models.DateTimeField(verbose_name="记下的时间")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "solicitation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="disclosure.solicitation"),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="TopicPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="topic_places", to="disclosure.publication"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="places", to="disclosure.specialtopic"
                    ),
                ),
            ],
            options={
                "ordering": ("-publication",),
            },
        ),
        migrations.CreateModel(
            name="Aside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "why",
                    models.CharField(
                        choices=[("duplicate", "重复提交"), ("unrelated", "与这个草案无关")], max_length=10, verbose_name="为什么不计入"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="说明")),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                ("opinion", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="asides", to="disclosure.opinion")),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("ended_by__isnull", True)), fields=("opinion",), name="aside_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="questionnaire",
            constraint=models.CheckConstraint(condition=models.Q(("until_on__gt", models.F("from_on"))), name="questionnaire_has_days"),
        ),
        migrations.AddIndex(
            model_name="answersheet",
            index=models.Index(fields=["received_on", "address_mark"], name="answersheet_by_day"),
        ),
        migrations.AddIndex(
            model_name="solicitation",
            index=models.Index(fields=["until_on", "id"], name="solicitation_by_end"),
        ),
        migrations.AddConstraint(
            model_name="solicitation",
            constraint=models.CheckConstraint(condition=models.Q(("until_on__gt", models.F("from_on"))), name="solicitation_has_days"),
        ),
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(fields=["received_on", "address_mark"], name="opinion_by_day"),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("channel", "site"), models.Q(("code_digest", ""), _negated=True), models.Q(("address_mark", ""), _negated=True)
                    ),
                    models.Q(models.Q(("channel", "site"), _negated=True), ("address_mark", ""), ("code_digest", "")),
                    _connector="OR",
                ),
                name="opinion_by_site_has_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="topicplace",
            constraint=models.UniqueConstraint(fields=("topic", "publication"), name="topicplace_once"),
        ),
        together(
            *[append_only(f"disclosure_{name}", WRITTEN_ONCE) for name in KEPT],
            *[append_only(f"disclosure_{name}", WRITTEN_ONCE, columns=columns) for name, columns in COLUMNS.items()],
            append_only("disclosure_topicplace", "发布归入哪些专题由发布的这一稿决定，不能改动或者删除"),
            *[_once(table, column) for table, column in ONCE.items()],
            _in_time("opinion", "solicitation", "意见只能在征集期限内收下"),
            _in_time("answersheet", "questionnaire", "问卷只能在规定的期限内收下"),
            renewed_guards(),
            *[noted(f"disclosure_{name}") for name in (*KEPT, *COLUMNS)],
        ),
        by_vendor(
            sqlite=_places("json_each(said.content, '$.special_topics') named"),
            postgresql=_places("LATERAL jsonb_array_elements_text(said.content->'special_topics') AS named(value)"),
            undo_sqlite="",
            undo_postgresql="",
        ),
    ]
