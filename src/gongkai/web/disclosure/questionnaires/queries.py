"""Every read about questionnaires: how one stands, its figures, the lists of the site and of the office."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.questionnaires.models import Questionnaire
from gongkai.web.disclosure.questionnaires.questions import Counted, count

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Survey:
    """How a questionnaire stands on a day: ``coming``, ``open``, ``ended``, or ``answered`` where its figures are public."""

    row: Questionnaire
    state: str
    left: int


def standing_of(row: Questionnaire, on: datetime.date) -> Survey:
    """How one stands."""
    if row.figures_by_id is not None:
        state = "answered"
    elif on > row.until_on:
        state = "ended"
    else:
        state = "open" if on >= row.from_on else "coming"
    return Survey(row, state, (row.until_on - on).days)


def public_surveys(on: datetime.date) -> list[Survey]:
    """The questionnaires of everybody: open ones first, then the newest."""
    rows = Questionnaire.objects.select_related("agency", "about").order_by("-pk")[:SHOWN]
    found = [standing_of(row, on) for row in rows]
    return sorted(found, key=lambda survey: survey.state != "open")


def n_open(on: datetime.date) -> int:
    """How many may be answered that day."""
    return Questionnaire.objects.filter(from_on__lte=on, until_on__gte=on).count()


def figures(row: Questionnaire) -> list[Counted]:
    """Each question with what was answered."""
    return count(row.questions, row.sheets.order_by("pk").values_list("answers", flat=True).iterator(chunk_size=2000))


def seen_by(person: Person) -> QuerySet[Questionnaire]:
    """The questionnaires of the organs in which that person may look at them."""
    agencies = Agency.objects.seen_by(person, "survey.view")
    return Questionnaire.objects.filter(agency__in=agencies).select_related("agency", "about")


def opening_for(person: Person) -> QuerySet[Agency]:
    """The organs in whose name that person may put questions to the public."""
    return Agency.objects.seen_by(person, "survey.open").order_by("path")


def asked_about(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """The organs that those may ask about: themselves and the ones below."""
    found = Agency.objects.none()
    for agency in agencies:
        found = found | Agency.objects.filter(path__startswith=agency.path)
    return found.order_by("path")
