"""Reports as web pages: clean, as Word saves them, as layout tables wrap them, as scripts carry them."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.shapes.layout import Box, Draft, Sheet, Words

Cell = Callable[[Box], str]


def _page(body: str, title: str, charset: str = "utf-8") -> str:
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="{charset}"><title>{html.escape(title)}</title>'
        f"<style>.x{{color:red}} td{{width:12px}}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def _title(draft: Draft) -> str:
    return next((part.text for part in draft.parts if isinstance(part, Words) and part.role == "title"), "政府信息公开")


def _words(part: Words) -> str:
    tag = {"title": "h1", "heading": "h2"}.get(part.role, "p")
    return f"<{tag}>{html.escape(part.text)}</{tag}>"


def _plain_cell(box: Box) -> str:
    return html.escape(box.text).replace("\n", "<br>")


def _spans(box: Box) -> str:
    return (f' rowspan="{box.rows}"' if box.rows > 1 else "") + (f' colspan="{box.cols}"' if box.cols > 1 else "")


def _table(sheet: Sheet, cell: Cell = _plain_cell, *, tag: str = "table", close: bool = True) -> str:
    end_cell, end_row = ("</td>", "</tr>") if close else ("", "")
    rows = (f"<tr>{''.join(f'<td{_spans(box)}>{cell(box)}{end_cell}' for box in row)}{end_row}" for row in sheet.rows)
    return f'<{tag} border="1">' + "\n".join(rows) + "</table>"


def _body(draft: Draft, table: Callable[[Sheet], str] = _table, words: Callable[[Words], str] = _words) -> str:
    return "\n".join(words(part) if isinstance(part, Words) else table(part) for part in draft.parts)


def html_spans(draft: Draft, _random: Random) -> str:
    """A clean page: one table a section with rowspan and colspan."""
    return _page(_body(draft), _title(draft))


def html_open(draft: Draft, _random: Random) -> str:
    """Old HTML: no closing td and tr, attributes without quotes, upper case."""
    body = _body(draft, lambda sheet: _table(sheet, close=False).replace('"', "").replace("<td", "<TD").replace("<tr", "<TR"))
    return _page(body, _title(draft))


def html_nested(draft: Draft, random: Random) -> str:
    """Layout tables around everything, and a layout table inside some cells."""

    def cell(box: Box) -> str:
        inner = _plain_cell(box)
        if random.random() < 0.15:
            return f'<table width="100%"><tr><td align="center">{inner}</td></tr></table>'
        return f"<div><p>{inner}</p></div>" if random.random() < 0.3 else inner

    body = _body(draft, lambda sheet: _table(sheet, cell))
    side = "<table><tr><td>栏目导航</td></tr><tr><td>公开指南</td></tr><tr><td>公开年报</td></tr></table>"
    return _page(
        f'<table width="1000"><tr><td width="200">{side}</td><td><table><tr><td>{body}</td></tr></table></td></tr></table>', _title(draft)
    )


def html_word(draft: Draft, random: Random) -> str:
    """As Word saves a page: words and digits cut between tags, empty o:p marks, non-breaking blanks, conditional comments."""

    def mess(text: str) -> str:
        pieces = []
        for char in text:
            if char == "\n":
                pieces.append("<br clear=all style='mso-special-character:line-break'>")
            elif random.random() < 0.3:
                pieces.append(f"<span lang=EN-US style='font-size:9.0pt;mso-fareast-language:ZH-CN'>{html.escape(char)}</span>")
            elif random.random() < 0.15:
                pieces.append(f"<font\nface=宋体>{html.escape(char)}</font><o:p></o:p>")
            else:
                pieces.append(html.escape(char))
        return "".join(pieces)

    def cell(box: Box) -> str:
        inner = mess(box.text) if box.text else "&nbsp;"
        around = "&nbsp;" if random.random() < 0.2 else ""
        return f"\n  <p class=MsoNormal align=center style='text-align:center'>{around}{inner}<span lang=EN-US><o:p></o:p></span></p>\n  "

    def words(part: Words) -> str:
        return f"<p class=MsoNormal style='text-indent:32.0pt'><span style='font-family:仿宋'>{mess(part.text)}<o:p></o:p></span></p>"

    page = _page(_body(draft, lambda sheet: _table(sheet, cell), words), _title(draft))
    return page.replace("<body>", "<body lang=ZH-CN><!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->", 1)


def html_script(draft: Draft, random: Random) -> str:
    """The article sits in a string of a script; the page itself shows furniture only."""
    body = _body(draft)
    if random.random() < 0.5:
        text = json.dumps(body, ensure_ascii=random.random() < 0.5).replace("</", "<\\/")
        script = f'var article = {{"id": 8231, "content": {text}}};\ndocument.getElementById("zoom").innerHTML = article.content;'
    else:
        lines = body.replace("\\", "\\\\").replace("'", "\\'").replace("</", "<\\/").split("\n")
        script = "\n".join(f"document.write('{line}');" for line in lines)
    return _page(f'<div>首页 &gt; 政务公开</div><div id="zoom"></div>\n<script type="text/javascript">\n{script}\n</script>', _title(draft))


def html_blocks(draft: Draft, _random: Random) -> str:
    """No table at all: each cell is a block of its own, so empty cells vanish."""

    def table(sheet: Sheet) -> str:
        return "\n".join(f"<div>{_plain_cell(box)}</div>" for row in sheet.rows for box in row if box.text.strip())

    return _page(_body(draft, table), _title(draft))


def html_pages(draft: Draft, random: Random) -> str:
    """Tables broken by a page: two tables with a page number between, the head rows repeated, the merged labels cut in two."""

    def table(sheet: Sheet) -> str:
        if len(sheet.rows) < 8:
            return _table(sheet)
        first, second = split(sheet, random.randint(sheet.n_heads + 2, len(sheet.rows) - 2), repeat_heads=random.random() < 0.5)
        return f"{_table(first)}\n<p align=center>- {random.randint(2, 6)} -</p>\n{_table(second)}"

    return _page(_body(draft, table), _title(draft))


def split(sheet: Sheet, at: int, *, repeat_heads: bool) -> tuple[Sheet, Sheet]:
    """The sheet cut before row ``at``; merged cells that cross the cut stay above and go on below as empty cells."""
    upper, carried, y = [], [], 0
    for y, row in enumerate(sheet.rows[:at]):
        boxes = []
        for box in row:
            over = y + box.rows - at
            if over > 0:
                carried.append(Box("", box.cols, over, box.kind))
                box = replace(box, rows=at - y)
            boxes.append(box)
        upper.append(tuple(boxes))
    lower = list(sheet.rows[at:])
    lower[0] = (*carried, *lower[0])
    heads = sheet.rows[: sheet.n_heads] if repeat_heads else ()
    n_heads = sheet.n_heads if repeat_heads else 0
    return replace(sheet, rows=tuple(upper)), replace(sheet, rows=(*heads, *lower), n_heads=n_heads)


def html_loose(draft: Draft, random: Random) -> str:
    """rowspan and colspan partly lost: rows end ragged, the label columns shift."""

    def loosen(box: Box) -> Box:
        return replace(box, cols=1, rows=1) if box.kind in ("head", "group") and random.random() < 0.4 else box

    return _page(_body(draft.with_boxes(loosen)), _title(draft))


def html_hidden(draft: Draft, random: Random) -> str:
    """Tables that nobody sees: last year's in a comment, a template's in a hidden block."""
    old = draft.with_boxes(lambda box: replace(box, text=str(random.randint(0, 9))) if box.kind == "value" else box)
    hidden = "".join(_table(sheet) for sheet in old.sheets)
    return _page(f'<!-- {hidden} -->\n<div style="display:none">{hidden}</div>\n{_body(draft)}', _title(draft))


def html_preformatted(draft: Draft, random: Random) -> str:
    """A text dump inside one `pre`, as some sites show attachments."""
    from tests.shapes.textual import aligned

    return _page(f"<pre>{html.escape(aligned(draft, random))}</pre>", _title(draft))
