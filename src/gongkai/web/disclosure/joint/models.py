"""The organs that issue a document together with the one that leads."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.models import LedgerEntry


class JointOrgan(models.Model):
    """One organ beside the leading one. ``ended_by`` names the entry that took it out again; without it the row counts."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="joint_organs")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="联合发文机关")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(name="jointorgan_once", fields=["item", "agency"], condition=Q(ended_by__isnull=True)),
        ]
        indexes = [models.Index(name="jointorgan_of_agency", fields=["agency"], condition=Q(ended_by__isnull=True))]

    def __str__(self) -> str:
        return f"{self.item}：{self.agency.short_name}"
