"""A publication that waits for its time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.web.agencies.models import Person, Post
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review.models import Revision

# What has not ended in any way.
WAITING = {"cancelled__isnull": True, "done__isnull": True, "failed__isnull": True}


class Scheduled(models.Model):
    """One revision that is to go out at a set time, on behalf of who set it.

    It waits until it ends, once and for good: published (``done``), taken back (``cancelled``), or failed, with the reason.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="scheduled")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    publish_at = models.DateTimeField("发布时间")
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    cancelled = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")
    done = models.OneToOneField(Publication, models.PROTECT, null=True, related_name="scheduled")
    failed = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")
    failure = models.CharField("没有发布的原因", max_length=500, blank=True)

    class Meta:
        """What the database itself demands, and how what is due is found."""

        ordering = ("publish_at", "pk")
        constraints = [
            models.UniqueConstraint(name="scheduled_one_waits", fields=["item"], condition=Q(**WAITING)),
            models.CheckConstraint(
                name="scheduled_ends_one_way",
                condition=Q(cancelled__isnull=True, done__isnull=True)
                | Q(cancelled__isnull=True, failed__isnull=True)
                | Q(done__isnull=True, failed__isnull=True),
            ),
            models.CheckConstraint(
                name="scheduled_fails_with_words", condition=Q(failed__isnull=True, failure="") | (Q(failed__isnull=False) & ~Q(failure=""))
            ),
        ]
        indexes = [
            models.Index(name="scheduled_due", fields=["publish_at"], condition=Q(**WAITING)),
        ]

    def __str__(self) -> str:
        return f"{self.item}（{self.publish_at:%Y-%m-%d %H:%M}）"
