"""What was read of published annual reports."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.web.ledger.digest import Compact
from gongkai.web.review.models import Revision


class ReportReading(models.Model):
    """What one revision of a published annual report says, as the core read it, or the reason why nothing could be read.

    It is worked out from the revision and its files and from nothing else: no act makes it, no entry of the ledger proves it, and the
    whole table may be emptied at any time, for the worker makes it anew. A newer reading is a new row, so the last key tells the state.
    Whether the report is public now is asked of its publication, never of this row.

    ``source`` is ``body`` or the digest of the file that was read. ``year`` is the one that the report names, the title's where it
    names none (``is_year_of_title``). ``organ`` is whose report it says it is. ``reader`` is the version of the reading.
    """

    revision = models.OneToOneField(Revision, models.CASCADE, related_name="report_reading")
    source = models.CharField(max_length=64, blank=True)
    organ = models.CharField(max_length=200, blank=True)
    edition = models.CharField(max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    is_year_of_title = models.BooleanField(default=False)
    report = models.JSONField(null=True, encoder=Compact)
    reason = models.CharField(max_length=500, blank=True)
    read_at = models.DateTimeField()
    reader = models.PositiveSmallIntegerField()

    class Meta:
        """Cells with an edition, or a reason."""

        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="reportreading_cells_or_reason",
                condition=Q(report__isnull=False, reason="") & ~Q(edition="") | Q(report__isnull=True) & ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.revision_id}：{self.reason or self.edition}"
