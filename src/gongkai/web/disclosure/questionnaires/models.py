"""A questionnaire (问卷) and the sheets that came in. What was answered is counted when somebody looks, never stored."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from gongkai.web.agencies.models import Agency
from gongkai.web.ledger.models import LedgerEntry


class Questionnaire(models.Model):
    """Questions of one organ to the public, about an organ's work, from ``from_on`` to ``until_on``, both days included.

    ``questions`` are a list of mappings as :mod:`.questions` reads them. ``figures_by`` is the entry by which the counted answers
    were made public, ``None`` while they are not.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="questionnaires", verbose_name="机关")
    about = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="评议的机关")
    title = models.CharField("标题", max_length=100)
    introduction = models.CharField("说明", max_length=1000, blank=True)
    questions = models.JSONField("题目")
    from_on = models.DateField("起")
    until_on = models.DateField("止")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")
    figures_by = models.OneToOneField(LedgerEntry, models.PROTECT, null=True, related_name="+")

    TOLD = ("agency_id", "about_id", "title", "introduction", "questions", "from_on", "until_on")

    class Meta:
        """What the database itself demands, and how rows are ordered."""

        ordering = ("-pk",)
        constraints = [models.CheckConstraint(name="questionnaire_has_days", condition=Q(until_on__gt=F("from_on")))]

    def __str__(self) -> str:
        return self.title

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {name: getattr(self, name) for name in self.TOLD}


class AnswerSheet(models.Model):
    """What one caller answered: the number of each question → what was chosen or written. Who it was is not asked."""

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="sheets")
    answers = models.JSONField("回答")
    address_mark = models.CharField(max_length=64)
    received_on = models.DateField("收到日期")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered, and how those of one address are counted."""

        ordering = ("-pk",)
        indexes = [models.Index(name="answersheet_by_day", fields=["received_on", "address_mark"])]

    def __str__(self) -> str:
        return f"{self.questionnaire}（{self.received_on}）"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {"questionnaire": self.questionnaire_id, "answers": self.answers, "received_on": self.received_on}
