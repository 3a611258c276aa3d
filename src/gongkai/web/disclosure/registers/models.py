"""The registers (登记册), declared figures and nil returns that table two of the annual report counts.

A row is never changed and never deleted: a correction is a new row that supersedes the old, and what ends a row is the
ledger entry that the row then names. Which figures follow is asked, never stored.

A row added on a screen has a ledger entry of its own. Rows of one imported file share the file's entry: an entry a row would
write the same act a thousand times. So the entry is a foreign key, and the database demands that a row outside of a batch
shares its entry with no other row.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.registers.values import Register, registers, registers_of
from gongkai.web.ledger.models import LedgerEntry

WORDS = {name: register.words for name, register in registers().items()}


class ImportBatch(models.Model):
    """One file taken into a register: its SM3, and how many rows it brought."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    register = models.CharField(max_length=20, choices=list(WORDS.items()))
    file_name = models.CharField("文件名", max_length=200)
    file_digest = models.CharField(max_length=64)
    n_rows = models.PositiveIntegerField()
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(name="importbatch_file_once", fields=["agency", "register", "file_digest"]),
            models.CheckConstraint(name="importbatch_has_rows", condition=Q(n_rows__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.n_rows}条）"


class RegisterRow(models.Model):
    """What every row of a register has. ``ended_by`` names the entry of its correction or removal; without it the row counts."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="机关")
    register = models.CharField(max_length=20, choices=list(WORDS.items()))
    number = models.CharField("文号", max_length=60, blank=True)
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+")
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """No table of its own."""

        abstract = True
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{WORDS[self.register]}“{self.told}”"

    @property
    def told(self) -> str:
        """What a person calls the row."""
        return self.number

    @property
    def kind(self) -> Register:
        """The register it stands in."""
        return registers()[self.register]

    def values(self) -> dict[str, Any]:
        """What the row says, by column."""
        return {column.name: getattr(self, column.name) for column in self.kind.columns}

    def content(self) -> dict[str, Any]:
        """Everything that the ledger's digest covers, in the same spelling before and after it was saved."""
        said = {name: _plain(value) for name, value in self.values().items()}
        return {**said, "agency": self.agency_id, "register": self.register, "supersedes": self.supersedes_id}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.6f}"
    return value.isoformat() if isinstance(value, datetime.date) else value


def _demands(name: str, shape: str, *more: models.BaseConstraint) -> list[models.BaseConstraint]:
    """What the database demands of every register's table, and what of this one."""
    return [
        models.CheckConstraint(name=f"{name}_in_its_register", condition=Q(register__in=registers_of(shape))),
        models.UniqueConstraint(name=f"{name}_entry_of_its_own", fields=["entry"], condition=Q(batch__isnull=True)),
        models.UniqueConstraint(
            name=f"{name}_number_once", fields=["agency", "register", "number"], condition=Q(ended_by__isnull=True) & ~Q(number="")
        ),
        *more,
    ]


class Document(RegisterRow):
    """A rule (规章) or normative document (行政规范性文件). Issued, repealed and in force of a year follow from its days.

    ``repealed_on`` and ``lapsed_on`` are the first day on which it no longer holds.
    """

    title = models.CharField("标题", max_length=200)
    issued_on = models.DateField("印发日期")
    in_force_from = models.DateField("施行日期")
    repealed_on = models.DateField("废止日期", null=True)
    lapsed_on = models.DateField("失效日期", null=True)
    successor = models.CharField("代替它的文件", max_length=200, blank=True)

    class Meta:
        """What the database itself demands, and how rows are found."""

        ordering = ("-pk",)
        constraints = _demands(
            "document",
            "document",
            models.CheckConstraint(name="document_numbered", condition=~Q(number="") & ~Q(title="")),
            models.CheckConstraint(name="document_ends_one_way", condition=Q(repealed_on__isnull=True) | Q(lapsed_on__isnull=True)),
            models.CheckConstraint(
                name="document_ends_after_it_begins",
                condition=(Q(repealed_on__isnull=True) | Q(repealed_on__gte=F("issued_on")))
                & (Q(lapsed_on__isnull=True) | Q(lapsed_on__gte=F("issued_on"))),
            ),
        )
        indexes = [models.Index(name="document_by_day", fields=["agency", "register", "issued_on"])]

    @property
    def told(self) -> str:
        """Its 文号 and title."""
        return f"{self.number} {self.title}"


