"""What publication and replies share: immutable revisions, review runs pinned to one revision, and gapless numbers."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.ledger.digest import Compact, digest_of
from gongkai.web.ledger.models import LedgerEntry

OPEN, COMPLETED, RETURNED, VOID, RECALLED = "open", "completed", "returned", "void", "recalled"
STATES = {OPEN: "审查中", COMPLETED: "审查通过", RETURNED: "已退回", VOID: "已作废（内容有新修改）", RECALLED: "已撤回"}
NORMAL, URGENT = "normal", "urgent"
LANES = {NORMAL: "一般程序", URGENT: "应急通道（突发事件）"}
# Under this name :attr:`Run.days` holds the working days of a run as a whole; the others are names of stages.
WHOLE = "whole"


class Revision(models.Model):
    """One state of a content, never changed. ``digest`` is the SM3 of ``content``."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    content = models.JSONField(encoder=Compact)
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


class StagePlan(models.Model):
    """The stages that an organ sets for one lane from a day on. Never changed: a new plan takes the place of the old one.

    ``stages`` are names in order, ``days`` the working days of those stages that differ from the general ones.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="stage_plans")
    lane = models.CharField(max_length=10, choices=list(LANES.items()))
    stages = models.JSONField()
    days = models.JSONField(default=dict)
    from_on = models.DateField("起")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered and found."""

        ordering = ("-from_on", "-pk")
        indexes = [models.Index(name="stageplan_of_agency", fields=["agency", "lane", "-from_on"])]

    def __str__(self) -> str:
        return f"{self.agency.short_name} {self.get_lane_display()} {self.from_on}"


class Run(models.Model):
    """One review of one revision by one organ. What it has to pass is fixed when it is opened.

    ``stages`` are the stages in order, ``days`` how many working days each may take, ``later`` the stages that an urgent run
    leaves for after the publication. ``lead`` is the leading organ's run where several organs review one document, ``makes_up``
    the urgent run whose remaining stages this one makes up for, ``entry`` the act that opened it.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="runs")
    drafter = models.ForeignKey(Person, models.PROTECT, related_name="+")
    stages = models.JSONField()
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=OPEN)
    opened_on = models.DateField()
    lane = models.CharField("程序", max_length=10, choices=list(LANES.items()), default=NORMAL)
    days = models.JSONField(default=dict)
    later = models.JSONField(default=list)
    approver = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    lead = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined")
    makes_up = models.OneToOneField("self", models.PROTECT, null=True, related_name="made_up_by")
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                name="run_one_open_an_organ",
                fields=["subject_kind", "subject_id", "agency"],
                condition=Q(state="open", makes_up__isnull=True),
            ),
            models.UniqueConstraint(name="run_one_an_organ", fields=["lead", "agency"]),
            models.CheckConstraint(name="run_urgent_has_approver", condition=Q(lane="normal") | Q(approver__isnull=False)),
            models.CheckConstraint(
                name="run_joins_or_makes_up",
                condition=Q(lead__isnull=True) | Q(makes_up__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="run_of_agency", fields=["agency", "state"]),
            models.Index(name="run_of_drafter", fields=["drafter", "state"]),
            models.Index(name="run_of_subject", fields=["subject_kind", "subject_id", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.revision}（{self.get_state_display()}）"

    def passes(self) -> list[Step]:
        """The passes in force: those that no later return reached."""
        return [step for step in self.steps.all() if step.is_passed and step.voided_by_id is None]

    def passed(self) -> list[str]:
        """The stages passed so far."""
        return [step.stage for step in self.passes()]

    def waits_for(self) -> str | None:
        """The stage it waits for, ``None`` when it is not open."""
        done = set(self.passed())
        return next((stage for stage in self.stages if stage not in done), None) if self.state == OPEN else None


class Step(models.Model):
    """One decision of one reviewer. Nobody decides on his own draft, and nobody passes two stages of a run.

    A return goes to the drafter, or to the earlier stage named in ``returned_to``: then ``voided_by`` of the passes from that
    stage on names the return, and they count no longer. The database sets it the moment the return is written.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=20)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drafter = models.ForeignKey(Person, models.PROTECT, related_name="+")
    is_passed = models.BooleanField()
    returned_to = models.CharField(max_length=20, blank=True)
    voided_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="voids")
    checked = models.JSONField(default=list, encoder=Compact)
    comment = models.CharField(max_length=1000, blank=True)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands."""

        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(name="step_not_by_the_drafter", condition=~Q(person=F("drafter"))),
            models.CheckConstraint(
                name="step_only_passes_are_voided", condition=Q(is_passed=True, returned_to="") | Q(is_passed=False, voided_by__isnull=True)
            ),
            models.UniqueConstraint(
                name="step_one_a_person", fields=["run", "person"], condition=Q(is_passed=True, voided_by__isnull=True)
            ),
            models.UniqueConstraint(name="step_one_a_stage", fields=["run", "stage"], condition=Q(is_passed=True, voided_by__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {'通过' if self.is_passed else '退回'}"


class Assignment(models.Model):
    """Who should pass a stage of a run (转办). The newest counts; it widens nobody's powers: the post is still needed."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="assignments")
    stage = models.CharField(max_length=20)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField("理由", max_length=500)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered."""

        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.stage} → {self.person}"


class Comment(models.Model):
    """What somebody remarked on a revision, beside the decisions."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="comments")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    words = models.CharField("意见", max_length=500)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered and found."""

        ordering = ("pk",)
        indexes = [models.Index(name="comment_of_subject", fields=["subject_kind", "subject_id"])]

    def __str__(self) -> str:
        return self.words[:40]


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
