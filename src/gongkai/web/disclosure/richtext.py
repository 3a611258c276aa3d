"""Rich text as it comes from Word or an editor, reduced to what a page may show."""

from __future__ import annotations

import re

import nh3

_TAGS = {
    "p", "br", "h2", "h3", "h4", "strong", "em", "u", "sub", "sup", "ul", "ol", "li", "blockquote", "a",
    "table", "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan", "scope"}, "td": {"colspan", "rowspan"}}
_SAME = {"b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "div": "p"}
_RENAME = re.compile(r"<(/?)(b|i|h1|h5|h6|div)(?=[\s>/])", re.IGNORECASE)
# Paragraphs that hold nothing, as Word leaves them between others.
_EMPTY = re.compile(r"<p>(?:\s|&nbsp;|<br>)*</p>")
_TAG = re.compile(r"<[^>]{0,500}>")
LONGEST = 400_000


def clean(html: str) -> str:
    """Safe HTML: no scripts, styles, classes or foreign addresses; plain text becomes paragraphs.

    Word's own markup (``<o:p>``, ``mso-`` styles, comments) falls away, its headings and tables stay.
    """
    html = html[:LONGEST]
    if not _TAG.search(html):
        lines = (nh3.clean_text(line.strip()) for line in html.splitlines())
        return "".join(f"<p>{line}</p>" for line in lines if line)
    renamed = _RENAME.sub(lambda match: f"<{match[1]}{_SAME[match[2].lower()]}", html)
    safe = nh3.clean(
        renamed, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="noopener",
        clean_content_tags={"script", "style", "title", "xml"}, strip_comments=True,
    )  # fmt: skip
    return _EMPTY.sub("", safe).strip()


def text_of(html: str) -> str:
    """The words alone, a paragraph or a table's row a line, cells apart by tabs."""
    import html as entities

    html = re.sub(r"</(?:td|th)>\s*(?=<t[dh])", "\t", html)
    broken = re.sub(r"</(?:p|h[1-6]|li|tr|caption)>|<br>", "\n", html)
    return entities.unescape(_TAG.sub("", broken)).strip()
