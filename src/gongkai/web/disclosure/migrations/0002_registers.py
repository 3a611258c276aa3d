"""None"""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

from gongkai.web.settings.triggers import append_only, by_vendor

KEPT = "登记的内容不能改动或者删除，只能更正"
SHARED = ("agency_id", "register", "number", "entry_id", "batch_id", "supersedes_id")
COLUMNS = {
    "document": (*SHARED, "title", "issued_on", "in_force_from", "repealed_on", "lapsed_on", "successor"),
    "decision": (*SHARED, "decided_on", "matter", "is_published", "withdrawn_on", "item_id"),
    "fee": (*SHARED, "charge", "amount_wan", "collected_on", "is_monthly"),
    "nilreturn": ("agency_id", "register", "year", "entry_id"),
    "declaredfigure": (
        "agency_id", "edition", "year", "address", "value", "source", "evidence", "entry_id", "supersedes_id",
    ),
}  # fmt: skip
DAYS = {"document": ("issued_on", "repealed_on", "lapsed_on"), "decision": ("decided_on",), "fee": ("collected_on",)}


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


def kept(table_of: str) -> list[migrations.RunPython]:
    """Never changed, never deleted; ended at most once, and for good."""
    table = f"disclosure_{table_of}"
    once = ("OLD.ended_by_id IS NOT NULL AND OLD.ended_by_id IS NOT NEW.ended_by_id",
            "OLD.ended_by_id IS NOT NULL AND OLD.ended_by_id IS DISTINCT FROM NEW.ended_by_id")  # fmt: skip
    return [
        append_only(table, KEPT, columns=COLUMNS[table_of]),
        guard(table, f"{table_of}_ended_once", "UPDATE", once, "已经更正或者删去的登记不能再改"),
    ]


def superseding(table_of: str, *same: str) -> migrations.RunPython:
    """A correction takes the place of a row of the same organ, which the same entry ended."""
    old = " AND ".join(f"gone.{name} = NEW.{name}" for name in same)
    when = (
        f"NEW.supersedes_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM disclosure_{table_of} gone "
        f"WHERE gone.id = NEW.supersedes_id AND gone.ended_by_id = NEW.entry_id AND {old})"
    )
    return guard(f"disclosure_{table_of}", f"{table_of}_supersedes", "INSERT", (when, when), "更正必须代替同一机关、同一登记册的一条登记")


def _standing(year: str) -> str:
    """Whether any register has a row for the year of a nil return; ``year`` spells the year of a day."""
    found = []
    for table_of, days in DAYS.items():
        touched = " OR ".join(f"{year.format(day=f'r.{day}')} = NEW.year" for day in days)
        found.append(
            f"EXISTS (SELECT 1 FROM disclosure_{table_of} r WHERE r.ended_by_id IS NULL AND r.agency_id = NEW.agency_id "
            f"AND r.register = NEW.register AND ({touched}))"
        )
    return " OR ".join(found)


NIL = (_standing("CAST(strftime('%Y', {day}) AS INTEGER)"), _standing("EXTRACT(YEAR FROM {day})"))


