"""What an item carries and what guide and catalogue must tell: ``data/attributes.yaml`` as values.

Disclosure attribute (公开属性), ground of withholding (不予公开情形), validity (有效性), channel (发布渠道), required fields.

>>> attribute("withheld").label, attribute("withheld").needs_reason
('不予公开', True)
>>> exemption("15").overrides
('consent', 'public_interest')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar

from gongkai.law.store import LawMissing, load


@dataclass(frozen=True, slots=True)
class Attribute:
    """A disclosure attribute (公开属性): ``proactive``, ``on_request`` or ``withheld``.

    ``needs_reason`` says whether a reason is recorded with it, ``reason_basis`` what orders that (``None``: practice).
    """

    id: str
    label: str
    basis: str
    needs_reason: bool
    confidence: str
    reason_basis: str | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """A ground for not disclosing, such as ``14a`` or ``16-2b``.

    ``duty`` is ``must_not`` (the organ must not disclose) or ``may_withhold`` (it may choose). ``overrides`` are ids of
    :func:`override_words` that lift the ground, empty for none. Every ground needs a reason in the case at hand.
    """

    id: str
    title: str
    basis: str
    duty: Literal["must_not", "may_withhold"]
    overrides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether a document still holds (有效性): ``in_force``, ``lapsed`` or ``repealed``.

    ``basis`` is ``None`` for practice. ``needs_day`` asks for the day since which it does not hold.
    """

    id: str
    label: str
    basis: str | None
    confidence: str
    needs_day: bool
    may_name_successor: bool


@dataclass(frozen=True, slots=True)
class RequiredField:
    """A field that the guide (公开指南) or each entry of the catalogue (公开目录) must hold.

    ``words`` are those by which a guide is seen to tell it.
    """

    id: str
    label: str
    basis: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """Where an item is published (发布渠道); ``basis`` is ``None`` for practice.

    ``place`` is ``medium`` (it carries the text), ``site`` (people go there to read) or ``handover`` (copies are given to it).
    """

    id: str
    label: str
    place: Literal["medium", "site", "handover"]
    basis: str | None


_Entry = TypeVar("_Entry", Attribute, Exemption, Validity, Channel)


@cache
def attributes() -> tuple[Attribute, ...]:
    """The three attributes, in the order of the statute."""
    return tuple(Attribute(**entry) for entry in _list("attributes"))


def attribute(name: str) -> Attribute:
    """The attribute with that id; :class:`LawMissing` when there is none."""
    return _named(attributes(), name, "公开属性")


@cache
def exemptions() -> tuple[Exemption, ...]:
    """Every ground, in the order of the articles."""
    return tuple(Exemption(**{**entry, "overrides": tuple(entry["overrides"])}) for entry in _list("exemptions"))


def exemption(name: str) -> Exemption:
    """The ground with that id; :class:`LawMissing` when there is none."""
    return _named(exemptions(), name, "不予公开情形")


@cache
def override_words() -> Mapping[str, str]:
    """What lifts a ground: id → Chinese."""
    words: Mapping[str, str] = load("attributes")["overrides"]
    return words


@cache
def validities() -> tuple[Validity, ...]:
    """The three states of a document."""
    return tuple(Validity(**entry) for entry in _list("validities"))


def validity(name: str) -> Validity:
    """The state with that id; :class:`LawMissing` when there is none."""
    return _named(validities(), name, "有效性")


@cache
def guide_fields() -> tuple[RequiredField, ...]:
    """The nine fields that every guide must hold."""
    return tuple(RequiredField(**{**entry, "words": tuple(entry["words"])}) for entry in _list("guide_fields"))


@cache
def catalogue_fields() -> tuple[RequiredField, ...]:
    """The four fields that every entry of the catalogue must hold."""
    return tuple(RequiredField(**entry) for entry in _list("catalogue_fields"))


@cache
def channels() -> tuple[Channel, ...]:
    """Every channel and place."""
    return tuple(Channel(**entry) for entry in _list("channels"))


def channel(name: str) -> Channel:
    """The channel with that id; :class:`LawMissing` when there is none."""
    return _named(channels(), name, "发布渠道")


def _list(key: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = load("attributes")[key]
    return entries


def _named(entries: tuple[_Entry, ...], name: str, what: str) -> _Entry:
    for entry in entries:
        if entry.id == name:
            return entry
    raise LawMissing(f"没有代号为“{name}”的{what}。")
