"""The secrets of second factors (keys of telephones, seeds of recovery codes): sealed for the person they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from gongkai.web.settings.keys import is_newest, key_of, seal, unseal

PURPOSE = "second factor"
# The parts of an authenticator's data that are sealed.
_SEALED = ("secret", "seed")


def row_of(person_id: int) -> str:
    """What binds a secret to its person: copied to somebody else's row it does not open."""
    return f"person:{person_id}"


def sealed_for(person_id: int, secret: str) -> str:
    """The secret as it is stored."""
    return seal(secret, purpose=PURPOSE, row=row_of(person_id))


def opened_for(person_id: int, sealed: str) -> str:
    """The secret again; :class:`KeyLost` when it does not open."""
    return unseal(sealed, purpose=PURPOSE, row=row_of(person_id))


def reseal() -> int:
    """Seal anew what an older key or another cipher closed; gives how many accounts. What does not open stays as it is."""
    n_sealed = 0
    for number in [one.pk for one in Authenticator.objects.order_by("pk") if any(not is_newest(part) for part in _parts(one))]:
        with transaction.atomic():
            one = Authenticator.objects.select_for_update().get(pk=number)
            if any(key_of(part) not in settings.DATA_KEYS for part in _parts(one)):
                continue
            for name in _SEALED:
                if name in one.data:
                    one.data[name] = sealed_for(one.user_id, opened_for(one.user_id, one.data[name]))
            one.save(update_fields=["data"])
            n_sealed += 1
    return n_sealed


def keys_missing() -> list[str]:
    """The names of keys that closed a second factor and are not here any more; empty text where one is not sealed at all."""
    named = {key_of(part) for one in Authenticator.objects.all() for part in _parts(one)}
    return sorted(named - set(settings.DATA_KEYS))


def _parts(one: Any) -> Iterator[str]:
    return (str(one.data[name]) for name in _SEALED if name in one.data)
