"""How people sign in: nobody registers himself, and some posts need a second factor."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings

from gongkai.web.agencies.models import Person
from gongkai.web.settings import moment

# Posts whose holder must use a second factor in production.
GUARDED = frozenset({"final_reviewer", "system_admin", "security_admin", "auditor"})


class Adapter(DefaultAccountAdapter):
    """What allauth asks of us."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Accounts are made by the system administrator only."""
        return False


def needs_second_factor(person: Person) -> bool:
    """Whether that person must set up a second factor before working."""
    return settings.IS_PRODUCTION and any(post.duty in GUARDED for post in person.posts_on(moment.today()))
