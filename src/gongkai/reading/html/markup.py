"""Make a page's source safe for the HTML parser, whose work the standard itself makes grow faster than the page.

Three shapes do that: elements nested deeply under many tags (the parser looks through all open elements), formatting
elements left open (it opens each again in every paragraph), and tags with thousands of attributes (it compares each
with all before). Pages of ordinary size skip all of this.
"""

from __future__ import annotations

import re
from itertools import accumulate

from gongkai.reading.grid import Unreadable

MAX_TAGS = 400_000
_MAX_WORK = 1_000_000_000
"""Tags × depth of nesting; about two seconds of parsing."""
_MAX_FORMATTING = 500_000
"""Tags × depth of formatting elements; about 60 MB of tree."""
_FEW_TAGS = 1_500
_MANY_TAGS = 30_000
_FEW_CHARACTERS = 60_000
_MANY_SEPARATORS = 20_000

# Elements that stay open without nesting: those that end themselves, and those that the next of their kind ends.
_NESTING = re.compile(
    r"<(/?)(?!(?:area|base|br|col|dd|dt|hr|img|input|li|link|meta|option|p|param|tbody|td|tfoot|th|thead|tr|wbr)[\s/>])[a-z]", re.IGNORECASE
)
_FORMATTING = re.compile(
    r"<(/?)(?:[abisuABISU]|[bB][iI][gG]|[cC][oO][dD][eE]|[eE][mM]|[fF][oO][nN][tT]|[nN][oO][bB][rR]"
    r"|[sS][mM][aA][lL]{2}|[sS][tT][rR][iI][kK][eE]|[sS][tT][rR][oO][nN][gG]|[tT]{2})(?=[\s>/])"
)
_COMMENT = re.compile(r"<!--(?:[^-]++|-(?!->))*+(?:-->)?+")
_SEPARATOR = re.compile(r"[\s/]+|[\"']")
_ATTRIBUTE = re.compile(r"([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]*+)))?+")
_ANY_TAG = re.compile(
    r"<(/?[a-zA-Z][^\s/>]*+)((?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+)*+)>?+|<",
)
_KEPT = frozenset(("colspan", "rowspan", "style", "hidden", "name", "property", "content"))
_MAX_ATTRIBUTES = 200


def bounded_source(text: str) -> str:
    """``text`` itself, or a simpler page that shows the same; Unreadable when it is beyond bounds."""
    if len(text) > _FEW_CHARACTERS and len(_SEPARATOR.findall(text)) > _MANY_SEPARATORS:
        text = _ANY_TAG.sub(_plain_tag, _COMMENT.sub("", text))
    tags = text.count("<")
    if tags <= _FEW_TAGS:
        return text
    if tags > MAX_TAGS:
        raise Unreadable(f"网页的标签过多（{tags}个），超过{MAX_TAGS}个的上限，未读取。")
    if tags * _depth(_FORMATTING, text) > _MAX_FORMATTING:
        text = re.sub(_FORMATTING.pattern + "[^>]*>?", "", text)
    if tags > _MANY_TAGS and tags * _depth(_NESTING, text) > _MAX_WORK:
        raise Unreadable("网页的标签嵌套过深，未读取。")
    return text


def _depth(tag: re.Pattern[str], text: str) -> int:
    """The greatest number of these elements open at once, were every one of them closed by a closing tag."""
    return max(accumulate(-1 if closing else 1 for closing in tag.findall(text)), default=0)


def _plain_tag(found: re.Match[str]) -> str:
    """A tag with the few attributes that reading needs; every other ``<`` becomes text."""
    name, attributes = found.group(1), found.group(2)
    if name is None:
        return "&lt;" if found.string[found.end() : found.end() + 1] not in ("!", "?") else "<"
    kept = []
    for count, attribute in enumerate(_ATTRIBUTE.finditer(attributes)):
        key = attribute.group(1).lower()
        if count > _MAX_ATTRIBUTES:
            break
        if key in _KEPT:
            value = (attribute.group(2) or attribute.group(3) or attribute.group(4) or "").replace('"', "&quot;")
            kept.append(f' {key}="{value}"')
    return f"<{name}{''.join(dict.fromkeys(kept))}>"
