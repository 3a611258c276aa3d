"""A suggestion to publish (建议公开), its one answer, and the publication by which a promise was kept.

Whether a suggestion waits, was answered or was kept is never stored: it follows from which of the three rows there are.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from gongkai.law import LawMissing
from gongkai.law.duties import duty
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.suggesting.values import outcomes
from gongkai.web.ledger.models import LedgerEntry


class Suggestion(models.Model):
    """What somebody of the public wants an organ to publish. ``contact`` is sealed, and so is where it came from.

    ``column`` is the statutory duty under which he would look for it, empty where he named none.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="suggestions")
    number = models.CharField("编号", max_length=30, unique=True)
    code_digest = models.CharField(max_length=64)
    wanted = models.CharField("建议公开什么", max_length=500)
    column = models.CharField("栏目", max_length=20, blank=True)
    reason = models.CharField("为什么认为应当公开", max_length=1000, blank=True)
    contact = models.CharField(max_length=600, blank=True)
    address_mark = models.CharField(max_length=64)
    received_on = models.DateField("收到日期")
    received_at = models.DateTimeField("收到时间")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered, and how the suggestions of one address are counted."""

        ordering = ("-pk",)
        indexes = [models.Index(name="suggestion_by_day", fields=["received_on", "address_mark"])]

    def __str__(self) -> str:
        return f"{self.number}（{self.received_on}）"

    @property
    def column_title(self) -> str:
        """What the column is called; its id where the law has none of that id any more."""
        try:
            return duty(self.column).title if self.column else ""
        except LawMissing:
            return self.column

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        told = ("number", "code_digest", "wanted", "column", "reason", "contact", "received_on")
        return {"agency": self.agency_id, **{name: getattr(self, name) for name in told}}

    def age(self, on: datetime.date) -> int:
        """Calendar days since it came in."""
        return (on - self.received_on).days


class SuggestionAnswer(models.Model):
    """What the organ answered, once.

    ``publication`` is what was public already, ``organ`` the one whose matter it is, ``ground`` the exemption of the law data on
    which it is not published (empty where the reason is another one).
    """

    suggestion = models.OneToOneField(Suggestion, models.PROTECT, related_name="answer")
    outcome = models.CharField("怎样答复", max_length=10, choices=list(outcomes().items()))
    words = models.CharField("答复", max_length=1000, blank=True)
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="+")
    organ = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    ground = models.CharField("不予公开的情形", max_length=10, blank=True)
    answered_on = models.DateField("答复日期")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """What the database itself demands, and how rows are ordered."""

        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="suggestionanswer_names_what_it_says",
                condition=Q(outcome="already", publication__isnull=False, organ__isnull=True, ground="")
                | Q(outcome="elsewhere", publication__isnull=True, organ__isnull=False, ground="")
                | Q(outcome="will", publication__isnull=True, organ__isnull=True, ground="") & ~Q(words="")
                | Q(outcome="not", publication__isnull=True, organ__isnull=True) & ~Q(words=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.suggestion.number}：{self.get_outcome_display()}"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        told = ("outcome", "words", "ground", "answered_on")
        named = {"suggestion": self.suggestion_id, "publication": self.publication_id, "organ": self.organ_id}
        return {**named, **{name: getattr(self, name) for name in told}}


class SuggestionKept(models.Model):
    """What was promised in an answer is public: by which publication."""

    answer = models.OneToOneField(SuggestionAnswer, models.PROTECT, related_name="kept")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+")
    kept_on = models.DateField("登记日期")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="+")

    class Meta:
        """How rows are ordered."""

        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.answer.suggestion.number}：已经公开"

    def content(self) -> dict[str, Any]:
        """What its entry proves."""
        return {"answer": self.answer_id, "publication": self.publication_id, "kept_on": self.kept_on}
