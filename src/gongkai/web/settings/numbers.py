"""Numbers of rows as addresses and forms say them: only what a row's key can be is a number, everything else is not there."""

from __future__ import annotations

from django.urls import register_converter
from django.urls.converters import IntConverter

# The largest key that either database holds.
LARGEST = 2**63 - 1
_MOST_DIGITS = len(str(LARGEST))


def number_in(text: str) -> int | None:
    """The number that the text is; ``None`` for anything that cannot be a row's key."""
    if not text.isascii() or not text.isdecimal() or len(text) > _MOST_DIGITS:
        return None
    number = int(text)
    return number if number <= LARGEST else None


class NumberConverter(IntConverter):
    """``<number:…>`` in an address: a whole number that a row's key can be. Any other address does not exist."""

    def to_python(self, value: str) -> int:
        """The number; ValueError, which Django answers with 404, for one beyond what the databases hold."""
        number = number_in(value)
        if number is None:
            raise ValueError(value)
        return number


register_converter(NumberConverter, "number")
