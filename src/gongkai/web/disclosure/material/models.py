"""Material (素材) that stations, villages and departments hand in, the units they belong to, and what became of each.

Nothing here is changed or deleted: an assignment is followed by another, and whether a material waits, was used, merged or
declined follows from the rows about it. Every row names the ledger entry of the act that made it.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry


class Unit(models.Model):
    """A subordinate body (内设机构、站所) or village of an organ. It is closed, never deleted: what it handed in stays its own.

    ``until_on`` is the first day on which it is no more.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units", verbose_name="机关")
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=20, choices=list(words("unit_kinds").items()))
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("kind", "name", "pk")
        constraints = [
            models.UniqueConstraint(name="unit_named_once", fields=["agency", "name"], condition=Q(until_on__isnull=True)),
            models.CheckConstraint(
                name="unit_ends_with_entry",
                condition=Q(until_on__isnull=True, ended_by__isnull=True) | Q(until_on__gte=F("from_on"), ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """Who belongs to a unit; ``until_on`` is the first day on which he does no more."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="members", verbose_name="单位")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="供稿人")
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    ended_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(name="member_once", fields=["unit", "person"], condition=Q(until_on__isnull=True)),
            models.CheckConstraint(
                name="member_ends_with_entry",
                condition=Q(until_on__isnull=True, ended_by__isnull=True) | Q(until_on__gte=F("from_on"), ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}·{self.person}"


class Material(models.Model):
    """What somebody handed in to an organ, as it was handed in. ``sender`` is the organ of the contributor's own post.

    ``digest`` is the digest of what was said and of the files: the same by the same person on the same day is one material.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="交给")
    sender = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="来自")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="materials", verbose_name="单位")
    contributor = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="供稿人")
    title = models.CharField("标题", max_length=200)
    body = models.TextField("内容", blank=True)
    files = models.JSONField(default=list)
    happened_on = models.DateField("发生或者形成日期")
    column = models.CharField("希望公开的栏目", max_length=20, blank=True)
    urgency = models.CharField("缓急", max_length=20, choices=list(words("urgencies").items()))
    contact = models.CharField("联系电话", max_length=60, blank=True)
    digest = models.CharField(max_length=64)
    handed_in_on = models.DateField("交来日期")
    handed_in_at = models.DateTimeField("交来时间")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands, and how rows are found."""

        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(name="material_once_a_day", fields=["contributor", "handed_in_on", "digest"]),
            models.CheckConstraint(name="material_has_title", condition=~Q(title="")),
        ]
        indexes = [
            models.Index(name="material_of_agency", fields=["agency", "-id"]),
            models.Index(name="material_of_contributor", fields=["contributor", "-id"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def credit(self) -> str:
        """Whom the material is credited to: the unit with its organ, or the organ alone."""
        return f"{self.sender.short_name}{self.unit.name}" if self.unit else self.sender.short_name

    def content(self) -> dict[str, Any]:
        """Everything that the ledger's digest covers."""
        said = {name: getattr(self, name) for name in ("title", "body", "files", "happened_on", "column", "urgency", "contact")}
        whose = {name: getattr(self, f"{name}_id") for name in ("agency", "sender", "unit", "contributor")}
        return {**said, **whose, "handed_in_on": self.handed_in_on}

    def computed_digest(self) -> str:
        """The digest of what is said and of the files, whoever says it."""
        said = {"agency": self.agency_id, "title": self.title, "body": self.body}
        return digest_of({**said, "files": sorted(row["digest"] for row in self.files)})


class Assignment(models.Model):
    """Who is to make something of a material; the newest holds. The first of a material follows none, and each is followed once."""

    material = models.ForeignKey(Material, models.PROTECT, related_name="assignments")
    drafter = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="拟稿人")
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("pk",)
        constraints = [models.UniqueConstraint(name="assignment_first_once", fields=["material"], condition=Q(follows__isnull=True))]

    def __str__(self) -> str:
        return f"{self.material} → {self.drafter}"


class Merge(models.Model):
    """A material that was put together with another and shares its fate from then on."""

    material = models.OneToOneField(Material, models.PROTECT, related_name="merge")
    into = models.ForeignKey(Material, models.PROTECT, related_name="merged")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("pk",)
        constraints = [models.CheckConstraint(name="merge_into_another", condition=~Q(material=F("into")))]

    def __str__(self) -> str:
        return f"{self.material} → {self.into}"


class Decline(models.Model):
    """A material that is not used, and why; the contributor reads the reason."""

    material = models.OneToOneField(Material, models.PROTECT, related_name="decline")
    reason = models.CharField("理由", max_length=500)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("pk",)
        constraints = [models.CheckConstraint(name="decline_with_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.material}：{self.reason}"


class ItemSource(models.Model):
    """The credit (素材来源): an item was made from that material. It holds as long as the item was not given up."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="sources")
    material = models.ForeignKey(Material, models.PROTECT, related_name="sources")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("pk",)
        constraints = [models.UniqueConstraint(name="itemsource_once", fields=["item", "material"])]

    def __str__(self) -> str:
        return f"{self.item} ← {self.material}"
