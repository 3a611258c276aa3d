"""The picture of the flows, drawn once in the package's docstring."""

from __future__ import annotations

import inspect

import gongkai


def figure() -> str:
    """The figure of ``gongkai.__doc__`` as a Markdown block."""
    lines = inspect.cleandoc(gongkai.__doc__ or "").splitlines()
    start = next(number for number, line in enumerate(lines) if line.endswith("::")) + 1
    drawn = []
    for line in lines[start:]:
        if line and not line.startswith("    "):
            break
        drawn.append(line[4:])
    return "```\n" + "\n".join(drawn).strip("\n") + "\n```\n"
