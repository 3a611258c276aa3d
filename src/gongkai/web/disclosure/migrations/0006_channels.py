"""What channels carried and by what one can see it, where deliveries are pushed, and lists handed to archives and library."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from gongkai.web.settings.triggers import append_only, by_vendor

CONFIRMED = "渠道登记以后不能改动"
_CHANGED_LITE = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in ("confirmed_on", "confirmation_id", "evidence"))
_CHANGED_POST = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in ("confirmed_on", "confirmation_id", "evidence"))


class Migration(migrations.Migration):
    """Tables and guards."""

    dependencies = [("disclosure", "0005_material")]
    operations = [
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("site", "政府网站"),
                            ("wechat", "微信公众号"),
                            ("weibo", "微博"),
                            ("notice_board", "公开栏"),
                            ("gazette", "政府公报"),
                            ("radio", "广播"),
                            ("tv", "电视"),
                            ("led_screen", "电子显示屏"),
                            ("service_window", "服务窗口"),
                            ("leaflet", "宣传单、赶集日宣传"),
                            ("oa", "办公系统"),
                            ("archive", "移送档案馆、图书馆"),
                        ],
                        max_length=20,
                        verbose_name="渠道",
                    ),
                ),
                ("url", models.CharField(max_length=500, verbose_name="接口地址")),
                ("secret", models.CharField(max_length=400)),
                (
                    "signing",
                    models.CharField(choices=[("sm3", "HMAC-SM3"), ("sha256", "HMAC-SHA256")], max_length=10, verbose_name="签名算法"),
                ),
                ("covers_below", models.BooleanField(default=False, verbose_name="下级机关也用")),
                ("from_on", models.DateField(verbose_name="起")),
                ("until_on", models.DateField(null=True, verbose_name="止")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("agency__path", "channel", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_by__isnull", True)), fields=("agency", "channel"), name="endpoint_one_in_force"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by__isnull", True), ("until_on__isnull", True)),
                            models.Q(("ended_by__isnull", False), ("until_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="endpoint_ended_with_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="移送机关"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("label", models.CharField(max_length=60, verbose_name="编号")),
                ("since_on", models.DateField(verbose_name="起")),
                ("until_on", models.DateField(verbose_name="止")),
                ("receivers", models.CharField(max_length=200, verbose_name="接收单位")),
                (
                    "carrier",
                    models.CharField(
                        choices=[("electronic", "电子"), ("paper", "纸质"), ("both", "电子和纸质")], max_length=20, verbose_name="形式"
                    ),
                ),
                ("copies", models.PositiveSmallIntegerField(verbose_name="份数")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                ("handed_on", models.DateField(null=True, verbose_name="移交日期")),
                (
                    "handover",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
                (
                    "voided_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "year", "number"), name="transferlist_numbered_once"),
                    models.CheckConstraint(condition=models.Q(("until_on__gte", models.F("since_on"))), name="transferlist_period"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_on__isnull", True), ("handover__isnull", True)),
                            models.Q(("handed_on__isnull", False), ("handover__isnull", False), ("voided_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="transferlist_handed_with_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "delivery",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="disclosure.delivery"),
                ),
                (
                    "endpoint",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.endpoint"),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("begun", "正在推送"), ("delivered", "已送达"), ("failed", "没有成功"), ("again", "重新开始")],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="对方答复")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="原因")),
                (
                    "entry",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entry__isnull", True), ("outcome__in", ("begun", "failed"))),
                            models.Q(("entry__isnull", False), ("outcome__in", ("delivered", "again"))),
                            _connector="OR",
                        ),
                        name="attempt_with_entry_when_it_counts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome", "again"), ("endpoint__isnull", False), _connector="OR"),
                        name="attempt_at_an_endpoint",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "delivery",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="pieces", to="disclosure.delivery"
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="pieces", to="disclosure.transferlist"
                    ),
                ),
                ("kind", models.CharField(choices=[("photo", "照片"), ("link", "链接"), ("number", "编号")], max_length=10)),
                ("text", models.CharField(max_length=500)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0)),
                ("entry", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivery__isnull", False), ("transfer__isnull", True)),
                            models.Q(("delivery__isnull", True), ("transfer__isnull", False)),
                            _connector="OR",
                        ),
                        name="evidence_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "photo"), models.Q(("digest", ""), _negated=True)),
                            models.Q(models.Q(("kind", "photo"), _negated=True), ("digest", "")),
                            _connector="OR",
                        ),
                        name="evidence_photo_has_digest",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "transfer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="disclosure.transferlist"),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transfer_lines", to="disclosure.publication"
                    ),
                ),
                ("is_withdrawal", models.BooleanField()),
            ],
            options={
                "ordering": ("transfer", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("transfer", "position"), name="transferline_position_once"),
                    models.UniqueConstraint(fields=("transfer", "publication", "is_withdrawal"), name="transferline_once"),
                ],
            },
        ),
        append_only("disclosure_attempt", "推送记录不能改动或者删除"),
        append_only("disclosure_evidence", "渠道凭证不能改动或者删除"),
        append_only("disclosure_transferline", "移送明细表不能改动或者删除，只能作废后重新编制"),
        append_only(
            "disclosure_transferlist",
            "移送明细表不能改动或者删除，只能作废后重新编制",
            columns=("agency_id", "year", "number", "label", "since_on", "until_on", "receivers", "carrier", "copies", "entry_id"),
        ),
        append_only(
            "disclosure_endpoint",
            "接口设置不能改动或者删除，只能停用或者重新设置",
            columns=("agency_id", "channel", "url", "secret", "signing", "covers_below", "from_on", "entry_id"),
        ),
        by_vendor(
            sqlite=(
                "CREATE TRIGGER delivery_confirmed_once BEFORE UPDATE ON disclosure_delivery "
                f"WHEN OLD.asked_by_id IS NOT NEW.asked_by_id OR (OLD.confirmed_on IS NOT NULL AND ({_CHANGED_LITE})) "
                f"BEGIN SELECT RAISE(ABORT, '{CONFIRMED}'); END"
            ),
            postgresql=(
                "CREATE FUNCTION delivery_confirmed_once() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{CONFIRMED}' USING ERRCODE = 'integrity_constraint_violation'; END $$;;"
                "CREATE TRIGGER delivery_confirmed_once BEFORE UPDATE ON disclosure_delivery FOR EACH ROW "
                f"WHEN (OLD.asked_by_id IS DISTINCT FROM NEW.asked_by_id OR (OLD.confirmed_on IS NOT NULL AND ({_CHANGED_POST}))) "
                "EXECUTE FUNCTION delivery_confirmed_once()"
            ),
            undo_sqlite="DROP TRIGGER delivery_confirmed_once",
            undo_postgresql="DROP TRIGGER delivery_confirmed_once ON disclosure_delivery;;DROP FUNCTION delivery_confirmed_once()",
        ),
    ]
