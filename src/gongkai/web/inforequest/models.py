"""A request for disclosure and what happened to it. How its time stands, whether it is late, what may be done: nothing of that is stored."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from gongkai.web.agencies.models import Agency
from gongkai.web.inforequest.values import PORTAL, choices
from gongkai.web.ledger.models import LedgerEntry

# What can happen to a request once.
ONCE = ("confirmed", "supplement_asked", "withdrawn")


class Inforequest(models.Model):
    """One request (政府信息公开申请). ``requester`` is sealed; ``requester_mark`` tells whether somebody asked before, not who it is.

    ``submitted_on`` is the day it was handed in or sent, for an ordinary letter the day the office got it; ``signed_on`` the day it was
    signed for. One that came by the site has a code with which its requester follows it.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="inforequests", verbose_name="机关")
    number = models.CharField("申请编号", max_length=80, unique=True)
    channel = models.CharField("提交渠道", max_length=20)
    submitted_on = models.DateField("提交日期")
    signed_on = models.DateField("签收日期", null=True)
    kind = models.CharField("申请人类别", max_length=30, choices=list(choices("requesters").items()))
    requester = models.TextField("申请人")
    requester_mark = models.CharField(max_length=64)
    wanted = models.CharField("申请的信息", max_length=2000)
    supply = models.CharField("提供的形式", max_length=20, choices=list(choices("forms").items()))
    way = models.CharField("获取的方式", max_length=20, choices=list(choices("ways").items()))
    is_assisted = models.BooleanField("需要协助", default=False)
    code_digest = models.CharField(max_length=64, blank=True)
    address_mark = models.CharField(max_length=64, blank=True)
    taken_at = models.DateTimeField("记下的时间")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    TOLD = (
        "agency_id",
        "number",
        "channel",
        "submitted_on",
        "signed_on",
        "kind",
        "requester",
        "wanted",
        "supply",
        "way",
        "is_assisted",
        "code_digest",
    )

    class Meta:
        """What the database itself demands, how rows are ordered, and how those of one address or requester are found."""

        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="inforequest_by_site_has_code",
                condition=Q(channel=PORTAL) & ~Q(code_digest="") & ~Q(address_mark="")
                | ~Q(channel=PORTAL) & Q(code_digest="", address_mark=""),
            ),
            models.CheckConstraint(name="inforequest_has_words", condition=~Q(wanted="") & ~Q(requester="") & ~Q(requester_mark="")),
        ]
        indexes = [
            models.Index(name="inforequest_by_day", fields=["submitted_on", "address_mark"]),
            models.Index(name="inforequest_by_requester", fields=["agency", "requester_mark"]),
        ]

    def __str__(self) -> str:
        return f"申请{self.number}"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {name: getattr(self, name) for name in self.TOLD}


class Reply(models.Model):
    """A reply (答复) in hand or given. What it says stands in its revisions, which the same people review as what is published.

    ``round`` counts from 1: a decision on reconsideration or a judgment begins the next one.
    """

    inforequest = models.ForeignKey(Inforequest, models.PROTECT, related_name="replies")
    round = models.PositiveSmallIntegerField("第几次答复")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """One reply a round."""

        ordering = ("pk",)
        constraints = [models.UniqueConstraint(name="reply_once_a_round", fields=["inforequest", "round"])]

    def __str__(self) -> str:
        return f"{self.inforequest}的答复" + (f"（第{self.round}次）" if self.round > 1 else "")

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {"inforequest": self.inforequest_id, "round": self.round}


class HandlingEvent(models.Model):
    """Something that happened to a request on the day ``on`` (办理记录). ``facts`` hold what its kind needs; who a third party is stays sealed.

    ``about`` is the earlier event that this one is about: the letter that arrived, was answered, or whose fee was paid.
    """

    inforequest = models.ForeignKey(Inforequest, models.PROTECT, related_name="events")
    kind = models.CharField("事项", max_length=20, choices=list(choices("events").items()))
    on = models.DateField("日期")
    facts = models.JSONField(default=dict)
    about = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands, and how rows are ordered."""

        ordering = ("on", "pk")
        constraints = [
            *[models.UniqueConstraint(name=f"handling_{kind}_once", fields=["inforequest"], condition=Q(kind=kind)) for kind in ONCE],
            models.UniqueConstraint(name="handling_followed_once", fields=["about", "kind"], condition=Q(about__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.inforequest}：{self.get_kind_display()}"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {"inforequest": self.inforequest_id, "kind": self.kind, "on": self.on, "facts": self.facts, "about": self.about_id}
