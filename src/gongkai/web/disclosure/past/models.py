"""Runs that take in past publications: a file, who handed it in, who approved it, and the batches it was written in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.ledger.models import LedgerEntry


class Beginning(models.Model):
    """The day from which an organ publishes on the platform, said once by the county. Without a row it follows from the ledger."""

    agency = models.OneToOneField(Agency, models.PROTECT, related_name="+", verbose_name="机关")
    begins_on = models.DateField("开始使用平台的日期")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.agency.short_name}自{self.begins_on}起使用平台"


# Neither the secrecy reviewer nor the head refused it.
STANDING = (Q(is_cleared__isnull=True) | Q(is_cleared=True)) & (Q(is_approved__isnull=True) | Q(is_approved=True))


class PastRunQuerySet(models.QuerySet["PastRun"]):
    """Files of past publications."""

    def standing(self) -> PastRunQuerySet:
        """Those that nobody refused."""
        return self.filter(STANDING)


class PastRun(models.Model):
    """One file of past publications. Nothing of it is public before the secrecy reviewer cleared it and somebody else approved it.

    How far it is, is asked of its batches, never stored. ``outline`` tells both what screening found in it. ``begins_on`` is the organ's
    day of beginning when it was handed in: everything in the file is from before.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="机关")
    file_name = models.CharField("文件名", max_length=200)
    file_digest = models.CharField(max_length=64)
    n_items = models.PositiveIntegerField("条数")
    outline = models.JSONField(default=dict)
    source = models.CharField("来源", max_length=300)
    begins_on = models.DateField("开始使用平台的日期")
    handed_in_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    cleared_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_cleared = models.BooleanField(null=True)
    clearance = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_approved = models.BooleanField(null=True)
    decision = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    objects = PastRunQuerySet.as_manager()

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
            models.CheckConstraint(
                name="pastrun_three_people",
                condition=Q(cleared_by__isnull=True)
                | ~Q(cleared_by=F("handed_in_by")) & (Q(decided_by__isnull=True) | ~Q(cleared_by=F("decided_by"))),
            ),
            models.CheckConstraint(
                name="pastrun_cleared_with_entry",
                condition=Q(cleared_by__isnull=True, is_cleared__isnull=True, clearance__isnull=True)
                | Q(cleared_by__isnull=False, is_cleared__isnull=False, clearance__isnull=False),
            ),
            models.CheckConstraint(
                name="pastrun_approved_when_cleared",
                condition=Q(is_approved__isnull=True) | Q(is_approved=False) | Q(cleared_by__isnull=False, is_cleared=True),
            ),
            models.UniqueConstraint(name="pastrun_file_once", fields=["agency", "file_digest"], condition=STANDING),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.n_items}条）"

    @property
    def is_refused(self) -> bool:
        """Whether the secrecy reviewer or the head sent it back."""
        return self.is_cleared is False or self.is_approved is False


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
