"""The ledger: one row an act, chained, never changed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.ledger.digest import Compact, digest_of

# What stands before the first entry of a chain.
GENESIS = "0" * 64


class LedgerEntry(models.Model):
    """Who did what, in which post, on which object and revision, when it occurred and when it was recorded.

    Entries of one county form a chain: ``number`` counts from 1 without gaps, ``previous`` is the digest of the entry
    before, ``digest`` the SM3 of everything else. The database refuses to change or delete a row.
    """

    county = models.CharField(max_length=45)
    number = models.PositiveBigIntegerField()
    # No index of their own: those below find entries by them, and people and organs are never deleted.
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="办理人", db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="机关", db_index=False)
    duty = models.CharField("岗位", max_length=30)
    action = models.CharField("事项", max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    revision = models.CharField(max_length=64, blank=True)
    occurred_on = models.DateField("发生日期")
    recorded_at = models.DateTimeField("记录时间")
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    facts = models.JSONField(default=dict, encoder=Compact)
    # The SM3 of the seal beside the entry before: what the rows said after that act. Empty where it left none.
    sealed = models.CharField(max_length=64, blank=True, default="")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        """What the database itself demands, and how entries are found."""

        db_table = "ledger_entry"
        ordering = ("county", "number")
        constraints = [
            models.UniqueConstraint(name="ledger_entry_numbered_once", fields=["county", "number"]),
            models.UniqueConstraint(name="ledger_entry_follows_one", fields=["county", "previous"]),
        ]
        indexes = [
            models.Index(name="ledger_entry_object", fields=["object_kind", "object_id"]),
            # The auditor's filters: each gives the newest entries of a county without sorting.
            models.Index(name="ledger_entry_agency", fields=["county", "agency", "number"]),
            models.Index(name="ledger_entry_person", fields=["county", "person", "number"]),
            models.Index(name="ledger_entry_action", fields=["county", "action", "occurred_on", "number"]),
            models.Index(name="ledger_entry_occurred", fields=["county", "occurred_on", "number"]),
            models.Index(name="ledger_entry_recorded", fields=["county", "recorded_at", "number"]),
            models.Index(name="ledger_entry_reason", fields=["county", "number", "reason"], condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.county}{self.number} {self.action}"

    def content(self) -> dict[str, Any]:
        """Everything the digest covers."""
        return {
            "county": self.county,
            "number": self.number,
            "person": self.person_id,
            "agency": self.agency_id,
            "duty": self.duty,
            "action": self.action,
            "object": f"{self.object_kind}:{self.object_id}",
            "revision": self.revision,
            "occurred_on": self.occurred_on,
            "recorded_at": self.recorded_at,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
            "facts": self.facts,
            "sealed": self.sealed,
            "previous": self.previous,
        }

    def computed_digest(self) -> str:
        """The digest as the content gives it now."""
        return digest_of(self.content())


class Seal(models.Model):
    """The digests of all rows that an act wrote, beside its last entry: a line a table, ``table row:digest row:digest``."""

    entry = models.OneToOneField(LedgerEntry, models.PROTECT, primary_key=True, related_name="seal")
    rows = models.TextField()

    class Meta:
        """The table."""

        db_table = "ledger_seal"

    def __str__(self) -> str:
        return str(self.entry_id)


class Touched(models.Model):
    """A row that was written and is not sealed yet: triggers note it, the seal takes it away. What stays was written past the acts."""

    kind = models.CharField(max_length=63)
    row = models.BigIntegerField()
    transaction = models.BigIntegerField(default=0)

    class Meta:
        """The table."""

        db_table = "ledger_touched"

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"
