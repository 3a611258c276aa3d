"""What the public site's addresses and lists rest on.

An item's address follows from its index number, and the database itself keeps two items from sharing one. A publication repeats of its
revision what lists are narrowed by: a newer draft must not move what is public to another column.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from gongkai.web.settings.triggers import across, by_vendor, refuse_when, renewed_guards

TABLE = "disclosure_publication"
_SAID = {"sqlite": "json_extract(said.content, '$.{name}')", "postgresql": "said.content->>'{name}'"}


def _filled(vendor: str) -> str:
    kind, column = (f"COALESCE((SELECT {_SAID[vendor].format(name=name)} FROM review_revision said WHERE said.id = revision_id), '')"
                    for name in ("kind", "column"))  # fmt: skip
    organ = "(SELECT item.agency_id FROM disclosure_item item WHERE item.id = item_id)"
    return f'UPDATE {TABLE} SET agency_id = {organ}, kind = {kind}, "column" = {column}'


def _otherwise(vendor: str) -> str:
    kind, column = (_SAID[vendor].format(name=name) for name in ("kind", "column"))
    return (
        "NOT EXISTS (SELECT 1 FROM disclosure_item item JOIN review_revision said ON said.id = NEW.revision_id "
        f"WHERE item.id = NEW.item_id AND item.agency_id = NEW.agency_id AND COALESCE({kind}, '') = NEW.kind AND COALESCE({column}, '') = NEW.\"column\")"
    )


_KEPT = ("agency_id", "kind", '"column"')
_DIFFERS = (
    " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _KEPT),
    " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _KEPT),
)


def _listed(name: str, *fields: str) -> migrations.AddIndex:
    return migrations.AddIndex(
        "publication", models.Index(name=name, fields=[*fields, "-published_on", "-id"], condition=Q(withdrawn_on__isnull=True))
    )


_KINDS = {
    "policy": "政策文件", "interpretation": "政策解读", "news": "工作动态", "notice": "通知公告", "budget": "预算决算", "procurement": "政府采购",
    "licence": "行政许可", "penalty": "行政处罚", "coercion": "行政强制", "fee": "行政事业性收费", "clarification": "澄清", "concern": "回应关切",
    "joint": "联合发文", "guide": "公开指南", "institution": "公开制度", "annual_report": "公开年报",
}  # fmt: skip


class Migration(migrations.Migration):
    """Columns, indexes and guards."""

    dependencies = [("disclosure", "0015_proof"), ("agencies", "0003_accounts")]
    operations = [
        *across(
            "disclosure_item",
            migrations.AddField(
                "item",
                "slug",
                models.GeneratedField(
                    expression=Replace(F("index_number"), Value("/"), Value("-")),
                    output_field=models.CharField(max_length=60),
                    db_persist=True,
                    unique=True,
                ),
            ),
        ),
        *across(
            TABLE,
            migrations.AddField(
                "publication",
                "agency",
                models.ForeignKey(
                    db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                ),
            ),
            migrations.AddField("publication", "kind", models.CharField(default="", max_length=20), preserve_default=False),
            migrations.AddField("publication", "column", models.CharField(default="", max_length=20), preserve_default=False),
            by_vendor(
                sqlite=_filled("sqlite"),
                postgresql=f"ALTER TABLE {TABLE} DISABLE TRIGGER USER;;{_filled('postgresql')};;ALTER TABLE {TABLE} ENABLE TRIGGER USER",
                undo_sqlite="",
                undo_postgresql="",
            ),
            migrations.AlterField(
                "publication",
                "agency",
                models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"),
            ),
        ),
        migrations.AlterField("item", "kind", models.CharField(choices=list(_KINDS.items()), max_length=20, verbose_name="类别")),
        _listed("publication_newest"),
        _listed("publication_of_organ", "agency"),
        _listed("publication_in_column", "column"),
        _listed("publication_of_kind", "kind"),
        refuse_when(
            TABLE,
            "publication_repeats_revision",
            "INSERT",
            (_otherwise("sqlite"), _otherwise("postgresql")),
            "发布记录里的机关、类别和栏目必须与发布的这一稿相同",
        ),
        refuse_when(TABLE, "publication_place_kept", "UPDATE", _DIFFERS, "已发布的记录不能改动或者删除，只能撤回"),
        renewed_guards(),
    ]
