"""What stands per organ: negative list, catalogue, guide and rules; and how lists of items are found."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from gongkai.web.settings.triggers import append_only, by_vendor

KEPT = "这些记录不能改动或者删除，只能由新的一条代替"
# "limit" is a word of SQL and stands in quotes.
COLUMNS = {
    "negativeterm": ("agency_id", "term", "reason", "basis", "in_force_from", "lapsed_on", "entry_id"),
    "catalogrow": (
        "agency_id", "field", "number", "matter", "sub_matter", "content", "grounds", '"limit"', "organ", "channels", "audience",
        "audience_note", "mode", "mark", "entry_id",
    ),
    "itemcatalogrow": ("item_id", "row_id", "entry_id"),
    "standing": ("agency_id", "what", "item_id", "entry_id"),
}  # fmt: skip


def ended_once(name: str) -> migrations.RunPython:
    """What has ended stays ended, by the entry that ended it."""
    table, trigger, told = f"disclosure_{name}", f"{name}_ended_once", "已经停用的记录不能再改"
    return by_vendor(
        sqlite=(
            f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} WHEN OLD.ended_by_id IS NOT NULL "
            f"AND OLD.ended_by_id IS NOT NEW.ended_by_id BEGIN SELECT RAISE(ABORT, '{told}'); END"
        ),
        postgresql=(
            f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{told}' USING ERRCODE = 'integrity_constraint_violation'; END $$;;"
            f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} FOR EACH ROW WHEN (OLD.ended_by_id IS NOT NULL "
            f"AND OLD.ended_by_id IS DISTINCT FROM NEW.ended_by_id) EXECUTE FUNCTION {trigger}()"
        ),
        undo_sqlite=f"DROP TRIGGER {trigger}",
        undo_postgresql=f"DROP TRIGGER {trigger} ON {table};;DROP FUNCTION {trigger}()",
    )


class Migration(migrations.Migration):
    """Tables and guards."""

    dependencies = [("disclosure", "0008_schedule")]
    operations = [
        migrations.CreateModel(
            name="CatalogRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                ("field", models.CharField(max_length=10, verbose_name="领域")),
                ("number", models.CharField(max_length=20, verbose_name="序号")),
                ("matter", models.CharField(max_length=200, verbose_name="一级事项")),
                ("sub_matter", models.CharField(blank=True, max_length=200, verbose_name="二级事项")),
                ("content", models.TextField(verbose_name="公开内容（要素）")),
                ("grounds", models.TextField(verbose_name="公开依据")),
                ("limit", models.CharField(max_length=500, verbose_name="公开时限")),
                ("organ", models.CharField(max_length=500, verbose_name="公开主体")),
                ("channels", models.JSONField(verbose_name="公开渠道和载体")),
                ("audience", models.CharField(max_length=20, verbose_name="公开对象")),
                ("audience_note", models.CharField(blank=True, max_length=200)),
                ("mode", models.CharField(max_length=20, verbose_name="公开方式")),
                ("mark", models.CharField(max_length=64)),
                ("entry", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "ended_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("field", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_by__isnull", True)), fields=("agency", "field", "mark"), name="catalogrow_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NegativeTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="negative_terms",
                        to="agencies.agency",
                        verbose_name="机关",
                    ),
                ),
                ("term", models.CharField(max_length=60, verbose_name="词语")),
                ("reason", models.CharField(max_length=200, verbose_name="不得公开的理由")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("in_force_from", models.DateField(verbose_name="起")),
                ("lapsed_on", models.DateField(null=True, verbose_name="失效日期")),
                ("entry", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_by__isnull", True)), fields=("agency", "term"), name="negativeterm_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("term", ""), _negated=True), models.Q(("reason", ""), _negated=True)),
                        name="negativeterm_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lapsed_on__isnull", True), ("lapsed_on__gt", models.F("in_force_from")), _connector="OR"),
                        name="negativeterm_lapses_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("guide", "现行公开指南"), ("institution", "现行公开制度")], max_length=20, verbose_name="种类"
                    ),
                ),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="standings", to="disclosure.item")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_by__isnull", True), ("what", "guide")), fields=("agency",), name="standing_one_guide"
                    ),
                    models.UniqueConstraint(condition=models.Q(("ended_by__isnull", True)), fields=("item",), name="standing_item_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemCatalogRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="catalog_rows", to="disclosure.item")),
                ("row", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="filed", to="disclosure.catalogrow")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("ended_by__isnull", True)), fields=("item",), name="itemcatalogrow_one")
                ],
            },
        ),
        *[append_only(f"disclosure_{name}", KEPT, columns=columns) for name, columns in COLUMNS.items()],
        *[ended_once(name) for name in COLUMNS],
    ]
