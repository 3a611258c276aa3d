"""The entries of what people change about their own accounts, written in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.dispatch import receiver

from gongkai.web.agencies.accounts.changing import changed
from gongkai.web.agencies.accounts.models import organ_of
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.ledger.acts import append
from gongkai.web.ledger.digest import digest_of
from gongkai.web.settings import moment


@receiver(changed)
def keep(sender: Any, person: Person, before: Mapping[str, Any], action: str, **_: Any) -> None:
    """Append the entry; it stands with the person's organ, or with the county where somebody belongs to none."""
    place = organ_of(person) or Agency.objects.filter(parent__isnull=True).order_by("pk").first()
    if place is None:
        return  # no organ, no county, no ledger: nothing was ever installed here
    marks = {
        "action": action, "duty": "", "before": digest_of(before), "after": digest_of(person.proven()), "facts": {"username": person.username},
    }  # fmt: skip
    append(agency=place, person=person, thing=person, occurred_on=moment.today(), marks=marks)
