"""Markup that a web page keeps in the strings of a script, as ``document.write`` calls, templates and JSON do."""

from __future__ import annotations

import re
from urllib.parse import unquote

# Strings and comments end with the line or the text at the latest, so that no input makes the search start over.
_ESCAPED = r"\\(?:\r\n|.|\n)?+"
_LITERAL = re.compile(
    rf'"(?:[^"\\\n]++|{_ESCAPED})*+"?+|\'(?:[^\'\\\n]++|{_ESCAPED})*+\'?+|`(?:[^`\\]++|{_ESCAPED})*+`?+|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+',
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|(\r\n|.|\n))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "", "v": "", "0": "", "\n": "", "\r\n": ""}
_MARKUP = re.compile(r"</?[a-zA-Z]")
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_ESCAPED_TABLE = re.compile(r"(?:&lt;|%3c)table", re.IGNORECASE)
UNKNOWN = "？"
"""Stands where the script puts a value together that its text does not show."""


def html_in_script(script: str) -> str:
    """The markup in the strings of ``script``, joined in order, or ``""`` when it writes no table.

    Strings joined by ``+`` are one piece; where a variable stands between them, :data:`UNKNOWN` takes its place, so
    that an unknown figure is never read as an empty cell. A script that is itself markup (a template) is cut out as it
    stands.
    """
    markup = _joined(script)
    if _ESCAPED_TABLE.search(markup) and not _TABLE.search(markup):
        markup = _unescaped(markup)
    if _TABLE.search(markup):
        return markup
    start, end = _TABLE.search(script), script.lower().rfind("</table>")
    return script[start.start() : end] + "</table>" if start and end > start.start() else ""


def _joined(script: str) -> str:
    """All string literals that hold markup, and those that ``+`` ties to them."""
    parts: list[str] = []
    end = 0
    for found in _LITERAL.finditer(script):
        literal = found.group()
        if literal.startswith("/"):
            continue
        text = _literal_text(literal[1:].removesuffix(literal[0]))
        between = script[end : found.start()].strip() if parts else ""
        tied = bool(parts) and between.startswith("+") and between.endswith("+")
        if tied and between.strip("+ \t\r\n"):
            parts.append(UNKNOWN)
        if tied or _MARKUP.search(text) or _ESCAPED_TABLE.search(text):
            parts.append(text)
            end = found.end()
    return "".join(parts)


def _literal_text(literal: str) -> str:
    """What a string literal of JavaScript or JSON stands for."""
    if "\\" not in literal:
        return literal
    return _ESCAPE.sub(_escape_text, literal)


def _escape_text(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2) or found.group(3)
    if code is None:
        return _SIMPLE.get(found.group(4), found.group(4))
    value = int(code, 16)
    return "\ufffd" if value > 0x10FFFF or 0xD800 <= value < 0xE000 else chr(value)


def _unescaped(text: str) -> str:
    """Markup that was written as entities or percent codes inside the string."""
    if "%3c" in text.lower():
        return unquote(text)
    import html

    return html.unescape(text)