class Migration(migrations.Migration):
    """Tables and guards."""

    dependencies = [("disclosure", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="DeclaredFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                ("edition", models.CharField(max_length=10)),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("address", models.CharField(max_length=80)),
                ("value", models.DecimalField(decimal_places=6, max_digits=15, verbose_name="数值")),
                ("source", models.CharField(max_length=200, verbose_name="数据来源")),
                ("evidence", models.CharField(max_length=500, verbose_name="依据")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="corrected_by", to="disclosure.declaredfigure"
                    ),
                ),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("-year", "address", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_by__isnull", True)),
                        fields=("agency", "year", "address"),
                        name="declaredfigure_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("source", ""), _negated=True), models.Q(("evidence", ""), _negated=True)),
                        name="declaredfigure_has_evidence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency")),
                (
                    "register",
                    models.CharField(
                        choices=[
                            ("rule", "规章"),
                            ("normative_document", "行政规范性文件"),
                            ("licence", "行政许可决定"),
                            ("penalty", "行政处罚决定"),
                            ("coercion", "行政强制决定"),
                            ("fee", "行政事业性收费"),
                        ],
                        max_length=20,
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("file_digest", models.CharField(max_length=64)),
                ("n_rows", models.PositiveIntegerField()),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
            ],
            options={
                "ordering": ("-pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "register", "file_digest"), name="importbatch_file_once"),
                    models.CheckConstraint(condition=models.Q(("n_rows__gt", 0)), name="importbatch_has_rows"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NilReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                (
                    "register",
                    models.CharField(
                        choices=[
                            ("rule", "规章"),
                            ("normative_document", "行政规范性文件"),
                            ("licence", "行政许可决定"),
                            ("penalty", "行政处罚决定"),
                            ("coercion", "行政强制决定"),
                            ("fee", "行政事业性收费"),
                        ],
                        max_length=20,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
            ],
            options={
                "ordering": ("-year", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_by__isnull", True)), fields=("agency", "register", "year"), name="nilreturn_one_in_force"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("register__in", ["rule", "normative_document", "licence", "penalty", "coercion", "fee"])),
                        name="nilreturn_of_a_register",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                (
                    "register",
                    models.CharField(
                        choices=[
                            ("rule", "规章"),
                            ("normative_document", "行政规范性文件"),
                            ("licence", "行政许可决定"),
                            ("penalty", "行政处罚决定"),
                            ("coercion", "行政强制决定"),
                            ("fee", "行政事业性收费"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("entry", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "batch",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.importbatch"
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="corrected_by", to="disclosure.decision"
                    ),
                ),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
                ("decided_on", models.DateField(verbose_name="决定日期")),
                ("matter", models.CharField(max_length=300, verbose_name="事项")),
                ("is_published", models.BooleanField(verbose_name="是否公开")),
                ("withdrawn_on", models.DateField(null=True, verbose_name="撤回公开日期")),
                (
                    "item",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="disclosure.item"
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [models.Index(fields=["agency", "register", "decided_on"], name="decision_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("register__in", ["licence", "penalty", "coercion"])), name="decision_in_its_register"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("batch__isnull", True)), fields=("entry",), name="decision_entry_of_its_own"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_by__isnull", True), models.Q(("number", ""), _negated=True)),
                        fields=("agency", "register", "number"),
                        name="decision_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("number", ""), _negated=True), models.Q(("matter", ""), _negated=True)),
                        name="decision_numbered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on__isnull", True),
                            models.Q(("register", "penalty"), ("withdrawn_on__gte", models.F("decided_on"))),
                            _connector="OR",
                        ),
                        name="decision_only_penalties_withdrawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("item__isnull", True), ("is_published", True), _connector="OR"),
                        name="decision_of_an_item_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                (
                    "register",
                    models.CharField(
                        choices=[
                            ("rule", "规章"),
                            ("normative_document", "行政规范性文件"),
                            ("licence", "行政许可决定"),
                            ("penalty", "行政处罚决定"),
                            ("coercion", "行政强制决定"),
                            ("fee", "行政事业性收费"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("entry", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "batch",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.importbatch"
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="corrected_by", to="disclosure.document"
                    ),
                ),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                ("issued_on", models.DateField(verbose_name="印发日期")),
                ("in_force_from", models.DateField(verbose_name="施行日期")),
                ("repealed_on", models.DateField(null=True, verbose_name="废止日期")),
                ("lapsed_on", models.DateField(null=True, verbose_name="失效日期")),
                ("successor", models.CharField(blank=True, max_length=200, verbose_name="代替它的文件")),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [models.Index(fields=["agency", "register", "issued_on"], name="document_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("register__in", ["rule", "normative_document"])), name="document_in_its_register"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("batch__isnull", True)), fields=("entry",), name="document_entry_of_its_own"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_by__isnull", True), models.Q(("number", ""), _negated=True)),
                        fields=("agency", "register", "number"),
                        name="document_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("number", ""), _negated=True), models.Q(("title", ""), _negated=True)),
                        name="document_numbered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("repealed_on__isnull", True), ("lapsed_on__isnull", True), _connector="OR"),
                        name="document_ends_one_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("repealed_on__isnull", True), ("repealed_on__gte", models.F("issued_on")), _connector="OR"),
                            models.Q(("lapsed_on__isnull", True), ("lapsed_on__gte", models.F("issued_on")), _connector="OR"),
                        ),
                        name="document_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                (
                    "register",
                    models.CharField(
                        choices=[
                            ("rule", "规章"),
                            ("normative_document", "行政规范性文件"),
                            ("licence", "行政许可决定"),
                            ("penalty", "行政处罚决定"),
                            ("coercion", "行政强制决定"),
                            ("fee", "行政事业性收费"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("entry", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry")),
                (
                    "batch",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="disclosure.importbatch"
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="corrected_by", to="disclosure.fee"
                    ),
                ),
                (
                    "ended_by",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgerentry"),
                ),
                ("charge", models.CharField(max_length=200, verbose_name="收费项目")),
                ("amount_wan", models.DecimalField(decimal_places=6, max_digits=14, verbose_name="金额（万元）")),
                ("collected_on", models.DateField(verbose_name="收取日期")),
                ("is_monthly", models.BooleanField(default=False, verbose_name="按月汇总")),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [models.Index(fields=["agency", "collected_on"], name="fee_by_day")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("register__in", ["fee"])), name="fee_in_its_register"),
                    models.UniqueConstraint(condition=models.Q(("batch__isnull", True)), fields=("entry",), name="fee_entry_of_its_own"),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_by__isnull", True), models.Q(("number", ""), _negated=True)),
                        fields=("agency", "register", "number"),
                        name="fee_number_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_wan__gte", 0)), name="fee_not_negative"),
                ],
            },
        ),
        append_only("disclosure_importbatch", "导入的记录不能改动或者删除"),
        *[step for name in COLUMNS for step in kept(name)],
        *[superseding(name, "agency_id", "register") for name in ("document", "decision", "fee")],
        superseding("declaredfigure", "agency_id", "year", "address"),
        guard("disclosure_nilreturn", "nilreturn_while_empty", "INSERT", NIL, "这一年已经有登记，不能申报本年无"),
    ]
