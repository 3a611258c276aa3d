"""The report as a tagged PDF/A on the page of GB/T 9704, set by typst from ``report.typ``.

Text goes to typst as JSON data and is never part of the template, so nothing in a report can be taken for markup.
"""

from __future__ import annotations

import datetime
import json
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai.report.render.layout import LayoutCell, TableLayout, Unwritable
from gongkai.report.render.outline import Outline

if TYPE_CHECKING:
    import typst

_TEMPLATE = Path(__file__).with_name("report.typ")
# PDF/A-2a for the archive, PDF/UA-1 for readers who listen.
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
_UNSHOWABLE = "could not be displayed"
_NO_CHINESE = (
    "没有找到能显示中文的字体，无法写成 PDF。请安装仿宋等中文字体（Debian、Ubuntu：apt install fonts-noto-cjk；"
    "或安装 TeX 的 Fandol 字体），也可以指定一个放有中文字体文件的文件夹。"
)

# Families by what GB/T 9704 asks for, best first: those of Windows and WPS, then free ones.
_FAMILIES = {
    "body": ("FangSong_GB2312", "FangSong", "STFangsong", "FandolFang"),
    "hei": ("SimHei", "STHeiti", "FandolHei", "Source Han Sans SC", "Noto Sans CJK SC", "Noto Sans SC"),
    "kai": ("KaiTi_GB2312", "KaiTi", "STKaiti", "FandolKai"),
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STXiaoBiaoSong"),
}
_SERIFS = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "SimSun", "STSong", "FandolSong")


def write(page: Outline, folder: Path | None) -> bytes:
    """The PDF. Where no font has some rare character, the file is still tagged but no PDF/A, which forbids gaps.

    :class:`Unwritable` when no font can show Chinese at all, or the folder of fonts is not there.
    """
    import typst

    if folder is not None and not folder.is_dir():
        raise Unwritable(f"没有这个字体文件夹：{folder}。")
    fonts, families = _fonts(folder)
    data = json.dumps({**_content(page), "fonts": families}, ensure_ascii=False)
    try:
        return _compile(data, page.dated_on, fonts, _STANDARDS)
    except typst.TypstError as error:
        if _UNSHOWABLE not in error.message:
            raise
    _require_chinese(fonts, families)
    return _compile(data, page.dated_on, fonts, ["1.7"])


def _compile(data: str, day: datetime.date, fonts: typst.Fonts, standards: list[typst.PDFStandard]) -> bytes:
    import typst

    midnight = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
    return typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=fonts,
        sys_inputs={"report": data},
        pdf_standards=standards,
        timestamp=midnight,
    )


@cache
def _fonts(folder: Path | None) -> tuple[typst.Fonts, dict[str, Any]]:
    """The fonts of the folder and the system, and for each use its own family (or ``None``) and what to fall back to."""
    import typst

    fonts = typst.Fonts(font_paths=[folder] if folder else [])
    own = set(typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]).families() if folder else ())
    present = sorted(fonts.families(), key=lambda family: family not in own)
    fallback = [family for family in _SERIFS if family in present] + sorted(own)
    chosen = {use: next((name for name in names if name in present), None) for use, names in _FAMILIES.items()}
    return fonts, {use: {"own": name, "fallback": fallback or present[:1]} for use, name in chosen.items()}


def _require_chinese(fonts: typst.Fonts, families: dict[str, Any]) -> None:
    """Whether the commonest words can be shown; a standard that forbids gaps makes typst tell instead of drawing boxes."""
    import typst

    probe = Outline(title="政府信息公开", organ="", year=None, published_on=None, preface=(), parts=())
    try:
        _compile(json.dumps({**_content(probe), "fonts": families}), probe.dated_on, fonts, ["ua-1"])
    except typst.TypstError as error:
        if _UNSHOWABLE not in error.message:
            raise
        raise Unwritable(_NO_CHINESE) from None


def _content(page: Outline) -> dict[str, Any]:
    return {
        "title": page.title,
        "lines": page.title_lines,
        "author": page.organ,
        "date": _date(page.dated_on),
        "dateline": page.dateline,
        "preface": [{"text": line.text, "subheading": line.subheading} for line in page.preface],
        "parts": [
            {
                "heading": part.heading,
                "paragraphs": [{"text": line.text, "subheading": line.subheading} for line in part.paragraphs],
                "tables": [_table(table) for table in part.tables],
            }
            for part in page.parts
        ],
    }


def _date(day: datetime.date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _table(table: TableLayout) -> dict[str, Any]:
    rows = table.rows()
    groups = []
    # Runs of rows of one level: 0 for figures, else the depth of the heading; typst tags them and repeats the first.
    for (level, repeat), run in groupby(range(table.n_rows), key=lambda number: (_level(table, rows, number), number < table.repeat)):
        groups.append({"level": level, "repeat": repeat, "rows": [[_cell(cell) for cell in rows[number]] for number in run]})
    return {
        "widths": table.widths,
        "size": 9 if table.compact else 10.5,
        "inset": 3.8 if table.compact else 5.5,
        "groups": groups,
    }


def _level(table: TableLayout, rows: list[list[LayoutCell]], number: int) -> int:
    if number not in table.heading_rows:
        return 0
    inner = rows[number][0].scope == "rowgroup"
    return 2 + rows[number][0].indent if inner else 1


def _cell(cell: LayoutCell) -> dict[str, Any]:
    return {
        "text": cell.text,
        "rowspan": cell.rowspan,
        "colspan": cell.colspan,
        "left": cell.scope.startswith("row") and not cell.vertical,
        "shaded": cell.scope.startswith("col"),
        "vertical": cell.vertical,
        "indent": cell.indent,
    }
