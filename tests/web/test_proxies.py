"""From where a call comes: by default as the connection says it, behind proxies as the last of one's own wrote it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from gongkai.web.agencies.accounts.models import SignInRecord
from gongkai.web.settings.proxies import caller, trusted_proxies
from tests.web.conftest import County, public_address

PROXY = "10.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "n_proxies", "found"),
    [
        # Nobody is trusted: the header may say what it likes.
        ("198.51.100.9", 0, PROXY),
        ("", 0, PROXY),
        # One proxy: its word is the last, and what the caller wrote before it counts for nothing.
        ("198.51.100.9", 1, "198.51.100.9"),
        ("203.0.113.5, 198.51.100.9", 1, "198.51.100.9"),
        # Two: the outer one's word is the last but one.
        ("203.0.113.5, 198.51.100.9, 10.0.0.2", 2, "198.51.100.9"),
        # The list is shorter than the proxies are many: somebody came past one of them.
        ("198.51.100.9", 2, PROXY),
        ("", 1, PROXY),
        # Spelled otherwise, the same caller.
        (" 198.51.100.9:51034 ", 1, "198.51.100.9"),
        ("[2001:DB8::1]:443", 1, "2001:db8::1"),
        ("2001:db8:0:0::1", 1, "2001:db8::1"),
        ("::ffff:198.51.100.9", 1, "198.51.100.9"),
        # No address at all.
        ("unknown", 1, PROXY),
        ("198.51.100.9, <script>", 1, PROXY),
        ("198.51.100.9,", 1, PROXY),
    ],
)
def test_who_called(forwarded: str, n_proxies: int, found: str) -> None:
    assert caller(PROXY, forwarded, n_proxies) == found


@pytest.mark.parametrize("text", ["", "-1", "two", "10", "1.5"])
def test_a_number_of_proxies_that_is_none_is_told(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="GONGKAI_TRUSTED_PROXIES 应当是0到9的整数"):
        trusted_proxies(text)


def _reports(county: County, *forwarded: str) -> list[int]:
    """Report an error as often, each time as the proxy passes it on; gives the answers."""
    address = public_address(county.published().item_id, "portal:report_error")
    said = {"quoted": "植树", "wrong": "日期不对。", "contact": ""}
    return [Client().post(address, said, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=one).status_code for one in forwarded]


def test_without_the_setting_the_header_helps_nobody_to_report_more(county: County) -> None:
    assert _reports(county, "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4") == [302, 302, 302, 429]


def test_behind_a_trusted_proxy_each_caller_counts_alone(county: County, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    one, other = "203.0.113.99, 192.0.2.1", "192.0.2.2"
    assert _reports(county, one, "198.51.100.7, 192.0.2.1", "192.0.2.1", "198.51.100.8, 192.0.2.1", other) == [302, 302, 302, 429, 302]


def test_wrong_passwords_lock_the_caller_and_not_everybody_behind_the_proxy(county: County, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    person = county.person("qinghe", "drafter")
    person.set_password("Qinghe-2026-zhi")
    person.save()

    def tried(password: str, forwarded: str) -> int:
        said = {"login": person.username, "password": password}
        return Client().post("/account/login/", said, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=forwarded).status_code

    for number in range(settings.LOCKOUT_ATTEMPTS):
        tried("wrong-password-1", f"203.0.113.{number}, 192.0.2.66")
    assert tried("Qinghe-2026-zhi", "192.0.2.66") == 429
    assert tried("Qinghe-2026-zhi", "192.0.2.67") == 302
    assert {row.address for row in SignInRecord.objects.all()} == {"192.0.2.66", "192.0.2.67"}
