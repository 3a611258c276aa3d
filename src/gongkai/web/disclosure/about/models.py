"""Validity, links between a document and its interpretations, consultations of other organs, special topics, index patterns."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.choices import words
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review.models import Revision

ITEM = "disclosure.Item"


class IndexPattern(models.Model):
    """How an organ, and every organ below that set none of its own, writes index numbers (索引号) from a day on."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="index_patterns")
    pattern = models.CharField("格式", max_length=100)
    code = models.CharField("机构代码", max_length=18, blank=True)
    from_on = models.DateField("起用日期")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered."""

        ordering = ("agency", "-from_on", "-pk")

    def __str__(self) -> str:
        return f"{self.agency.short_name}索引号格式{self.pattern}"


class SpecialTopic(models.Model):
    """A special topic (专题) of a county, under which items may be gathered while it is open."""

    county = models.ForeignKey(Agency, models.PROTECT, related_name="special_topics")
    name = models.CharField("名称", max_length=40)
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """How rows are ordered and what the database itself demands."""

        ordering = ("-from_on", "name")
        constraints = [
            models.UniqueConstraint(name="specialtopic_named_once", fields=["county", "name"]),
            models.CheckConstraint(
                name="specialtopic_ends_with_entry",
                condition=Q(until_on__isnull=True, ended_by__isnull=True) | Q(until_on__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Validity(models.Model):
    """From ``since_on`` an item is in force, lapsed or repealed. What holds on a day is the latest that begins by then."""

    item = models.ForeignKey(ITEM, models.PROTECT, related_name="validities")
    state = models.CharField("有效性", max_length=10, choices=list(words("validities").items()))
    since_on = models.DateField("自")
    successor = models.ForeignKey(ITEM, models.PROTECT, null=True, related_name="+", verbose_name="由新的文件代替")
    reason = models.CharField("依据", max_length=500, blank=True)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered."""

        ordering = ("-since_on", "-pk")

    def __str__(self) -> str:
        return f"{self.item}自{self.since_on}起{self.get_state_display()}"


class Link(models.Model):
    """An interpretation of a document: an item of ours or a page elsewhere."""

    document = models.ForeignKey(ITEM, models.PROTECT, related_name="interpretations")
    interpretation = models.ForeignKey(ITEM, models.PROTECT, null=True, related_name="interprets")
    url = models.URLField("网址", max_length=500, blank=True)
    title = models.CharField("名称", max_length=200)
    form_of = models.CharField("形式", max_length=10, choices=list(words("interpretation_forms").items()))
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    ended_on = models.DateField("解除日期", null=True)
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """How rows are ordered and what the database itself demands."""

        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(name="link_to_one", condition=Q(interpretation__isnull=False, url="") | Q(interpretation__isnull=True) & ~Q(url="")),
            models.CheckConstraint(
                name="link_ends_with_entry",
                condition=Q(ended_on__isnull=True, ended_by__isnull=True) | Q(ended_on__isnull=False, ended_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="link_once_to_item", fields=["document", "interpretation"],
                condition=Q(ended_on__isnull=True, interpretation__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.document}：{self.title}"


class Consultation(models.Model):
    """A question to another organ before an item may be published (Art. 11), and what it answered.

    ``organ`` is an organ of the platform, which answers here; empty where it is asked on paper. ``is_approval`` when a law demands
    its approval, which nothing can stand in for. ``set_aside`` is the entry by which the office's head went on without the
    answer, or against it.
    """

    item = models.ForeignKey(ITEM, models.PROTECT, related_name="consultations")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    organ = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="consulted")
    organ_name = models.CharField("机关", max_length=100)
    question = models.CharField("协商事项", max_length=500)
    is_approval = models.BooleanField("报请批准")
    sent_on = models.DateField("发出日期")
    sent = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    answered_on = models.DateField("答复日期", null=True)
    verdict = models.CharField("答复", max_length=10, choices=list(words("verdicts").items()), blank=True)
    answer = models.CharField("答复意见", max_length=1000, blank=True)
    evidence = models.CharField("凭证", max_length=300, blank=True)
    answered = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")
    set_aside = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """How rows are ordered and what the database itself demands."""

        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="consultation_answered_whole",
                condition=Q(answered__isnull=True, answered_on__isnull=True, verdict="")
                | Q(answered__isnull=False, answered_on__isnull=False) & ~Q(verdict=""),
            ),
            models.UniqueConstraint(
                name="consultation_one_open",
                fields=["item", "organ_name", "is_approval", "revision"],
                condition=Q(answered__isnull=True, set_aside__isnull=True),
            ),
        ]
        indexes = [models.Index(name="consultation_of_organ", fields=["organ", "answered_on"])]

    def __str__(self) -> str:
        return f"{self.item}：{self.organ_name}"
