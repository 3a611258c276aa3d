"""Saved views: save, rename, delete, open by default. Own ones only.

They are a person's convenience like the language of the screen: no act of an organ, so the ledger does not keep them.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.http import QueryDict

from gongkai.errors import Refused
from gongkai.web.agencies.models import Person
from gongkai.web.disclosure.lists import Narrowing
from gongkai.web.office.models import SavedView

MOST = 20


def views_of(person: Person, page: str = "items") -> list[SavedView]:
    """What that person saved for a page, oldest first."""
    return list(SavedView.objects.filter(person=person, page=page))


def view_of(person: Person, number: int) -> SavedView | None:
    """One of that person's own; nobody else's."""
    return SavedView.objects.filter(person=person, pk=number).first()


def narrowing_of(query: str) -> Narrowing:
    """What a saved query narrows to; what the list does not know falls away."""
    return Narrowing.read(QueryDict(query).dict())


def save(*, person: Person, name: str, query: str, page: str = "items") -> SavedView:
    """Save a filter under a name of its own."""
    asked = narrowing_of(query)
    if not asked:
        raise Refused("还没有筛选条件，请先筛选再保存。")
    if SavedView.objects.filter(person=person, page=page).count() >= MOST:
        raise Refused(f"常用筛选最多{MOST}个，请先删去不用的。")
    return _kept(SavedView(person=person, page=page, name=_name(name), query=spelled(asked)))


def rename(*, view: SavedView, name: str) -> SavedView:
    """Another name for the same filter."""
    view.name = _name(name)
    return _kept(view)


def open_by_default(*, view: SavedView, is_default: bool) -> SavedView:
    """Let the page open with this filter, or with none any more."""
    with transaction.atomic():
        SavedView.objects.filter(person=view.person, page=view.page, is_default=True).update(is_default=False)
        view.is_default = is_default
        view.save(update_fields=["is_default"])
    return view


def delete(*, view: SavedView) -> None:
    """Forget a filter."""
    view.delete()


def _name(name: str) -> str:
    told = " ".join(name.replace("\0", "").split())
    if not told or len(told) > 30:
        raise Refused("请给这个筛选起一个名称，不超过30个字。")
    return told


def spelled(asked: Narrowing) -> str:
    """The query string of a narrowing, always in the same order."""
    query = QueryDict(mutable=True)
    query.update(asked.query())
    return query.urlencode()


def _kept(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise Refused(f"已经有名为“{view.name}”的常用筛选，请换一个名称。") from error
    return view
