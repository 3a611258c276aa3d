"""Sessions as the database keeps them: sealed, because they hold for a while what is never stored in clear.

Among it are the key of a second factor until its first code was typed, and a first password until the administrator has read it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Plain

from gongkai.web.settings.keys import KeyLost, seal, unseal

PURPOSE = "session"


class SessionStore(Plain):
    """Django's sessions in the database, under our keys."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """What is stored, bound to the session's own key."""
        return seal(super().encode(session_dict), purpose=PURPOSE, row=self.session_key or "")

    def decode(self, session_data: Any) -> dict[str, Any]:
        """What was stored; nothing when it does not open, which means signing in again."""
        try:
            found: dict[str, Any] = super().decode(unseal(str(session_data), purpose=PURPOSE, row=self.session_key or ""))
        except KeyLost:
            return {}
        return found
