"""By what one can see that a channel carried something, where deliveries are pushed, and the lists handed to archives and library.

Nothing here is changed after it was written, but for what ends a row: who ended an endpoint, when a list was handed over or voided.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.channels.values import carriers, evidence_words
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Delivery, Publication
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.settings.keys import seal, unseal

BEGUN, DELIVERED, FAILED, AGAIN = "begun", "delivered", "failed", "again"
OUTCOMES = {BEGUN: "正在推送", DELIVERED: "已送达", FAILED: "没有成功", AGAIN: "重新开始"}
SECRETS = "secret of a push endpoint"
SIGNINGS = {"sm3": "HMAC-SM3", "sha256": "HMAC-SHA256"}


class Endpoint(models.Model):
    """Where deliveries of one channel are pushed. ``secret`` signs them and is kept sealed; without ``ended_by`` it is in force.

    With ``covers_below`` it also serves the organs below that have none of their own for the channel.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="机关")
    channel = models.CharField("渠道", max_length=20, choices=list(words("channels").items()))
    url = models.CharField("接口地址", max_length=500)
    secret = models.CharField(max_length=400)
    signing = models.CharField("签名算法", max_length=10, choices=list(SIGNINGS.items()))
    covers_below = models.BooleanField("下级机关也用", default=False)
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("agency__path", "channel", "-pk")
        constraints = [
            models.UniqueConstraint(name="endpoint_one_in_force", fields=["agency", "channel"], condition=Q(ended_by__isnull=True)),
            models.CheckConstraint(
                name="endpoint_ended_with_entry",
                condition=Q(until_on__isnull=True, ended_by__isnull=True) | Q(until_on__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short_name}·{words('channels')[self.channel]} {self.url}"

    def _row(self) -> str:
        """What binds the secret to this endpoint, before the row has a number: copied to another's it does not open."""
        return f"endpoint:{self.agency_id}:{self.channel}:{self.url}"

    def close_with(self, secret: str) -> None:
        """Keep that secret, sealed."""
        self.secret = seal(secret, purpose=SECRETS, row=self._row())

    def opened_secret(self) -> str:
        """The secret again; :class:`KeyLost` when it does not open."""
        return unseal(self.secret, purpose=SECRETS, row=self._row())

    def content(self) -> dict[str, Any]:
        """Everything that the ledger's digest covers."""
        names = ("channel", "url", "secret", "signing", "covers_below", "from_on")
        return {"agency": self.agency_id, **{name: getattr(self, name) for name in names}}


class Attempt(models.Model):
    """One event of a push: begun, then delivered or failed; ``again`` is a person who lets it begin anew. Never changed."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="attempts")
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, null=True, related_name="+")
    number = models.PositiveSmallIntegerField("第几次")
    outcome = models.CharField(max_length=10, choices=list(OUTCOMES.items()))
    at = models.DateTimeField("时间")
    status = models.PositiveSmallIntegerField("对方答复", null=True)
    error = models.CharField("原因", max_length=300, blank=True)
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="attempt_with_entry_when_it_counts",
                condition=Q(outcome__in=(BEGUN, FAILED), entry__isnull=True) | Q(outcome__in=(DELIVERED, AGAIN), entry__isnull=False),
            ),
            models.CheckConstraint(name="attempt_at_an_endpoint", condition=Q(outcome=AGAIN) | Q(endpoint__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"第{self.number}次{OUTCOMES[self.outcome]}"


class TransferList(models.Model):
    """主动公开政府信息移送明细表: what an organ hands to archives and library for a period. Fixed when made; numbered without gaps."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="移送机关")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    label = models.CharField("编号", max_length=60)
    since_on = models.DateField("起")
    until_on = models.DateField("止")
    receivers = models.CharField("接收单位", max_length=200)
    carrier = models.CharField("形式", max_length=20, choices=list(carriers().items()))
    copies = models.PositiveSmallIntegerField("份数")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    handed_on = models.DateField("移交日期", null=True)
    handover = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")
    voided_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(name="transferlist_numbered_once", fields=["agency", "year", "number"]),
            models.CheckConstraint(name="transferlist_period", condition=Q(until_on__gte=models.F("since_on"))),
            models.CheckConstraint(
                name="transferlist_handed_with_entry",
                condition=Q(handed_on__isnull=True, handover__isnull=True)
                | Q(handed_on__isnull=False, handover__isnull=False, voided_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class TransferLine(models.Model):
    """One publication on a list; with ``is_withdrawal`` among those that are to be provided no longer."""

    transfer = models.ForeignKey(TransferList, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="transfer_lines")
    is_withdrawal = models.BooleanField()

    class Meta:
        """What the database itself demands."""

        ordering = ("transfer", "position")
        constraints = [
            models.UniqueConstraint(name="transferline_position_once", fields=["transfer", "position"]),
            models.UniqueConstraint(name="transferline_once", fields=["transfer", "publication", "is_withdrawal"]),
        ]

    def __str__(self) -> str:
        return f"{self.transfer} 第{self.position}行"


class Evidence(models.Model):
    """One piece of evidence of a delivery or of a list handed over: a photograph (under its digest), a link or a number."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="pieces")
    transfer = models.ForeignKey(TransferList, models.PROTECT, null=True, related_name="pieces")
    kind = models.CharField(max_length=10, choices=[(name, row[0]) for name, row in evidence_words().items()])
    text = models.CharField(max_length=500)
    digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="evidence_of_one_thing",
                condition=Q(delivery__isnull=False, transfer__isnull=True) | Q(delivery__isnull=True, transfer__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_photo_has_digest", condition=Q(kind="photo") & ~Q(digest="") | ~Q(kind="photo") & Q(digest="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.text}"

    def told(self) -> list[str]:
        """The piece as the entry's facts name it."""
        return [self.kind, self.digest or self.text]
