"""A web page → Grid.

The tree comes from lexbor; one iterative walk over it turns blocks into lines and tables into rows. What the reader of
the page does not see (scripts, hidden elements, struck text) goes to ``Grid.hidden``. When the visible page holds no
table with figures, tables are looked for where such pages bury them: in strings of scripts and in hidden elements.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from gongkai.reading.encoding import declared_charset, decode
from gongkai.reading.flow import DraftRow, Item, TableDraft, grid_rows
from gongkai.reading.grid import Grid, HiddenPart, Unreadable
from gongkai.reading.html.markup import bounded_source
from gongkai.reading.plain import plain
from gongkai.reading.values import VALUE

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_BYTES = 20_000_000
"""Pages beyond this size are refused; real ones stay under 2 MB."""
_SOFT_BREAK = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t\r]*\n\s*(?=[\u2e80-\u9fff\uff00-\uffef])")
_DIGITS_AT_END = re.compile(r"[0-9０-９]\s*\Z")

# What hides an element: text to look for in the page, the selector that finds it, and what its style must really say.
_HIDING = (
    ("hidden", "[hidden]", None, "hidden_element"),
    ("display", '[style*="display" i]', re.compile(r"display\s*:\s*none", re.IGNORECASE), "hidden_element"),
    ("visibility", '[style*="visibility" i]', re.compile(r"visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE), "hidden_element"),
    ("mso-hide", '[style*="mso-hide" i]', re.compile(r"mso-hide\s*:\s*all", re.IGNORECASE), "hidden_element"),
    ("line-through", '[style*="line-through" i]', re.compile(r"line-through", re.IGNORECASE), "struck_text"),
)


def read_html(data: bytes) -> Grid:
    """Read a web page of at most 20 MB; Unreadable when it is larger, empty, no text, or nested beyond reason."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"网页过大（{len(data) / 1_000_000:.0f}MB），超过{MAX_BYTES // 1_000_000}MB的上限，未读取。")
    if data[:13].lower() == b"mime-version:" or data[:5] == b"From:":
        data = _page_of_archive(data)
    text = decode(data, declared_charset(data))
    if not text.strip():
        raise Unreadable("文件是空的，没有任何内容。")
    if "<" not in text:
        text = f"<pre>\n{text}</pre>"
    page = _Page()
    page.read(bounded_source(text))
    if not any(_has_figure(item) for item in page.items):
        page.unearth()
    if not any(page.items):
        raise Unreadable("网页里没有任何可见的文字。")
    return Grid(grid_rows(page.items), page.title, page.meta, page.hidden, page.notes)


def _page_of_archive(data: bytes) -> bytes:
    """The page inside a saved web archive (``.mht``)."""
    import email.policy

    for part in email.message_from_bytes(data, policy=email.policy.compat32).walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            return page if isinstance(page, bytes) else b""
    raise Unreadable("网页存档（mht）里没有网页正文。")


def _has_figure(item: Item) -> bool:
    """Whether a row of data holds a cell with nothing but a figure."""
    return isinstance(item, DraftRow) and any(
        any(map(str.isdigit, text)) and VALUE.fullmatch(plain(text).strip()) for text, _, _ in item.cells
    )


class _Page:
    """One walk over the tree. ``items`` is the list now written to, ``pieces`` the text of the line now open."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.top = self.items
        self.pieces: list[str] = []
        self.tables: list[TableDraft] = []
        self.cells: list[tuple[list[Item], int, int]] = []
        self.raised = 0
        self.raised_from = 0
        self.hidden: list[HiddenPart] = []
        self.buried: list[tuple[int, str, bool]] = []
        self.meta: dict[str, str] = {}
        self.notes: list[str] = []
        self.title: str | None = None
        self.pre = 0
        self.composed: set[int] = set()

    def read(self, source: str) -> None:
        """Parse ``source`` and append what it shows to the current list."""
        from selectolax.lexbor import LexborHTMLParser

        tree = LexborHTMLParser(source)
        hiding = _hiding(tree, source)
        if (root := tree.root) is not None:
            self.composed = _composed(root, hiding)
            self._walk(root, hiding)
        self.flush()

    def _walk(self, node: LexborNode, hiding: dict[int, str]) -> None:
        """Every node once, in order, without recursion; entering an element may decline its children and its end."""
        stack: list[tuple[LexborNode, str]] = []
        enter_of, leave_of = _ENTER.get, _LEAVE.get
        while True:
            tag = node.tag or ""
            child = None
            if tag == "-text":
                self._text(node.text_content or "")
            elif hiding and node.mem_id in hiding:
                self.hide(hiding[node.mem_id], node)
            elif (enter := enter_of(tag)) is None or enter(self, node):
                child = node.first_child
                if child is not None:
                    stack.append((node, tag))
                    node = child
                    continue
                if (leave := leave_of(tag)) is not None:
                    leave(self)
            following = node.next
            while following is None:
                if not stack:
                    return
                node, tag = stack.pop()
                if (leave := leave_of(tag)) is not None:
                    leave(self)
                following = node.next
            node = following

    def _text(self, text: str) -> None:
        if self.pre and "\n" in text:
            *lines, text = text.split("\n")
            for line in lines:
                self.pieces.append(line)
                self.flush(blank=True)
        if self.pieces or not text.isspace() or "\xa0" in text:
            self.pieces.append(text)

    def flush(self, *, blank: bool = False) -> None:
        """End the line. A line of nothing counts in a cell when ``blank``, or when it holds a hard blank."""
        text = ""
        if self.pieces:
            raw = "".join(self.pieces)
            self.pieces.clear()
            text = _tidy(raw)
            blank = blank or (not text and "\xa0" in raw)
        if text or (blank and self.cells):
            self.items.append(text)

    def hide(self, kind: str, node: LexborNode) -> None:
        """Keep what the page does not show apart."""
        text = node.text_lexbor().strip()
        if not text:
            return
        self.hidden.append(HiddenPart(kind, text))
        if kind == "script" and "table" in text:
            self.buried.append((len(self.top), text, True))
        elif kind == "hidden_element" and node.css_first("table") is not None:
            self.buried.append((len(self.top), "".join(child.html or "" for child in node.iter(include_text=True)), False))

    def unearth(self) -> None:
        """Read the tables that scripts and hidden elements hold, each at its place."""
        from gongkai.reading.html.script import html_in_script

        found: list[tuple[int, list[Item]]] = []
        for position, source, is_script in self.buried:
            markup = html_in_script(source) if is_script else source
            inner = _Page()
            if markup:
                inner.read(bounded_source(markup))
            if any(isinstance(item, DraftRow) for item in inner.items):
                found.append((position, inner.items))
        for position, items in reversed(found):
            self.items[position:position] = items
        if found:
            self.notes.append("网页正文没有表格，表格取自网页的脚本或隐藏部分。")

    # Elements: each ``enter`` tells whether to go into the children. A block or cell that is not composed is one line,
    # whose text comes in one call: most of a page is such.

    def block(self, node: LexborNode) -> bool:
        if self.pieces:
            self.flush()
        if self.pre or node.mem_id in self.composed:
            return True
        raw = node.text_lexbor()
        if (text := _tidy(raw)) or (self.cells and "\xa0" in raw):
            self.items.append(text)
        return False

    def line_break(self, node: LexborNode) -> bool:
        self.flush(blank=True)
        return False

    def preformatted(self, node: LexborNode) -> bool:
        self.flush()
        self.pre += 1
        return True

    def end_preformatted(self) -> None:
        self.flush()
        self.pre -= 1

    def raise_text(self, node: LexborNode) -> bool:
        if not self.raised:
            self.raised_from = len(self.pieces)
        self.raised += 1
        return True

    def end_raised(self) -> None:
        """A note mark behind a figure (``12`` and a raised ``1``) must not become a digit of it."""
        self.raised -= 1
        start = self.raised_from
        if self.raised or not 0 < start < len(self.pieces):
            return
        text = "".join(self.pieces[start:]).strip()
        if text[:1].isdigit() and _DIGITS_AT_END.search(self.pieces[start - 1]):
            self.pieces[start:] = [f"[{text}]"]

    def table(self, node: LexborNode) -> bool:
        self.flush()
        self.tables.append(TableDraft())
        return True

    def end_table(self) -> None:
        self.flush()
        inner = self.tables.pop().finish()
        if len(inner) <= len(self.items):
            self.items.extend(inner)
            return
        inner[:0] = self.items  # the longer list is kept: deep nesting must not copy all it holds at every level
        if self.top is self.items:
            self.top = inner
        self.items = inner

    def row(self, node: LexborNode) -> bool:
        if self.tables:
            self.tables[-1].start_row()
        return True

    def end_group(self) -> None:
        if self.tables:
            self.tables[-1].end_group()

    def cell(self, node: LexborNode) -> bool:
        if not self.tables:
            return self.block(node)
        attributes = node.attributes
        colspan, rowspan = (_span(attributes.get("colspan")), _span(attributes.get("rowspan"))) if attributes else (1, 1)
        if not self.pre and node.mem_id not in self.composed:
            text = _tidy(node.text_lexbor())
            self.tables[-1].add_cell([text] if text else [], max(colspan, 1), rowspan)
            return False
        self.cells.append((self.items, max(colspan, 1), rowspan))
        self.items = []
        return True

    def end_cell(self) -> None:
        self.flush()
        if self.cells:
            items = self.items
            self.items, colspan, rowspan = self.cells.pop()
            self.tables[-1].add_cell(items, colspan, rowspan)

    def name(self, node: LexborNode) -> bool:
        if self.title is None:
            self.title = " ".join(node.text_lexbor().split()) or None
        return False

    def field(self, node: LexborNode) -> bool:
        attributes = node.attributes
        name, content = attributes.get("name") or attributes.get("property"), attributes.get("content")
        if name and content and content.strip():
            self.meta.setdefault(name.strip(), " ".join(content.split()))
        return False

    def nothing(self, node: LexborNode) -> bool:
        return False


def _tidy(raw: str) -> str:
    """One line: blanks collapsed, line breaks of the source inside Chinese text gone."""
    if "\n" in raw:
        raw = _SOFT_BREAK.sub("", raw)
    return " ".join(raw.split())


def _span(value: str | None) -> int:
    """A span attribute as HTML reads it: leading digits, else 1."""
    if value is None:
        return 1
    digits = re.match(r"\s*(\d{1,6})", value)
    return int(digits.group(1)) if digits else 1


def _hiding(tree: object, source: str) -> dict[int, str]:
    """Which elements are hidden or struck, by identity."""
    found: dict[int, str] = {}
    folded = source.lower() if any(word in source for word in ("DISPLAY", "VISIBILITY", "Display")) else source
    for word, selector, style, kind in _HIDING:
        if word not in folded:
            continue
        for node in tree.css(selector):  # type: ignore[attr-defined]
            if style is None or style.search(node.attributes.get("style") or ""):
                found[node.mem_id] = kind
    return found


def _composed(root: LexborNode, hiding: dict[int, str]) -> set[int]:
    """The elements that are not simply one line of text, by identity: those around anything but inline text."""
    composed: set[int] = set()
    for node in root.traverse():
        tag = node.tag
        if tag == "p":
            if _fills_its_cell(node):
                continue
        elif tag not in _COMPOSING and not (hiding and node.mem_id in hiding):
            continue
        parent = node.parent
        while parent is not None and parent.mem_id not in composed:
            composed.add(parent.mem_id)
            parent = parent.parent
    return composed


def _fills_its_cell(paragraph: LexborNode) -> bool:
    """Whether a paragraph is all that its cell holds."""
    parent = paragraph.parent
    if parent is None or parent.tag not in ("td", "th"):
        return False
    before, after = paragraph.prev, paragraph.next
    return (before is None or (before.is_empty_text_node and before.prev is None)) and (
        after is None or (after.is_empty_text_node and after.next is None)
    )


def _hides(kind: str) -> Callable[[_Page, LexborNode], bool]:
    def enter(page: _Page, node: LexborNode) -> bool:
        page.hide(kind, node)
        return False

    return enter


_BLOCKS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form frameset "
    "h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p section summary ul"
).split()
_ENTER: dict[str, Callable[[_Page, LexborNode], bool]] = {
    **dict.fromkeys(_BLOCKS, _Page.block),
    **dict.fromkeys(("pre", "textarea", "listing", "xmp", "plaintext"), _Page.preformatted),
    **dict.fromkeys(("sup", "sub"), _Page.raise_text),
    **dict.fromkeys(("td", "th"), _Page.cell),
    **dict.fromkeys(("script", "style", "noscript"), _hides("script")),
    **dict.fromkeys(("del", "s", "strike"), _hides("struck_text")),
    **dict.fromkeys(("rt", "rp", "svg", "template", "iframe", "object", "-comment", "!doctype"), _Page.nothing),
    "style": _hides("style"),
    "noscript": _hides("noscript"),
    "br": _Page.line_break,
    "table": _Page.table,
    "tr": _Page.row,
    "title": _Page.name,
    "meta": _Page.field,
}
_LEAVE: dict[str, Callable[[_Page], None]] = {
    **dict.fromkeys(_BLOCKS, _Page.flush),
    **dict.fromkeys(("pre", "textarea", "listing", "xmp", "plaintext"), _Page.end_preformatted),
    **dict.fromkeys(("sup", "sub"), _Page.end_raised),
    **dict.fromkeys(("td", "th"), _Page.end_cell),
    **dict.fromkeys(("thead", "tbody", "tfoot"), _Page.end_group),
    "table": _Page.end_table,
}
_COMPOSING = frozenset((*_ENTER, *_LEAVE)) - {"p", "td", "th", "tr", "thead", "tbody", "tfoot", "-comment", "!doctype"}
