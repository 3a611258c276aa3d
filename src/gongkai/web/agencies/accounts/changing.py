"""Changes of an account that no administrator makes: the person's own new password, and a hash made stronger while signing in.

The ledger stands above this room, so whoever keeps it listens to :data:`changed`, which is sent inside the transaction of the change.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.dispatch import Signal

if TYPE_CHECKING:
    from gongkai.web.agencies.models import Person

# Arguments: ``person`` as saved, ``before`` (what :meth:`Person.proven` gave) and the name of the ``action``.
changed = Signal()


@contextmanager
def own_change(person: Person, action: str) -> Iterator[None]:
    """Change and entry together or neither; the block saves the person."""
    before = person.proven()
    with transaction.atomic():
        yield
        changed.send(sender=type(person), person=person, before=before, action=action)
