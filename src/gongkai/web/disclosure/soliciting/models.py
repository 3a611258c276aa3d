"""A call for opinions (意见征集) on a published draft, the opinions, and the item that tells what became of them.

Whether a call is open is never stored: it follows from its days, from the publication of the draft and from that of the summary.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.soliciting.values import choices
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review.models import Revision

# The kinds of items that are drafts for comment, and that tell what became of the opinions.
DRAFT, SUMMARY = "solicitation", "opinions_taken"


class Solicitation(models.Model):
    """The public is asked for opinions on a published draft from ``from_on`` to ``until_on``, both days included.

    ``matter`` is a limit of the law data that says how long at least; ``shortened`` is the reason, shown to the public, why it
    is shorter. ``publication`` is the one in force when the call was made.
    """

    item = models.OneToOneField(Item, models.PROTECT, related_name="solicitation")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+")
    matter = models.CharField("征集的事项", max_length=30)
    from_on = models.DateField("起")
    until_on = models.DateField("止")
    shortened = models.CharField("缩短期限的理由", max_length=300, blank=True)
    postal = models.CharField("来信地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=60, blank=True)
    email = models.CharField("电子邮箱", max_length=100, blank=True)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    TOLD = ("matter", "from_on", "until_on", "shortened", "postal", "phone", "email")

    class Meta:
        """What the database itself demands, and how rows are ordered and found."""

        ordering = ("-pk",)
        constraints = [models.CheckConstraint(name="solicitation_has_days", condition=Q(until_on__gt=F("from_on")))]
        indexes = [models.Index(name="solicitation_by_end", fields=["until_on", "id"])]

    def __str__(self) -> str:
        return f"{self.item}（{self.from_on}至{self.until_on}）"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {"item": self.item_id, "publication": self.publication_id, **{name: getattr(self, name) for name in self.TOLD}}


class Opinion(models.Model):
    """One opinion (意见), sent by the site without an account or entered by the office. ``name`` and ``contact`` are sealed.

    One that came by the site has a code with which its sender sees what became of it, and the mark of the day's address.
    """

    solicitation = models.ForeignKey(Solicitation, models.PROTECT, related_name="opinions")
    number = models.CharField("编号", max_length=30, unique=True)
    channel = models.CharField("来自", max_length=10, choices=list(choices("channels").items()))
    text = models.CharField("意见", max_length=2000)
    name = models.CharField(max_length=600, blank=True)
    contact = models.CharField(max_length=600, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    address_mark = models.CharField(max_length=64, blank=True)
    received_on = models.DateField("收到日期")
    received_at = models.DateTimeField("记下的时间")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands, how rows are ordered, and how those of one address are counted."""

        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="opinion_by_site_has_code",
                condition=Q(channel="site") & ~Q(code_digest="") & ~Q(address_mark="")
                | ~Q(channel="site") & Q(code_digest="", address_mark=""),
            )
        ]
        indexes = [models.Index(name="opinion_by_day", fields=["received_on", "address_mark"])]

    def __str__(self) -> str:
        return f"{self.number}（{self.received_on}）"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        told = ("number", "channel", "text", "name", "contact", "code_digest", "received_on")
        return {"solicitation": self.solicitation_id, **{name: getattr(self, name) for name in told}}


class Aside(models.Model):
    """An opinion is not counted, and why; until an entry ends that."""

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="asides")
    why = models.CharField("为什么不计入", max_length=10, choices=list(choices("asides").items()))
    reason = models.CharField("说明", max_length=300)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands, and how rows are ordered."""

        ordering = ("pk",)
        constraints = [models.UniqueConstraint(name="aside_once", fields=["opinion"], condition=Q(ended_by__isnull=True))]

    def __str__(self) -> str:
        return f"{self.opinion.number}：{self.get_why_display()}"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {"opinion": self.opinion_id, "why": self.why, "reason": self.reason}


class OpinionSummary(models.Model):
    """The item that tells what became of the opinions (意见采纳情况). It is drafted, reviewed and published as any other.

    ``n_counted`` is how many opinions were counted when it was drafted, ``revision`` the words with which it began.
    """

    solicitation = models.ForeignKey(Solicitation, models.PROTECT, related_name="summaries")
    item = models.OneToOneField(Item, models.PROTECT, related_name="summarizes")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    n_counted = models.PositiveIntegerField("计入的意见")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered."""

        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.solicitation.item}：{self.item.index_number}"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {"solicitation": self.solicitation_id, "item": self.item_id, "n_counted": self.n_counted}
