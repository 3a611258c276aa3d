"""A report as a person lays it out: words and tables with merged cells, before any file format.

The geometry of the tables is drawn here by hand from the printed forms; only the words of the labels come from the law
data. Organs are fictional.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from gongkai.law import Row, Table
from tests.shapes.figures import COLUMNS, Figures

ORGANS = (
    "云川县青禾镇人民政府",
    "临溪县柏树乡人民政府",
    "东岭市望湖区发展和改革局",
    "云川县自然资源局",
    "青坪市人民政府",
    "望湖区石桥街道办事处",
)


@dataclass(frozen=True)
class Box:
    """One cell of a table: ``kind`` is ``head``, ``group``, ``label`` or ``value``; a value box knows its address."""

    text: str
    cols: int = 1
    rows: int = 1
    kind: str = "label"
    address: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A table: rows of boxes as HTML has them (a box that spans rows stands in its first row only)."""

    id: str
    width: int
    n_heads: int
    rows: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True)
class Words:
    """A line or paragraph: ``role`` is ``title``, ``heading``, ``text``, ``caption`` or ``furniture``."""

    text: str
    role: str = "text"


@dataclass(frozen=True)
class Draft:
    """A whole report with its figures; renderers turn it into a file."""

    figures: Figures
    organ: str
    parts: tuple[Words | Sheet, ...]

    @property
    def sheets(self) -> list[Sheet]:
        return [part for part in self.parts if isinstance(part, Sheet)]

    def with_sheets(self, change: Callable[[Sheet], Sheet]) -> Draft:
        """The draft with every table changed."""
        return replace(self, parts=tuple(change(part) if isinstance(part, Sheet) else part for part in self.parts))

    def with_boxes(self, change: Callable[[Box], Box]) -> Draft:
        """The draft with every cell changed."""
        return self.with_sheets(lambda sheet: replace(sheet, rows=tuple(tuple(map(change, row)) for row in sheet.rows)))

    def empty_cells(self) -> set[str]:
        """Addresses of the value cells in which nothing at all is printed."""
        boxes = (box for sheet in self.sheets for row in sheet.rows for box in row)
        return {box.address for box in boxes if box.address and not box.text.strip("\xa0 \u3000\n")}


def grid(sheet: Sheet) -> list[list[Box | None]]:
    """The sheet as a full rectangle: each box at its first position, ``None`` where a merged cell covers or nothing is.

    A row with more cells than the table has columns widens the rectangle.
    """
    places: dict[tuple[int, int], Box] = {}
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(sheet.rows):
        x = 0
        for box in row:
            while (y, x) in taken:
                x += 1
            places[y, x] = box
            taken |= {(y + dy, x + dx) for dy in range(box.rows) for dx in range(box.cols)}
            x += box.cols
    width = max([sheet.width, *(x + 1 for y, x in taken if y < len(sheet.rows))])
    return [[places.get((y, x)) for x in range(width)] for y in range(len(sheet.rows))]


def clipped(sheet: Sheet) -> Sheet:
    """The sheet without merged cells that reach below its last row."""
    left = len(sheet.rows)
    return replace(sheet, rows=tuple(tuple(replace(box, rows=min(box.rows, left - y)) for box in row) for y, row in enumerate(sheet.rows)))


def lay_out(figures: Figures, random: Random, *, furniture: bool = False, preface: bool = True) -> Draft:
    """The whole report: title, preface, six sections, tables, signature; with ``furniture`` the web page around it."""
    organ = random.choice(ORGANS)
    parts: list[Words | Sheet] = [Words(f"{organ}{figures.year}年政府信息公开工作年度报告", "title")]
    if preface:
        parts.append(Words(_preface(organ, figures.year)))
    sheets = tables(figures)
    for section in figures.form.sections:
        parts.append(Words(section.title, "heading"))
        parts.extend(Words(text) for text in _narrative(section.id, organ, figures, random))
        parts.extend(sheet for sheet in sheets if figures.form.table(sheet.id).section == section.id)
    parts += [Words(organ), Words(f"{figures.year + 1}年1月{random.randint(5, 29)}日")]
    if figures.edition == "pre2019":
        parts += [Words("政府信息公开情况统计表", "heading"), Words(f"（{figures.year}年度）", "caption"), *sheets]
    if furniture:
        parts = [*_before(organ, figures.year, random), *parts, *_after(random)]
    return Draft(figures, organ, tuple(parts))


# --- tables --------------------------------------------------------------------------------------------------------


def tables(figures: Figures) -> list[Sheet]:
    """The statutory tables of the edition with the figures in them."""
    if figures.edition == "pre2019":
        return [_statistics(figures)]
    return [_proactive(figures), _requests(figures), _remedies(figures)]


def _value(figures: Figures, address: str, cols: int = 1) -> Box:
    return Box(figures.printed[address], cols, kind="value", address=address)


def _proactive(figures: Figures) -> Sheet:
    rows: list[tuple[Box, ...]] = []
    for block in figures.form.table("t2").blocks:
        rows.append((Box(block.header, 4, kind="head"),))
        last = 4 - len(block.columns)
        spans = [1] * (len(block.columns) - 1) + [last]
        rows.append(
            (
                Box("信息内容", kind="head"),
                *(Box(column.label, span, kind="head") for column, span in zip(block.columns, spans, strict=True)),
            )
        )
        for row in block.rows:
            values = (_value(figures, f"t2.{row.id}.{column.id}", span) for column, span in zip(block.columns, spans, strict=True))
            rows.append((Box(row.label), *values))
    return Sheet("t2", 4, 0, tuple(rows))


