"""What stands per organ: terms it never publishes, rows of its standard catalogue, and its guide and institutional rules.

A row is never changed and never deleted. What ends it is the ledger entry that the row then names; what stands now is asked,
never stored. Rows of one imported file share the file's entry.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from gongkai.law.catalog import CatalogRow as ReadRow
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry


class NegativeTerm(models.Model):
    """One entry of an organ's negative list (不得公开清单): a word that screening looks for, ``*`` for anything, ``?`` for one character.

    It holds from ``in_force_from`` to the day before ``lapsed_on``, and not any more once an entry ended it.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="negative_terms", verbose_name="机关")
    term = models.CharField("词语", max_length=60)
    reason = models.CharField("不得公开的理由", max_length=200)
    basis = models.CharField("依据", max_length=200, blank=True)
    in_force_from = models.DateField("起")
    lapsed_on = models.DateField("失效日期", null=True)
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+")
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands, and how rows are ordered."""

        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(name="negativeterm_once", fields=["agency", "term"], condition=Q(ended_by__isnull=True)),
            models.CheckConstraint(name="negativeterm_says_why", condition=~Q(term="") & ~Q(reason="")),
            models.CheckConstraint(
                name="negativeterm_lapses_later", condition=Q(lapsed_on__isnull=True) | Q(lapsed_on__gt=F("in_force_from"))
            ),
        ]

    def __str__(self) -> str:
        return self.term

    def content(self) -> dict[str, Any]:
        """What the ledger's digest covers."""
        days = {name: day.isoformat() if (day := getattr(self, name)) else None for name in ("in_force_from", "lapsed_on")}
        return {"agency": self.agency_id, "term": self.term, "reason": self.reason, "basis": self.basis, **days}


class CatalogRun(models.Model):
    """One file that is to become an organ's catalogue of one field. Nothing of it holds before somebody else approved it.

    The file itself is kept under its digest, and what it would change is asked when somebody looks, never stored.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="机关")
    field = models.CharField("领域", max_length=10)
    file_name = models.CharField("文件名", max_length=200)
    file_digest = models.CharField(max_length=64)
    n_rows = models.PositiveIntegerField("项数")
    handed_in_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_approved = models.BooleanField(null=True)
    decision = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands: two people, and a decision with its entry."""

        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(name="catalogrun_four_eyes", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("handed_in_by"))),
            models.CheckConstraint(
                name="catalogrun_decided_with_entry",
                condition=Q(decided_by__isnull=True, is_approved__isnull=True, decision__isnull=True)
                | Q(decided_by__isnull=False, is_approved__isnull=False, decision__isnull=False),
            ),
            models.UniqueConstraint(
                name="catalogrun_waits_once", fields=["agency", "field", "file_digest"], condition=Q(is_approved__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.n_rows}项）"


class CatalogRow(models.Model):
    """One row of an organ's standard catalogue (基层政务公开标准目录) in one field of work.

    ``mark`` is the digest of matter, sub-matter and content: a row imported anew with another limit or channel keeps it, so that
    items filed under the row stay under it.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="机关")
    field = models.CharField("领域", max_length=10)
    number = models.CharField("序号", max_length=20)
    matter = models.CharField("一级事项", max_length=200)
    sub_matter = models.CharField("二级事项", max_length=200, blank=True)
    content = models.TextField("公开内容（要素）")
    grounds = models.TextField("公开依据")
    limit = models.CharField("公开时限", max_length=500)
    organ = models.CharField("公开主体", max_length=500)
    channels = models.JSONField("公开渠道和载体")
    audience = models.CharField("公开对象", max_length=20)
    audience_note = models.CharField(max_length=200, blank=True)
    mode = models.CharField("公开方式", max_length=20)
    mark = models.CharField(max_length=64)
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(LedgerEntry, models.PROTECT, null=True, related_name="+")

    SAID = (
        "number", "matter", "sub_matter", "content", "grounds", "limit", "organ", "channels", "audience", "audience_note", "mode",
    )  # fmt: skip

    class Meta:
        """What the database itself demands, and how rows are ordered."""

        ordering = ("field", "pk")
        constraints = [
            models.UniqueConstraint(name="catalogrow_once", fields=["agency", "field", "mark"], condition=Q(ended_by__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.matter}／{self.sub_matter}" if self.sub_matter else self.matter

    @classmethod
    def of(cls, agency: Agency, field: str, row: ReadRow) -> CatalogRow:
        """A row as it was read, not yet saved."""
        said = {name: getattr(row, name) for name in cls.SAID}
        mark = digest_of({name: said[name] for name in ("matter", "sub_matter", "content")})
        return cls(agency=agency, field=field, mark=mark, **{**said, "channels": list(row.channels)})

    def said(self) -> dict[str, Any]:
        """What the row says, which the ledger's digest covers."""
        return {name: getattr(self, name) for name in self.SAID}


class ItemCatalogRow(models.Model):
    """Under which row of the catalogue an item was filed. ``ended_by`` names the entry that filed it elsewhere or nowhere."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="catalog_rows")
    row = models.ForeignKey(CatalogRow, models.PROTECT, related_name="filed")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("pk",)
        constraints = [models.UniqueConstraint(name="itemcatalogrow_one", fields=["item"], condition=Q(ended_by__isnull=True))]

    def __str__(self) -> str:
        return f"{self.item}：{self.row}"


class Standing(models.Model):
    """Which published item is the organ's guide now, and which are its institutional rules."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="机关")
    what = models.CharField("种类", max_length=20, choices=list(words("standing").items()))
    item = models.ForeignKey(Item, models.PROTECT, related_name="standings")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands: one guide an organ, and an item only once."""

        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(name="standing_one_guide", fields=["agency"], condition=Q(ended_by__isnull=True, what="guide")),
            models.UniqueConstraint(name="standing_item_once", fields=["item"], condition=Q(ended_by__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{words('standing')[self.what]}：{self.item}"