class Decision(RegisterRow):
    """A decision on a licence (许可), penalty (处罚) or coercion (强制), made public or not.

    ``withdrawn_on`` is the day on which a penalty's publication was taken back; the decision was made all the same and counts.
    """

    decided_on = models.DateField("决定日期")
    matter = models.CharField("事项", max_length=300)
    is_published = models.BooleanField("是否公开")
    withdrawn_on = models.DateField("撤回公开日期", null=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="decisions")

    class Meta:
        """What the database itself demands, and how rows are found."""

        ordering = ("-pk",)
        constraints = _demands(
            "decision",
            "decision",
            models.CheckConstraint(name="decision_numbered", condition=~Q(number="") & ~Q(matter="")),
            models.CheckConstraint(
                name="decision_only_penalties_withdrawn",
                condition=Q(withdrawn_on__isnull=True) | Q(register="penalty", withdrawn_on__gte=F("decided_on")),
            ),
            models.CheckConstraint(name="decision_of_an_item_published", condition=Q(item__isnull=True) | Q(is_published=True)),
        )
        indexes = [models.Index(name="decision_by_day", fields=["agency", "register", "decided_on"])]

    @property
    def index_number(self) -> str:
        """The 索引号 of the information that carries it, empty where none does."""
        return self.item.index_number if self.item else ""

    @property
    def told(self) -> str:
        """Its 文号 and matter."""
        return f"{self.number} {self.matter}"


class Fee(RegisterRow):
    """An administrative fee (行政事业性收费) collected on a day, or in a month when ``is_monthly`` (then the month's first day).

    ``amount_wan`` is in 万元; six decimals, because one 分 is 0.000001万元.
    """

    charge = models.CharField("收费项目", max_length=200)
    amount_wan = models.DecimalField("金额（万元）", max_digits=14, decimal_places=6)
    collected_on = models.DateField("收取日期")
    is_monthly = models.BooleanField("按月汇总", default=False)

    class Meta:
        """What the database itself demands, and how rows are found."""

        ordering = ("-pk",)
        constraints = _demands("fee", "fee", models.CheckConstraint(name="fee_not_negative", condition=Q(amount_wan__gte=0)))
        indexes = [models.Index(name="fee_by_day", fields=["agency", "collected_on"])]

    @property
    def told(self) -> str:
        """Its charge and amount."""
        return f"{self.charge} {self.amount_wan.normalize():f}万元"

    def content(self) -> dict[str, Any]:
        """As every row's, with whether it stands for a month."""
        return {**super().content(), "is_monthly": self.is_monthly}


class NilReturn(models.Model):
    """“本年无”: somebody said that a register has nothing for a year. Without it an empty register is silence, not zero."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="机关")
    register = models.CharField(max_length=20, choices=list(WORDS.items()))
    year = models.PositiveSmallIntegerField("年度")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("-year", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="nilreturn_one_in_force", fields=["agency", "register", "year"], condition=Q(ended_by__isnull=True)
            ),
            models.CheckConstraint(name="nilreturn_of_a_register", condition=Q(register__in=list(WORDS))),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{WORDS[self.register]}本年无"

    def content(self) -> dict[str, Any]:
        """Everything that the ledger's digest covers."""
        return {"agency": self.agency_id, "register": self.register, "year": self.year}


class DeclaredFigure(models.Model):
    """A figure of table two that no register holds, as somebody declared it, with where it comes from."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="机关")
    edition = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField("年度")
    address = models.CharField(max_length=80)
    value = models.DecimalField("数值", max_digits=15, decimal_places=6)
    source = models.CharField("数据来源", max_length=200)
    evidence = models.CharField("依据", max_length=500)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("-year", "address", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="declaredfigure_one_in_force", fields=["agency", "year", "address"], condition=Q(ended_by__isnull=True)
            ),
            models.CheckConstraint(name="declaredfigure_has_evidence", condition=~Q(source="") & ~Q(evidence="")),
        ]

    def __str__(self) -> str:
        return f"{self.year}年 {self.address}"

    @property
    def told(self) -> str:
        """The value without needless zeros."""
        return f"{self.value.normalize():f}"

    def content(self) -> dict[str, Any]:
        """Everything that the ledger's digest covers."""
        said = {name: _plain(getattr(self, name)) for name in ("edition", "year", "address", "value", "source", "evidence")}
        return {**said, "agency": self.agency_id, "supersedes": self.supersedes_id}


MODELS: Mapping[str, type[RegisterRow]] = {"document": Document, "decision": Decision, "fee": Fee}


def rows_of(register: str) -> Any:
    """All rows of a register, ended ones too."""
    return MODELS[registers()[register].shape].objects.filter(register=register)
