"""How a reader wants the pages to look: large type for older readers (长者模式), strong contrast. Kept in a cookie, without an account."""

from __future__ import annotations

from django.http import HttpRequest

COOKIE = "gongkai_look"
# The looks that can be switched on and off, each on its own.
LOOKS = {"elder": "长者模式", "contrast": "高对比度"}


def look_of(request: HttpRequest) -> tuple[str, ...]:
    """The looks that are on, in the order of :data:`LOOKS`; what nobody knows is left out."""
    wanted = request.COOKIES.get(COOKIE, "").split(".")
    return tuple(name for name in LOOKS if name in wanted)


def switched(look: tuple[str, ...], name: str) -> str:
    """The cookie after ``name`` was switched; the same when nobody knows it."""
    on = set(look) ^ ({name} & LOOKS.keys())
    return ".".join(one for one in LOOKS if one in on)
