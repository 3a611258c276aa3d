"""A standard catalogue comes in by a file that one person hands in and another approves; the database takes its rows in no other way."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gongkai.web.settings.triggers import append_only, by_vendor, refuse_when

KEPT = "交来的目录文件不能改动或者删除"
DECIDED = "目录文件已经有了决定，不能再改"
APPROVED = "目录事项只能由批准的文件写入"
_UNAPPROVED = (
    "NOT EXISTS (SELECT 1 FROM disclosure_catalogrun run WHERE run.decision_id = NEW.entry_id AND run.is_approved "
    "AND run.agency_id = NEW.agency_id AND run.field = NEW.field)"
)


class Migration(migrations.Migration):
    """The files handed in, and what guards them."""

    dependencies = [
        ("agencies", "0003_accounts"),
        ("disclosure", "0010_guards"),
        ("ledger", "0002_append_only"),
    ]
    operations = [
        migrations.CreateModel(
            name="CatalogRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                ("field", models.CharField(max_length=10, verbose_name="领域")),
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("file_digest", models.CharField(max_length=64)),
                ("n_rows", models.PositiveIntegerField(verbose_name="项数")),
                (
                    "handed_in_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("is_approved", models.BooleanField(null=True)),
                (
                    "decision",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("handed_in_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="catalogrun_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("decision__isnull", True), ("is_approved__isnull", True)),
                            models.Q(("decided_by__isnull", False), ("decision__isnull", False), ("is_approved__isnull", False)),
                            _connector="OR",
                        ),
                        name="catalogrun_decided_with_entry",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_approved__isnull", True)),
                        fields=("agency", "field", "file_digest"),
                        name="catalogrun_waits_once",
                    ),
                ],
            },
        ),
        append_only(
            "disclosure_catalogrun",
            KEPT,
            columns=("agency_id", "field", "file_name", "file_digest", "n_rows", "handed_in_by_id", "entry_id"),
        ),
        by_vendor(
            sqlite=(
                "CREATE TRIGGER catalogrun_decided_once BEFORE UPDATE ON disclosure_catalogrun WHEN OLD.is_approved IS NOT NULL "
                f"BEGIN SELECT RAISE(ABORT, '{DECIDED}'); END"
            ),
            postgresql=(
                "CREATE FUNCTION catalogrun_decided_once() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{DECIDED}' USING ERRCODE = 'integrity_constraint_violation'; END $$;;"
                "CREATE TRIGGER catalogrun_decided_once BEFORE UPDATE ON disclosure_catalogrun FOR EACH ROW "
                "WHEN (OLD.is_approved IS NOT NULL) EXECUTE FUNCTION catalogrun_decided_once()"
            ),
            undo_sqlite="DROP TRIGGER catalogrun_decided_once",
            undo_postgresql="DROP TRIGGER catalogrun_decided_once ON disclosure_catalogrun;;DROP FUNCTION catalogrun_decided_once()",
        ),
        refuse_when("disclosure_catalogrow", "catalogrow_of_approved_file", "INSERT", (_UNAPPROVED, _UNAPPROVED), APPROVED),
    ]
