"""A file of past publications holds nothing from the organ's day of beginning on, and three people answer for it."""

from __future__ import annotations

import datetime

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from gongkai.web.settings.triggers import across, append_only, by_vendor, refuse_when

TABLE = "disclosure_pastrun"
NOT_REFUSED = (Q(is_cleared__isnull=True) | Q(is_cleared=True)) & (Q(is_approved__isnull=True) | Q(is_approved=True))
WORDS = "以前发布的信息只能由批准的导入写入"
_OF_APPROVED = (
    "SELECT 1 FROM disclosure_pastbatch batch JOIN disclosure_pastrun run ON run.id = batch.run_id "
    "WHERE batch.id = NEW.batch_id AND run.is_approved"
)
_BEFORE = f"{_OF_APPROVED} AND run.is_cleared AND NEW.published_on < run.begins_on"
_CLEARED = ("is_cleared", "cleared_by_id", "clearance_id")


def _guard(inside: str) -> tuple[str, str]:
    """The guard of publications that came by a file, for SQLite and PostgreSQL."""
    wrong = f"NEW.batch_id IS NOT NULL AND NOT EXISTS ({inside})"
    return (
        f"DROP TRIGGER publication_of_approved_file;;CREATE TRIGGER publication_of_approved_file BEFORE INSERT ON disclosure_publication "
        f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
        "CREATE OR REPLACE FUNCTION publication_of_approved_file() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {wrong} THEN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    )


def _differs(*columns: str) -> tuple[str, str]:
    return (
        " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns),
        " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns),
    )


_NEW, _OLD = _guard(_BEFORE), _guard(_OF_APPROVED)
_RECLEARED = tuple(f"OLD.is_cleared IS NOT NULL AND ({changed})" for changed in _differs(*_CLEARED))


class Migration(migrations.Migration):
    """Columns and constraints, then the guards."""

    dependencies = [("disclosure", "0013_asked_about_a_revision"), ("agencies", "0001_initial"), ("ledger", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Beginning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="开始使用平台的日期")),
                (
                    "entry",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
        ),
        append_only("disclosure_beginning", "开始使用平台的日期只能定一次，不能改动或者删除"),
        *across(
            TABLE,
            # No file of an earlier state of the platform is let in: nothing was published before that day.
            migrations.AddField(
                "pastrun",
                "begins_on",
                models.DateField(default=datetime.date(1949, 10, 1), verbose_name="开始使用平台的日期"),
                preserve_default=False,
            ),
            migrations.AddField(
                "pastrun",
                "cleared_by",
                models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.person"),
            ),
            migrations.AddField("pastrun", "is_cleared", models.BooleanField(null=True)),
            migrations.AddField(
                "pastrun",
                "clearance",
                models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
            ),
            migrations.AddConstraint(
                "pastrun",
                models.CheckConstraint(
                    name="pastrun_three_people",
                    condition=Q(cleared_by__isnull=True)
                    | ~Q(cleared_by=F("handed_in_by")) & (Q(decided_by__isnull=True) | ~Q(cleared_by=F("decided_by"))),
                ),
            ),
            migrations.AddConstraint(
                "pastrun",
                models.CheckConstraint(
                    name="pastrun_cleared_with_entry",
                    condition=Q(cleared_by__isnull=True, is_cleared__isnull=True, clearance__isnull=True)
                    | Q(cleared_by__isnull=False, is_cleared__isnull=False, clearance__isnull=False),
                ),
            ),
            migrations.AddConstraint(
                "pastrun",
                models.CheckConstraint(
                    name="pastrun_approved_when_cleared",
                    condition=Q(is_approved__isnull=True) | Q(is_approved=False) | Q(cleared_by__isnull=False, is_cleared=True),
                ),
            ),
            migrations.RemoveConstraint("pastrun", "pastrun_file_once"),
            migrations.AddConstraint(
                "pastrun",
                models.UniqueConstraint(name="pastrun_file_once", fields=["agency", "file_digest"], condition=NOT_REFUSED),
            ),
        ),
        refuse_when(TABLE, "pastrun_beginning_kept", "UPDATE", _differs("begins_on"), "交来的文件不能改动或者删除"),
        refuse_when(TABLE, "pastrun_cleared_once", "UPDATE", (_RECLEARED[0], _RECLEARED[1]), "保密审查的结果不能改动"),
        by_vendor(sqlite=_NEW[0], postgresql=_NEW[1], undo_sqlite=_OLD[0], undo_postgresql=_OLD[1]),
    ]
