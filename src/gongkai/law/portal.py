"""What the national norms fix about the public site: ``data/portal/norms.yaml`` as values.

>>> from gongkai.law.portal import column_type, fixed_columns
>>> [column.title for column in fixed_columns()][:2]
['政府信息公开指南', '政府信息公开制度']
>>> column_type(kind="notice", column="a20_13")
'通知公告'
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from gongkai.law.store import LawMissing, load


@dataclass(frozen=True, slots=True)
class FixedColumn:
    """A column that every platform has: ``title`` as the norm names it, ``type`` what its pages say of it in their head."""

    id: str
    title: str
    type: str
    basis: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag in the head of a page. ``level`` says on which: site on every page, column on a list and what stands in it, page on an article."""

    name: str
    level: Literal["site", "column", "page"]
    required: bool


@cache
def fixed_columns() -> tuple[FixedColumn, ...]:
    """The fixed columns of a disclosure platform (国办公开办函〔2019〕61号), in their order."""
    return tuple(FixedColumn(row["id"], row["title"], row["type"], row["basis"]) for row in load("portal/norms")["columns"])


def fixed_column(name: str) -> FixedColumn:
    """The fixed column with that id, such as ``guide``; :class:`LawMissing` when there is none."""
    for row in fixed_columns():
        if row.id == name:
            return row
    raise LawMissing(f"没有代号为“{name}”的固定栏目。")


def column_type(*, kind: str, column: str) -> str:
    """The type (ColumnType) of the column in which an item of that kind and column stands (国办发〔2017〕47号)."""
    for row in load("portal/norms")["types"]:
        if row.get("else") or kind in row.get("kinds", ()) or column in row.get("columns", ()):
            return str(row["type"])
    raise LawMissing("没有栏目类型的数据。")


@cache
def tags() -> tuple[Tag, ...]:
    """The tags that stand in the head of pages (国办发〔2017〕47号), the site's first."""
    return tuple(Tag(row["name"], row["level"], row["required"]) for row in load("portal/norms")["tags"])
