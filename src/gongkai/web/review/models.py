"""What publication and replies share: immutable revisions, review runs pinned to one revision, and gapless numbers."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry

OPEN, COMPLETED, RETURNED, VOID, RECALLED = "open", "completed", "returned", "void", "recalled"
STATES = {OPEN: "审查中", COMPLETED: "审查通过", RETURNED: "已退回", VOID: "已作废（内容有新修改）", RECALLED: "已撤回"}


class Revision(models.Model):
    """One state of a content, never changed. ``digest`` is the SM3 of ``content``."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        """What the database itself demands."""

        ordering = ("subject_kind", "subject_id", "number")
        constraints = [models.UniqueConstraint(name="revision_numbered_once", fields=["subject_kind", "subject_id", "number"])]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id} 第{self.number}稿"

    def computed_digest(self) -> str:
        """The digest as the content gives it now."""
        content: dict[str, Any] = self.content
        return digest_of(content)


class Run(models.Model):
    """One review of one revision. ``stages`` are the stages to pass, in order, fixed when it was opened."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="runs")
    drafter = models.ForeignKey(Person, models.PROTECT, related_name="+")
    stages = models.JSONField()
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=OPEN)
    opened_on = models.DateField()

    class Meta:
        """What the database itself demands."""

        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(name="run_one_open_a_subject", fields=["subject_kind", "subject_id"], condition=Q(state="open")),
        ]
        indexes = [
            models.Index(name="run_of_agency", fields=["agency", "state"]),
            models.Index(name="run_of_drafter", fields=["drafter", "state"]),
            models.Index(name="run_of_subject", fields=["subject_kind", "subject_id", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.revision}（{self.get_state_display()}）"

    def passed(self) -> list[str]:
        """The stages passed so far."""
        return [step.stage for step in self.steps.all() if step.is_passed]

    def waits_for(self) -> str | None:
        """The stage it waits for, ``None`` when it is not open."""
        done = set(self.passed())
        return next((stage for stage in self.stages if stage not in done), None) if self.state == OPEN else None


class Step(models.Model):
    """One decision of one reviewer. Nobody decides on his own draft, and nobody passes two stages of a run."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=20)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drafter = models.ForeignKey(Person, models.PROTECT, related_name="+")
    is_passed = models.BooleanField()
    checked = models.JSONField(default=list)
    comment = models.CharField(max_length=1000, blank=True)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(name="step_not_by_the_drafter", condition=~Q(person=F("drafter"))),
            models.UniqueConstraint(name="step_one_a_person", fields=["run", "person"], condition=Q(is_passed=True)),
            models.UniqueConstraint(name="step_one_a_stage", fields=["run", "stage"], condition=Q(is_passed=True)),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {'通过' if self.is_passed else '退回'}"


class Serial(models.Model):
    """The last number given in one series of one organ and year."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        """What the database itself demands."""

        constraints = [models.UniqueConstraint(name="serial_once", fields=["agency", "series", "year"])]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"
