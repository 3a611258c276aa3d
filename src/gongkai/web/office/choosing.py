"""A field in which an item is looked for and chosen, without a script: looking is a button of the form that does nothing else.

Everything typed stays: the form comes back as it was, with what was found. What is chosen stays chosen while one looks for more.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from gongkai.web.disclosure.choosing import Choices, choices, choosable
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.queries import items_seen_by

# The name of the buttons that look for something: the first page, or what comes behind a key.
FIND, WORDS = "find", "find_words"


def looks(request: HttpRequest) -> bool:
    """Whether a form came to look for something, and not to be carried out."""
    return request.method == "POST" and FIND in request.POST


def bound(request: HttpRequest) -> Any:
    """What a form is bound to: nothing while one looks for something."""
    return None if looks(request) else request.POST or None


def typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed so far, as a form's initial values."""
    return {name: request.POST[name] for name in request.POST} if looks(request) else {}


class ItemField(forms.Field):
    """An item that the viewer may see and that ``but`` may be tied to: what was found, and what is chosen."""

    def __init__(self, *, none: str, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.HiddenInput(), **kwargs)
        self.none = none
        self.found = Choices([], None)
        self.chosen: Item | None = None
        self.words = ""

    def offer(self, request: HttpRequest, name: str, but: Item) -> None:
        """Fill in what the request looks for, within what its person may see."""
        self.seen = choosable(items_seen_by(request.user).select_related("agency"), but=but)
        key = request.POST.get(FIND, "")
        self.words = request.POST.get(WORDS, "")[:100]
        self.chosen = self._row(request.POST.get(name, ""))
        after = int(key) if key.isdecimal() and len(key) < 18 else None
        self.found = choices(request.user, but=but, words=self.words, after=after)

    def _row(self, value: str) -> Item | None:
        return self.seen.filter(pk=int(value)).first() if value.isdecimal() and len(value) < 18 else None

    def clean(self, value: Any) -> Item | None:
        """The chosen item; refused when it is none that may be chosen."""
        if not value:
            return None
        row = self._row(str(value))
        if row is None:
            raise forms.ValidationError("没有这条信息，或者不能选择它，请重新查找。")
        return row

    @property
    def others(self) -> list[Any]:
        """What was found beside what is chosen."""
        return [row for row in self.found.rows if self.chosen is None or row.pk != self.chosen.pk]