def _requests(figures: Figures) -> Sheet:
    table = figures.form.table("t3")
    inner = [Box(column.label, kind="head") for column in table.blocks[0].columns[1:-1]]
    rows: list[tuple[Box, ...]] = [
        (Box(table.crossfoot or "", 3, 3, "head"), Box("申请人情况", 7, 1, "head")),
        (Box("自然人", 1, 2, "head"), Box("法人或其他组织", 5, 1, "head"), Box("总计", 1, 2, "head")),
        tuple(inner),
    ]
    printed = [row for row in _printed_rows(table, figures)]
    seen: set[str] = set()
    for row in printed:
        boxes: list[Box] = []
        for group in row.group:
            if group not in seen:
                boxes.append(Box(group, 1, sum(group in other.group for other in printed), "group"))
                seen.add(group)
        boxes.append(Box(row.label, 3 - len(row.group)))
        rows.append((*boxes, *(_value(figures, f"t3.{row.id}.{column}") for column in (*COLUMNS, "total"))))
    return Sheet("t3", 10, 3, tuple(rows))


def _printed_rows(table: Table, figures: Figures) -> Iterator[Row]:
    for row in table.rows:
        if row.id == "handled_total" and figures.merged:
            yield from table.blocks[0].merged_rows
        if f"t3.{row.id}.total" in figures.printed:
            yield row


def _remedies(figures: Figures) -> Sheet:
    table = figures.form.table("t4")
    results = [column.label for column in table.blocks[0].columns]
    addresses = [f"t4.{row.id}.{column.id}" for block in table.blocks for row in block.rows for column in block.columns]
    return Sheet(
        "t4",
        15,
        3,
        (
            (Box("行政复议", 5, 1, "head"), Box("行政诉讼", 10, 1, "head")),
            (
                *(Box(label, 1, 2, "head") for label in results),
                Box("未经复议直接起诉", 5, 1, "head"),
                Box("复议后起诉", 5, 1, "head"),
            ),
            tuple(Box(label, kind="head") for label in results * 2),
            tuple(_value(figures, address) for address in addresses),
        ),
    )


def _statistics(figures: Figures) -> Sheet:
    table = figures.form.table("p")
    labels = {row.label for row in table.rows}
    rows: list[tuple[Box, ...]] = [tuple(Box(text, kind="head") for text in ("统计指标", "单位", "统计数"))]
    seen: set[str] = set()
    for row in table.rows:
        for group in row.group:
            if group not in seen and group not in labels:
                rows.append((Box(group, kind="group"), Box("——", kind="head"), Box("——", kind="head")))
            seen.add(group)
        rows.append((Box(row.label), Box(row.unit or "", kind="head"), _value(figures, f"p.{row.id}")))
    return Sheet("p", 3, 1, tuple(rows))


# --- words ---------------------------------------------------------------------------------------------------------


def _preface(organ: str, year: int) -> str:
    return (
        f"根据《中华人民共和国政府信息公开条例》（国务院令第711号）的规定，现公布{year}年政府信息公开工作年度报告。"
        f"本报告由六个部分组成，所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
        f"如对本报告有疑问，请与{organ}联系（地址：云川县清河路18号；邮编：334500；电话：0790-5550123；电子邮箱：gk@example.com）。"
    )


def _narrative(section: str, organ: str, figures: Figures, random: Random) -> list[str]:
    web, chat, board = (random.randint(0, 300) for _ in range(3))
    year = figures.year
    received = figures.printed.get("t3.received_new.total") or figures.printed.get("p.req_received") or "0"
    if section == "s1":
        return [
            f"{year}年，{organ}坚持以公开为常态、不公开为例外，推进决策、执行、管理、服务、结果公开。",
            f"（一）主动公开。全年主动公开政府信息{web + chat + board}条，其中政府网站{web}条、微信公众号{chat}条、公开栏{board}条。",
            f"（二）依申请公开。{year}年新收政府信息公开申请{received}件，均依法答复。",
            "（三）政府信息管理。落实“三审三校”制度，坚持先审查、后公开。",
            "（四）政府信息公开平台建设。更新栏目12个，运维政务新媒体2个。",
            "（五）监督保障。开展培训2次，参训35人次；未发生责任追究情形。",
        ]
    if section == "s5":
        return ["一是公开的深度不够，二是业务培训不足。", "下一步，将细化公开目录，每季度组织一次业务培训。"]
    if section == "s6":
        return [f"{year}年度未收取政府信息公开信息处理费。"]
    if figures.edition == "pre2019":
        return [f"{year}年按要求开展相关工作，情况见附表。"]
    return []


def _before(organ: str, year: int, random: Random) -> list[Words]:
    lines = [
        "首页 | 新闻中心 | 政务公开 | 政务服务 | 互动交流",
        f"您现在的位置：首页 > 政务公开 > 政府信息公开年报 > {year}",
        f"索 引 号：{random.randint(1000, 9999)}-{year + 1}-00{random.randint(10, 99)}",
        f"发布机构：{organ}",
        f"生成日期：{year + 1}-01-{random.randint(10, 28)}",
        "文  号：",
        f"浏览次数：{random.randint(1, 900)}",
        "分享到： 【字体：大 中 小】",
    ]
    return [Words(line, "furniture") for line in lines]


def _after(random: Random) -> list[Words]:
    lines = [
        "附件下载",
        "扫一扫在手机上查看当前页面",
        "【打印本页】 【关闭窗口】",
        "国务院部门网站",
        "地方政府网站",
        f"主办：云川县人民政府办公室 电话：0790-555{random.randint(1000, 9999)}",
        f"赣ICP备{random.randint(10000000, 99999999)}号-1 赣公网安备 3611{random.randint(10000000, 99999999)}号 网站标识码：3611230001",
    ]
    return [Words(line, "furniture") for line in lines]
