"""Material handed in, the units that hand it in, and what became of it."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from gongkai.web.settings.triggers import append_only, by_vendor

KEPT = "交来的材料和办理记录不能改动或者删除"
UNIT = ("agency_id", "name", "kind", "from_on", "entry_id")
MEMBER = ("unit_id", "person_id", "from_on", "entry_id")
ENDED = "已经撤销或者移出的，不能再改"
SAME = "素材只能用于同一机关的信息"
_STRANGE = (
    "NOT EXISTS (SELECT 1 FROM disclosure_material material JOIN disclosure_item item ON item.agency_id = material.agency_id "
    "WHERE material.id = NEW.material_id AND item.id = NEW.item_id)"
)


def guard(table: str, name: str, event: str, when: tuple[str, str], words: str) -> migrations.RunPython:
    """A trigger that refuses ``event`` on a table when the condition (SQLite's, PostgreSQL's) holds."""
    lite, post = when
    return by_vendor(
        sqlite=f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {lite} BEGIN SELECT RAISE(ABORT, '{words}'); END",
        postgresql=(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {post} THEN "
            f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$;;"
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        ),
        undo_sqlite=f"DROP TRIGGER {name}",
        undo_postgresql=f"DROP TRIGGER {name} ON {table};;DROP FUNCTION {name}()",
    )


def ended_once(table_of: str) -> migrations.RunPython:
    """What has ended stays ended, the day it ended."""
    when = "OLD.ended_by_id IS NOT NULL"
    return guard(f"disclosure_{table_of}", f"{table_of}_ended_once", "UPDATE", (when, when), ENDED)


class Migration(migrations.Migration):
    """Tables and guards."""

    dependencies = [("disclosure", "0004_joint")]
    operations = [
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="units", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("station", "站所"), ("village", "村（社区）"), ("section", "内设机构"), ("department", "部门、下属单位")],
                        max_length=20,
                        verbose_name="类型",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="起")),
                ("until_on", models.DateField(null=True, verbose_name="止")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("kind", "name", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on__isnull", True)), fields=("agency", "name"), name="unit_named_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by__isnull", True), ("until_on__isnull", True)),
                            models.Q(("ended_by__isnull", False), ("until_on__gte", models.F("from_on"))),
                            _connector="OR",
                        ),
                        name="unit_ends_with_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Material",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="交给"
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="来自"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="materials",
                        to="disclosure.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="供稿人"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                ("body", models.TextField(blank=True, verbose_name="内容")),
                ("files", models.JSONField(default=list)),
                ("happened_on", models.DateField(verbose_name="发生或者形成日期")),
                ("column", models.CharField(blank=True, max_length=20, verbose_name="希望公开的栏目")),
                (
                    "urgency",
                    models.CharField(
                        choices=[("ordinary", "不急"), ("soon", "一周内"), ("today", "当天")], max_length=20, verbose_name="缓急"
                    ),
                ),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="联系电话")),
                ("digest", models.CharField(max_length=64)),
                ("handed_in_on", models.DateField(verbose_name="交来日期")),
                ("handed_in_at", models.DateTimeField(verbose_name="交来时间")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["agency", "-id"], name="material_of_agency"),
                    models.Index(fields=["contributor", "-id"], name="material_of_contributor"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("contributor", "handed_in_on", "digest"), name="material_once_a_day"),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="material_has_title"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="disclosure.unit", verbose_name="单位"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="供稿人"
                    ),
                ),
                ("from_on", models.DateField(verbose_name="起")),
                ("until_on", models.DateField(null=True, verbose_name="止")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("until_on__isnull", True)), fields=("unit", "person"), name="member_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by__isnull", True), ("until_on__isnull", True)),
                            models.Q(("ended_by__isnull", False), ("until_on__gte", models.F("from_on"))),
                            _connector="OR",
                        ),
                        name="member_ends_with_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "material",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="disclosure.material"),
                ),
                (
                    "drafter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="拟稿人"
                    ),
                ),
                (
                    "follows",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="followed_by", to="disclosure.assignment"
                    ),
                ),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("follows__isnull", True)), fields=("material",), name="assignment_first_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "material",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="decline", to="disclosure.material"),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="decline_with_reason")],
            },
        ),
        migrations.CreateModel(
            name="ItemSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sources", to="disclosure.item")),
                (
                    "material",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sources", to="disclosure.material"),
                ),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [models.UniqueConstraint(fields=("item", "material"), name="itemsource_once")],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "material",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="merge", to="disclosure.material"),
                ),
                ("into", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="merged", to="disclosure.material")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("material", models.F("into")), _negated=True), name="merge_into_another")
                ],
            },
        ),
        *[append_only(f"disclosure_{name}", KEPT) for name in ("material", "assignment", "merge", "decline", "itemsource")],
        append_only("disclosure_unit", KEPT, columns=UNIT),
        append_only("disclosure_member", KEPT, columns=MEMBER),
        ended_once("unit"),
        ended_once("member"),
        guard("disclosure_itemsource", "itemsource_same_organ", "INSERT", (_STRANGE, _STRANGE), SAME),
    ]
