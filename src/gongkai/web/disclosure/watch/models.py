"""What people decide about what is watched, and what the search for near-duplicates keeps. Lateness itself is never stored."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review.models import Revision

OUTCOMES = {"changed": "被变更", "revoked": "被撤销", "illegal": "被确认违法", "void": "被确认无效"}
VERDICTS = {"keep": "继续不公开", "partly": "可以部分公开", "publish": "可以公开"}
LIKENESSES = {"duplicate": "内容几乎相同", "contradiction": "文号相同、内容不同"}
SETTLED = {"same": "同一内容，保留一条", "both": "都保留", "contradiction": "互相矛盾，要更正"}


class OverturnedPenalty(models.Model):
    """A published penalty decision that was altered, revoked or found illegal or void: it must be withdrawn within days."""

    publication = models.OneToOneField(Publication, models.PROTECT, related_name="overturned")
    outcome = models.CharField("结果", max_length=10, choices=list(OUTCOMES.items()))
    overturned_on = models.DateField("变更、撤销或者确认之日")
    evidence = models.CharField("文书", max_length=300)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered."""

        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.publication.item}（{self.get_outcome_display()}）"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {
            "publication": self.publication_id,
            "outcome": self.outcome,
            "overturned_on": self.overturned_on,
            "evidence": self.evidence,
        }


class Reassessment(models.Model):
    """One assessment (定期评估) of an item that is not published by the organ's own motion."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="reassessments")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    verdict = models.CharField("结论", max_length=10, choices=list(VERDICTS.items()))
    reason = models.CharField("理由", max_length=500)
    assessed_on = models.DateField("评估日期")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered."""

        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.item}：{self.get_verdict_display()}"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {
            "item": self.item_id,
            "revision": self.revision.digest,
            "verdict": self.verdict,
            "reason": self.reason,
            "assessed_on": self.assessed_on,
        }


class Signature(models.Model):
    """What one revision is compared by: its MinHash, its document number tidied, and the publication it was last compared for."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="signatures")
    revision = models.OneToOneField(Revision, models.CASCADE, related_name="+")
    publication = models.ForeignKey(Publication, models.SET_NULL, null=True, related_name="+")
    number_key = models.CharField(max_length=60, blank=True)
    minhash = models.BinaryField(max_length=512)

    class Meta:
        """How signatures are found by document number."""

        indexes = [models.Index(name="signature_by_number", fields=["number_key"], condition=~Q(number_key=""))]

    def __str__(self) -> str:
        return f"{self.item_id}:{self.revision_id}"


class Band(models.Model):
    """One band of a signature: two texts that share a band may be alike."""

    signature = models.ForeignKey(Signature, models.CASCADE, related_name="bands", db_index=False)
    value = models.BigIntegerField()

    class Meta:
        """How bands are found by value, and dropped with their signature."""

        indexes = [models.Index(name="band_by_value", fields=["value", "signature"]), models.Index(name="band_of", fields=["signature"])]

    def __str__(self) -> str:
        return f"{self.signature_id}:{self.value}"


class Lookalike(models.Model):
    """Two items, each in one revision, that say nearly the same or bear one document number and differ."""

    one = models.ForeignKey(Item, models.CASCADE, related_name="+")
    other = models.ForeignKey(Item, models.CASCADE, related_name="+")
    one_revision = models.ForeignKey(Revision, models.CASCADE, related_name="+")
    other_revision = models.ForeignKey(Revision, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=15, choices=list(LIKENESSES.items()))
    score = models.PositiveSmallIntegerField("相似度")
    differs = models.JSONField(default=list)
    found_on = models.DateField("发现日期")

    class Meta:
        """A pair is kept once, the older item first."""

        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(name="lookalike_once", fields=["one_revision", "other_revision", "kind"]),
            models.CheckConstraint(name="lookalike_older_first", condition=Q(one__lt=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} 和 {self.other_id}：{self.get_kind_display()}"


class Settlement(models.Model):
    """What one organ decided about a pair. ``burden`` is the item that is to be withdrawn or corrected."""

    lookalike = models.ForeignKey(Lookalike, models.PROTECT, related_name="settlements")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    verdict = models.CharField("结论", max_length=15, choices=list(SETTLED.items()))
    burden = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    reason = models.CharField("理由", max_length=500)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """An organ decides once about a pair; a pair of new revisions is a new one."""

        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(name="settlement_once_an_organ", fields=["lookalike", "agency"]),
            models.CheckConstraint(
                name="settlement_names_the_burden",
                condition=Q(verdict="both", burden__isnull=True) | (~Q(verdict="both") & Q(burden__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short_name}：{self.get_verdict_display()}"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {
            "lookalike": self.lookalike_id,
            "agency": self.agency_id,
            "verdict": self.verdict,
            "burden": self.burden_id,
            "reason": self.reason,
        }


class Follower(models.Model):
    """How far the search for near-duplicates has followed publications and reviews. It is one row."""

    publication = models.BigIntegerField(default=0)
    run = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.publication}, {self.run}"


class ErrorReport(models.Model):
    """What somebody of the public found wrong in a publication (纠错). ``contact`` is sealed, and so is where it came from."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="error_reports")
    number = models.CharField("编号", max_length=30, unique=True)
    code_digest = models.CharField(max_length=64)
    quoted = models.CharField("原文", max_length=500)
    wrong = models.CharField("有什么错", max_length=1000)
    contact = models.CharField(max_length=600, blank=True)
    address_mark = models.CharField(max_length=64)
    received_on = models.DateField("收到日期")
    received_at = models.DateTimeField("收到时间")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered, and how the reports of one address are counted."""

        ordering = ("-pk",)
        indexes = [models.Index(name="error_report_by_day", fields=["received_on", "address_mark"])]

    def __str__(self) -> str:
        return f"{self.number}（{self.received_on}）"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        told = ("number", "code_digest", "quoted", "wrong", "contact", "received_on")
        return {"publication": self.publication_id, **{name: getattr(self, name) for name in told}}

    def age(self, on: datetime.date) -> int:
        """Calendar days since it came in."""
        return (on - self.received_on).days


class ErrorAnswer(models.Model):
    """What the organ answered: whether it takes the report, and in which words."""

    report = models.OneToOneField(ErrorReport, models.PROTECT, related_name="answer")
    is_taken = models.BooleanField("是否采纳")
    words = models.CharField("答复", max_length=1000)
    answered_on = models.DateField("答复日期")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered."""

        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.report.number}：{'采纳' if self.is_taken else '不采纳'}"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {"report": self.report_id, "is_taken": self.is_taken, "words": self.words, "answered_on": self.answered_on}
