"""A PDF for the archive, set by typst: fonts looked for by what GB/T 9704 asks for, and the same bytes for the same content.

Text goes to typst as JSON data and is never part of the template, so nothing in it can be taken for markup.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai.report.render.layout import Unwritable

if TYPE_CHECKING:
    import typst

# PDF/A-2a for the archive, PDF/UA-1 for readers who listen.
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
_UNSHOWABLE = "could not be displayed"
# The commonest words; a standard that forbids gaps makes typst tell instead of drawing boxes.
_PROBE = (
    '#let page = json(bytes(sys.inputs.page))\n#set document(title: "probe")\n'
    '#set text(lang: "zh", font: (page.fonts.body.own, ..page.fonts.body.fallback).filter(name => name != none))\n政府信息公开\n'
)
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


def typeset(template: Path, content: Mapping[str, Any], *, day: datetime.date, folder: Path | None) -> bytes:
    """The PDF of a template, which reads ``sys.inputs.page``: the content, and ``fonts``. ``day`` is the day that the file carries.

    Where no font has some rare character, the file is still tagged but no PDF/A, which forbids gaps. :class:`Unwritable` when no font
    can show Chinese at all, or the folder of fonts is not there.
    """
    import typst

    if folder is not None and not folder.is_dir():
        raise Unwritable(f"没有这个字体文件夹：{folder}。")
    fonts, families = _fonts(folder)
    source, data = template.read_bytes(), json.dumps({**content, "fonts": families}, ensure_ascii=False)
    try:
        return _compile(source, data, day, fonts, _STANDARDS)
    except typst.TypstError as error:
        if _UNSHOWABLE not in error.message:
            raise
    require_chinese(fonts, families)
    return _compile(source, data, day, fonts, ["1.7"])


def day_parts(day: datetime.date) -> dict[str, int]:
    """A day as typst's ``datetime`` takes it."""
    return {"year": day.year, "month": day.month, "day": day.day}


def require_chinese(fonts: typst.Fonts, families: dict[str, Any]) -> None:
    """:class:`Unwritable` where the fonts cannot show the commonest words."""
    import typst

    try:
        _compile(_PROBE.encode(), json.dumps({"fonts": families}), datetime.date(1970, 12, 31), fonts, ["ua-1"])
    except typst.TypstError as error:
        if _UNSHOWABLE not in error.message:
            raise
        raise Unwritable(_NO_CHINESE) from None


def _compile(template: bytes, data: str, day: datetime.date, fonts: typst.Fonts, standards: list[typst.PDFStandard]) -> bytes:
    import typst

    midnight = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
    return typst.compile(template, format="pdf", font_paths=fonts, sys_inputs={"page": data}, pdf_standards=standards, timestamp=midnight)


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
