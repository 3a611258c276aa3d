"""Requests, what happened to them, and their replies."""

from __future__ import annotations

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from gongkai.web.settings.triggers import Statements, append_only, noted, refuse_when, renewed_guards, together

WRITTEN_ONCE = "申请和办理记录不能改动或者删除"
KEPT = ("inforequest_inforequest", "inforequest_handlingevent", "inforequest_reply")


# The review of a reply is taken back by an act of its own.
_OLD: tuple[str, str] = import_module("gongkai.web.disclosure.migrations.0015_proof")._CLOSED
_NEW = tuple(sql.replace("= 'disclosure.recall'", "IN ('disclosure.recall', 'inforequest.recall_reply')") for sql in _OLD)
_BEFORE, _NOW = (
    refuse_when("review_run", "run_closed_by_act", "UPDATE", when, "审查只能由通过、退回、撤回或者新的一稿结束")
    for when in (_OLD, (_NEW[0], _NEW[1]))
)


class Migration(migrations.Migration):
    """Tables and guards."""

    initial = True

    dependencies = [
        ("agencies", "0003_accounts"),
        ("ledger", "0004_seals"),
        ("disclosure", "0018_suggesting"),
    ]

    operations = [
        migrations.CreateModel(
            name="Inforequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=80, unique=True, verbose_name="申请编号")),
                ("channel", models.CharField(max_length=20, verbose_name="提交渠道")),
                ("submitted_on", models.DateField(verbose_name="提交日期")),
                ("signed_on", models.DateField(null=True, verbose_name="签收日期")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("natural_person", "自然人"),
                            ("commercial_enterprise", "商业企业"),
                            ("research_institution", "科研机构"),
                            ("public_welfare_org", "社会公益组织"),
                            ("legal_service_org", "法律服务机构"),
                            ("other_org", "其他法人或者组织"),
                        ],
                        max_length=30,
                        verbose_name="申请人类别",
                    ),
                ),
                ("requester", models.TextField(verbose_name="申请人")),
                ("requester_mark", models.CharField(max_length=64)),
                ("wanted", models.CharField(max_length=2000, verbose_name="申请的信息")),
                (
                    "supply",
                    models.CharField(
                        choices=[("paper", "纸质"), ("electronic", "电子文件"), ("disc", "光盘"), ("reading", "查阅、抄录")],
                        max_length=20,
                        verbose_name="提供的形式",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("post", "邮寄"), ("email", "电子邮件"), ("counter", "当面领取"), ("fax", "传真"), ("portal", "网上查看")],
                        max_length=20,
                        verbose_name="获取的方式",
                    ),
                ),
                ("is_assisted", models.BooleanField(default=False, verbose_name="需要协助")),
                ("code_digest", models.CharField(blank=True, max_length=64)),
                ("address_mark", models.CharField(blank=True, max_length=64)),
                ("taken_at", models.DateTimeField(verbose_name="记下的时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="inforequests", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="HandlingEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("confirmed", "确认收到"),
                            ("supplement_asked", "告知补正"),
                            ("supplemented", "收到补正"),
                            ("consulted", "征求意见"),
                            ("arrived", "意见征求书送达"),
                            ("opinion", "收到意见"),
                            ("extended", "延长期限"),
                            ("explanation_asked", "要求说明理由"),
                            ("deferred", "延迟答复"),
                            ("fee_asked", "收费通知"),
                            ("fee_arrived", "收费通知送达"),
                            ("fee_paid", "缴费"),
                            ("withdrawn", "申请人撤回"),
                            ("replied", "答复"),
                            ("archived", "归档"),
                            ("reopened", "责令重新处理"),
                        ],
                        max_length=20,
                        verbose_name="事项",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("facts", models.JSONField(default=dict)),
                (
                    "about",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="followed_by", to="inforequest.handlingevent"
                    ),
                ),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "inforequest",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="events", to="inforequest.inforequest"),
                ),
            ],
            options={
                "ordering": ("on", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="第几次答复")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "inforequest",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="inforequest.inforequest"),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.AddIndex(
            model_name="inforequest",
            index=models.Index(fields=["submitted_on", "address_mark"], name="inforequest_by_day"),
        ),
        migrations.AddIndex(
            model_name="inforequest",
            index=models.Index(fields=["agency", "requester_mark"], name="inforequest_by_requester"),
        ),
        migrations.AddConstraint(
            model_name="inforequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("channel", "online"), models.Q(("code_digest", ""), _negated=True), models.Q(("address_mark", ""), _negated=True)
                    ),
                    models.Q(models.Q(("channel", "online"), _negated=True), ("address_mark", ""), ("code_digest", "")),
                    _connector="OR",
                ),
                name="inforequest_by_site_has_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="inforequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("wanted", ""), _negated=True),
                    models.Q(("requester", ""), _negated=True),
                    models.Q(("requester_mark", ""), _negated=True),
                ),
                name="inforequest_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="handlingevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "confirmed")), fields=("inforequest",), name="handling_confirmed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="handlingevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "supplement_asked")), fields=("inforequest",), name="handling_supplement_asked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="handlingevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "withdrawn")), fields=("inforequest",), name="handling_withdrawn_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="handlingevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("about__isnull", False)), fields=("about", "kind"), name="handling_followed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(fields=("inforequest", "round"), name="reply_once_a_round"),
        ),
        together(
            *[append_only(name, WRITTEN_ONCE) for name in KEPT],
            Statements(_BEFORE.reverse_code, _BEFORE.code),
            _NOW,
            renewed_guards(),
            *[noted(name) for name in KEPT],
        ),
    ]
