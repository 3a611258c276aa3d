"""Rich text as it comes from Word, WPS or an editor, reduced to what a page may show."""

from __future__ import annotations

import html as entities
import re

import nh3

_TAGS = {
    "p", "br", "h2", "h3", "h4", "strong", "em", "u", "sub", "sup", "ul", "ol", "li", "blockquote", "a",
    "table", "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan", "scope"}, "td": {"colspan", "rowspan"}}
_SAME = {"b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "div": "p"}
_RENAME = re.compile(r"<(/?)(b|i|h1|h5|h6|div)(?=[\s>/])", re.IGNORECASE)
_TAG = re.compile(r"<(?:/?[a-zA-Z][^>]{0,5000}|![^>]{0,5000})>")
_IMAGE = re.compile(r"<(?:img|picture|svg|canvas|video|object|embed)\b|<v:imagedata\b", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)

_WIDE = "\u3000"
_CHINESE = "\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…·"
_BLOCK = "p|h[2-4]|ul|ol|li|blockquote|table|caption|thead|tbody|tr|td|th"
# Word breaks its lines every 76 columns, also between two characters that stand together.
_WRAPPED = re.compile(rf"(?<=[{_CHINESE}])[ \t]*\r?\n[ \t\r\n]*(?=[{_CHINESE}<])|(?<=>)[ \t]*\r?\n[ \t\r\n]*(?=[{_CHINESE}])")
# What a source file has between two blocks, for people who read it.
_AFTER_BLOCK = re.compile(rf"(</?(?:{_BLOCK})(?: [^>]{{0,200}})?>)[ \t\r\n]+")
_BEFORE_BLOCK = re.compile(rf"(?<![ \t\r\n])[ \t\r\n]+(?=</?(?:{_BLOCK})[ >])")
# The first line set in by the paragraph's style, as Word does where others type blanks.
_SET_IN = re.compile(r"<p\b(?=[^>]{0,2000}text-indent:\s*0*\.?0*[1-9])[^>]{0,5000}>", re.IGNORECASE)
_LEADING = re.compile(r"(<(?:p|li|td|th|h[2-4])(?: [^>]{0,200})?>)(\s+)")
_TRAILING = re.compile(r"(?<!\s)\s+(?=</(?:p|li|td|th|h[2-4])>)")
_EMPTY = re.compile(r"<(p|h[2-4]|li|ul|ol|blockquote|strong|em|u|sub|sup|caption)>(?:\s|<br>)*</\1>")
_HARD_BLANK = re.compile(r"[ \u00a0]+")
_ONLY_PARAGRAPH = re.compile(r"(<(li|td|th)(?: [^>]{0,200})?>)<p>((?:(?!</?p>).)*)</p>(?=</\2>)", re.DOTALL)
_ONE_CELL = re.compile(r' (?:col|row)span="1"')
_SEAM = re.compile(r"</(strong|em|u)><\1>")
# Empty lists within empty lists, and so on: nobody writes more.
_DEEPEST = 12
# No document has so many lists and tables; one made to hang the server does, one within the other.
_NESTING = re.compile(r"</?(?:ul|ol|blockquote|table)\b[^>]{0,200}>", re.IGNORECASE)
_MOST_NESTING = 4000
LONGEST = 400_000


def clean(html: str) -> str:
    """Safe HTML: no scripts, styles, classes or foreign addresses; plain text becomes paragraphs, one a line.

    Word's and WPS's own markup (``<o:p>``, ``mso-`` styles, fonts, comments) falls away, headings, lists, links and tables
    with joined cells stay. A first line that is set in, by blanks or by style, begins with two full-width blanks.
    Cleaning what is clean changes nothing.
    """
    html = html[:LONGEST]
    if not _TAG.search(html):
        lines = (_leading(line) + entities.escape(line.strip(), quote=False) for line in html.splitlines())
        return "".join(f"<p>{line}</p>" for line in lines if line.strip())
    tidy = _tidy(_safe(html))
    return f"<p>{tidy}</p>" if tidy and "<" not in tidy else tidy


def has_image(html: str) -> bool:
    """Whether a picture stands in the text, which :func:`clean` would leave out."""
    return _IMAGE.search(_COMMENT.sub("", html[:LONGEST])) is not None


def _safe(html: str) -> str:
    """What a page may hold at all."""
    html = _COMMENT.sub("", html)
    if len(_NESTING.findall(html)) > _MOST_NESTING:
        html = _NESTING.sub("", html)
    html = _SET_IN.sub(f"<p>{_WIDE}{_WIDE}", html)
    html = _RENAME.sub(lambda match: f"<{match[1]}{_SAME[match[2].lower()]}", html)
    safe: str = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="noopener",
        clean_content_tags={"script", "style", "title", "xml"}, strip_comments=True,
    )  # fmt: skip
    return safe


def _tidy(html: str) -> str:
    """The same text without what the program that it came from left around it."""
    html = html.replace("&nbsp;", "\u00a0")
    for _ in range(_DEEPEST):
        before = html
        html = _BEFORE_BLOCK.sub("", _AFTER_BLOCK.sub(r"\1", _WRAPPED.sub("", html)))
        html = _EMPTY.sub("", _SEAM.sub("", _ONE_CELL.sub("", html)))
        html = _LEADING.sub(lambda match: match[1] + (_leading(match[2]) if match[1] == "<p>" else ""), _TRAILING.sub("", html))
        html = _ONLY_PARAGRAPH.sub(lambda match: match[1] + match[3].strip(), html)
        html = _HARD_BLANK.sub(lambda match: " " if "\u00a0" in match[0] else match[0], html).strip()
        if html == before:
            break
    return html


def _leading(text: str) -> str:
    """Two full-width blanks where a line is set in by blanks, however many and of whatever kind."""
    blanks = text[: len(text) - len(text.lstrip())]
    return _WIDE * 2 if _WIDE in blanks or len(blanks) > 1 else ""


def text_of(html: str) -> str:
    """The words alone, a paragraph or a table's row a line, cells apart by tabs."""
    html = re.sub(r"</p>\s*(?=</(?:td|th|li)>)", "", html)
    html = re.sub(r"</(?:td|th)>\s*(?=<t[dh])", "\t", html)
    broken = re.sub(r"</(?:p|h[1-6]|li|tr|caption)>|<br>", "\n", html)
    return entities.unescape(_TAG.sub("", broken)).strip()
