"""Which of the tables beside an item hold anything about it or its organ: one statement, written once, instead of a dozen that find nothing.

Most items have no consultation, no link, no comment, no time set. A page that shows all of them asks here first and then only for
what there is. An act never asks here: it asks for the rows it needs under its own lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from gongkai.web.disclosure.about.models import Consultation, Link, Validity
from gongkai.web.disclosure.joint.models import JointOrgan
from gongkai.web.disclosure.material.models import ItemSource
from gongkai.web.disclosure.models import HitAnswer, Item, Publication
from gongkai.web.disclosure.schedule.models import Scheduled
from gongkai.web.disclosure.standing.models import CatalogRow, ItemCatalogRow, NegativeTerm
from gongkai.web.review.models import Comment

Row = TypeVar("Row")
# No row has this key: it stands in the statement where the item's own goes.
_ANY = -1


class Beside:
    """What stands beside one item, as it was when the page was asked for."""

    def __init__(self, item: Item) -> None:
        statement, values = _statement(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(statement, [item.pk if value == _ANY else value for value in values])
            row = cursor.fetchone() or ()
        self.names = frozenset(name for name, is_there in zip(NAMES, row, strict=False) if is_there)

    def rows(self, name: str, ask: Callable[[], Iterable[Row]]) -> list[Row]:
        """The rows of that name, asked for only when there are some. :class:`KeyError` for a name that is not looked for."""
        if name not in NAMES:
            raise KeyError(name)
        return list(ask()) if name in self.names else []


def _tables() -> dict[str, QuerySet[Any]]:
    item = OuterRef("pk")
    return {
        "validities": Validity.objects.filter(item=item),
        "interpretations": Link.objects.filter(document=item, ended_on__isnull=True),
        "documents": Link.objects.filter(interpretation=item, ended_on__isnull=True),
        "consultations": Consultation.objects.filter(item=item),
        "joint_organs": JointOrgan.objects.filter(item=item, ended_by__isnull=True),
        "comments": Comment.objects.filter(subject_kind=Item._meta.label_lower, subject_id=item),
        "sources": ItemSource.objects.filter(item=item),
        "scheduled": Scheduled.objects.filter(item=item),
        "hit_answers": HitAnswer.objects.filter(item=item),
        "catalog": CatalogRow.objects.filter(agency=OuterRef("agency"), ended_by__isnull=True),
        "negative_terms": NegativeTerm.objects.filter(agency=OuterRef("agency"), ended_by__isnull=True),
        "catalog_rows": ItemCatalogRow.objects.filter(item=item, ended_by__isnull=True),
        "past_batches": Publication.objects.filter(item=item, batch__isnull=False),
    }


NAMES = tuple(_tables())


@cache
def _statement(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The statement for that database and its values, :data:`_ANY` where the item's key goes."""
    tables = _tables()
    asked = Item.objects.filter(pk=_ANY).order_by().annotate(**{f"has_{name}": Exists(rows) for name, rows in tables.items()})
    statement, values = asked.values_list(*(f"has_{name}" for name in tables)).query.sql_with_params()
    return statement, tuple(values)
