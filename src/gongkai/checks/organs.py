"""What an organ's name tells: its scope, its core, and whether two names mean one organ."""

from __future__ import annotations

from typing import Any

from gongkai.law.store import load


def organ_data() -> dict[str, Any]:
    """The law data on kinds of organ and self-names."""
    return load("checks/organs")


def infer_scope(organ: str) -> str | None:
    """The scope that a name shows (``township`` for 青禾镇人民政府), ``None`` when it shows none.

    The report of a government's office is the government's report, so 云川县人民政府办公室 is ``county``.
    """
    name = _plain(organ)
    for suffix in ("办公室", "办公厅"):
        if name.endswith("政府" + suffix):
            name = name.removesuffix(suffix)
    for kind in organ_data()["scopes"]:
        if name.endswith(tuple(kind["endings"])):
            scope: str | None = kind["scope"]
            return scope
    return None


def scope_word(scope: str) -> str:
    """The Chinese word for a scope: 乡镇."""
    return next((str(kind["word"]) for kind in organ_data()["scopes"] if kind["scope"] == scope), scope)


def core_name(organ: str) -> str:
    """The name without what all organs of the kind share: 云川县青禾镇 for 云川县青禾镇人民政府."""
    name = _plain(organ)
    for ending in organ_data()["same_organ"]:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def local_name(organ: str) -> str:
    """The last part of the name, without the areas above it: 青禾镇 for 云川县青禾镇人民政府."""
    core = core_name(organ)
    rest = core[max(core.rfind(word, 0, -2) for word in "省市县区州旗盟") + 1 :]
    return rest if len(rest) >= 3 else core


def may_be_its_area(organ: str | None, word: str) -> bool:
    """Whether 我 + ``word`` can mean the area that a township or street belongs to.

    Only a county-level area of another kind than the one printed in the name is ruled out: 我县 for 湖东区青禾镇.
    """
    data = organ_data()
    if word in data["wider_areas"]:
        return True
    if word not in data["next_areas"]:
        return False
    core = core_name(organ or "")
    above = {area for area in data["next_areas"] if area in core.removesuffix(local_name(organ or ""))}
    return not above or word in above


def is_same_organ(one: str, other: str) -> bool:
    """Whether two names can mean one organ: 青禾镇人民政府 and 云川县青禾镇人民政府 do."""
    first, second = core_name(one), core_name(other)
    return first.endswith(second) or second.endswith(first)


def _plain(name: str) -> str:
    return "".join(name.split())
