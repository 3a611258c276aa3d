"""Numbers in addresses and forms: what no row's key can be does not exist, and nothing that is sent brings the server down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.urls.exceptions import Resolver404

from gongkai.web.settings.numbers import number_in
from tests.web.conftest import County
from tests.web.test_walk import TABLE, client_of, things  # noqa: F401 - a fixture

SOURCE = Path(__file__).parents[2] / "src" / "gongkai" / "web"
# Beyond the databases' range, by one and by far; a sign; figures that only look like figures; a row that cannot be.
BEYOND = ("9223372036854775808", "99999999999999999999", "9" * 400)
ODD = (*BEYOND, "-1", "0", "²", "٣", "1\0", "1e3", "0x10", " 1")
# The one address where 0 has a meaning: all of one's own sessions.
ALL_MINE = "office/account/sessions/<number:number>/end/"
# Names that a view or a form reads: from addresses, from what is sent, and of form fields.
READ = re.compile(
    r"(?:GET|POST)\.(?:get|getlist)\(\"(\w+)\"|(?:GET|POST)\[\"(\w+)\"\]|asked\(request, \"(\w+)\"|^    (\w+) = (?:forms\.|_day)", re.M
)


def every_pattern(at: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the platform, as it is written, with the pattern itself."""
    for pattern in (at or get_resolver()).url_patterns:
        text = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_pattern(pattern, text)
        else:
            yield text, pattern


def numbered() -> list[str]:
    """The patterns of office and portal that hold a number."""
    return [text for text, _ in every_pattern() if "<number:" in text]


def names() -> list[str]:
    """Every name under which office and portal read something of a request."""
    sources = [path.read_text() for room in ("office", "portal") for path in (SOURCE / room).rglob("*.py")]
    return sorted({next(filter(None, found)) for text in sources for found in READ.findall(text)})


def test_every_number_in_an_address_is_bounded() -> None:
    assert len(numbered()) > 80
    assert [text for text, _ in every_pattern() if "<int:" in text] == []
    assert {"after", "item", "delivery", "organ", "appointee", "close", "row", "agency"} <= set(names())


@pytest.mark.parametrize("text", BEYOND)
def test_an_address_beyond_the_range_does_not_exist(text: str) -> None:
    for pattern in numbered():
        address = "/" + re.sub(r"<\w+:\w+>", "1", pattern.replace("<number:", f"{text}<x:", 1)).replace(f"{text}1", text)
        with pytest.raises(Resolver404):
            resolve(address)


@pytest.mark.parametrize("text", ["9223372036854775807", "0", "99999999999999999999", "-1"])
def test_a_row_that_cannot_be_is_not_found(county: County, text: str) -> None:
    """In the first place and in any other; as a person whom most addresses let in."""
    client = client_of(county.person("qinghe", "office_head"))
    for pattern in numbered():
        if text == "0" and pattern == ALL_MINE:
            continue
        for place in range(pattern.count("<number:")):
            parts = iter(text if at == place else "1" for at in range(9))
            address = re.sub(r"<number:\w+>", lambda _, parts=parts: next(parts), pattern)
            address = "/" + re.sub(r"<\w+:\w+>", "x", address)
            assert (address, client.get(address).status_code) in {(address, 404), (address, 405)}
            assert (address, client.post(address).status_code) in {(address, 404), (address, 405)}


def test_text_that_no_database_holds_is_told(county: County) -> None:
    item = county.draft()
    client = client_of(county.person("qinghe", "drafter"))
    answer = client.post(reverse("office:discard", args=[item.pk]), {"reason": "重\0复"})
    assert (answer.status_code, answer.content.decode()) == (400, "提交的内容里有看不见的控制字符，没有办理。请返回，删去后重新提交。")
    assert client.get(reverse("office:items"), {"words": "通\0知"}).status_code == 404
    assert Client().get("/errors/", {"number": "1\0", "code": "1"}).status_code == 404
    assert Client().get("/errors/1%00/").status_code == 404


@pytest.mark.parametrize("slug", ["99999999999999999999", "x" * 5000, "%E4%BA%91%2F1", "a%00b", "..%2F..%2Fetc%2Fpasswd", "%F0%9F%98%80"])
def test_the_public_page_of_what_is_no_index_number_is_not_found(county: County, slug: str) -> None:
    for rest in ("", "error/", "files/x/", "qr.svg", "document.pdf"):
        assert Client().get(f"/d/{slug}/{rest}").status_code == 404


def visitor(county: County, name: str) -> Client:
    """Somebody whom that address lets in."""
    _, _, own, above = TABLE[name]
    duty = next((duty for duty in ("office_head", "drafter", *sorted(own)) if duty in own), "")
    return client_of(county.person("qinghe", duty) if duty else county.person("yunchuan", min(above)))


@pytest.mark.parametrize("text", ["9223372036854775808", "9" * 400, "-1", "²", "1\0"])
def test_whatever_is_asked_or_sent_is_answered(county: County, things: dict[str, Any], text: str) -> None:  # noqa: F811
    """Every address with everything that it might read set to that text: refused or ignored, never an error of the server."""
    said = dict.fromkeys(names(), text)
    for name, (arguments, _, _, _) in TABLE.items():
        client, address = visitor(county, name), reverse(name, args=[things[argument] for argument in arguments])
        for method in ("get", "post"):
            answer = getattr(client, method)(address, said)
            if answer.streaming:
                b"".join(answer.streaming_content)
            assert (name, method, answer.status_code < 500) == (name, method, True)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("007", 7), ("9223372036854775807", 2**63 - 1), ("0", 0), ("", None), *((text, None) for text in ODD if text != "0")],
)
def test_what_is_a_number(text: str, number: int | None) -> None:
    assert number_in(text) == number
