"""Runs that take in past publications: a file, who handed it in, who approved it, and the batches it was written in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.ledger.models import LedgerEntry


class PastRun(models.Model):
    """One file of past publications. Nothing of it is public before somebody else approved it.

    How far it is, is asked of its batches, never stored. ``outline`` tells the approver what screening found in it.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="机关")
    file_name = models.CharField("文件名", max_length=200)
    file_digest = models.CharField(max_length=64)
    n_items = models.PositiveIntegerField("条数")
    outline = models.JSONField(default=dict)
    source = models.CharField("来源", max_length=300)
    handed_in_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_approved = models.BooleanField(null=True)
    decision = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(name="pastrun_four_eyes", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("handed_in_by"))),
            models.CheckConstraint(
                name="pastrun_decided_with_entry",
                condition=Q(decided_by__isnull=True, is_approved__isnull=True, decision__isnull=True)
                | Q(decided_by__isnull=False, is_approved__isnull=False, decision__isnull=False),
            ),
            models.UniqueConstraint(
                name="pastrun_file_once", fields=["agency", "file_digest"], condition=Q(is_approved__isnull=True) | Q(is_approved=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.n_items}条）"


class PastBatch(models.Model):
    """The part of a run that one transaction wrote; ``digest`` is the SM3 over its revisions' digests, in order."""

    run = models.ForeignKey(PastRun, models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    n_items = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("run", "number")
        constraints = [models.UniqueConstraint(name="pastbatch_once", fields=["run", "number"])]

    def __str__(self) -> str:
        return f"{self.run} 第{self.number}批"
