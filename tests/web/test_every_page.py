"""Every page of office, public site and account in a real browser, on a large screen and on a phone.

Axe finds nothing at all, whatever its weight; nothing is refused by the page's own rules and nothing reported as an error; no page is wider than
the screen; every control has a label that can be seen; and from the home pages every other page is found by links alone.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import axe_playwright_python
import pytest
from django.urls import Resolver404, resolve
from selectolax.lexbor import LexborHTMLParser

from gongkai.law.portal import tags
from tests.web import pages
from tests.web.furnished import account
from tests.web.pages import Page
from tests.web.test_browser import CHROMIUM, browser, served, sign_in

__all__ = ["browser"]  # the fixture of the other browser tests

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt install chromium"),
    pytest.mark.timeout(900),
]

WIDE, PHONE, NARROWEST = 1280, 390, 320
# Rules of axe that are left out, each with its reason.
LEFT_OUT: dict[str, str] = {}
AXE_SCRIPT = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# What the page itself is asked, at every width.
WIDTH = "document.documentElement.scrollWidth"
FACTS = """() => ({
  language: document.documentElement.lang,
  title: document.title,
  headings: document.querySelectorAll('h1').length,
  unlabelled: [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter((control) => !control.closest('.ProseMirror') && !control.labels.length && !control.getAttribute('aria-label'))
    .map((control) => control.outerHTML.slice(0, 100)),
  linked: [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href')),
})"""

# Stylesheets are the page's own and need not be fetched again; what comes back is one line for each rule that is broken.
AXE = """async (rules) => {
  const found = await axe.run({ resultTypes: ['violations'], preload: false, rules });
  return found.violations.map((row) => [row.id, row.nodes[0].html.slice(0, 120)]);
}"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, Any]]]:
    """The small demo with one of each thing that a page shows, and the numbers of these things."""
    data = tmp_path_factory.mktemp("furnished")
    with served(data) as address:
        yield address, _furnish(data)


def _furnish(data: Path) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"GONGKAI_DATA": str(data)}
    command = [sys.executable, "-m", "tests.web.furnished"]
    made = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert made.returncode == 0, made.stderr[-2000:]
    things: dict[str, Any] = json.loads(made.stdout)
    return things


class Walk:
    """Somebody goes from page to page, and what is wrong is noted."""

    def __init__(self, browser: Any, address: str) -> None:
        self.browser, self.address = browser, address
        self.tabs: dict[tuple[str, str], Any] = {}
        self.wrong: list[str] = []
        self.titles: dict[str, str] = {}
        self.links: dict[str, set[str]] = defaultdict(set)
        self.here = self.path = ""
        self.status = 200

    def visit(self, page: Page) -> None:
        """Look at one page at every width."""
        self.here, self.path, self.status = page.name, page.path, page.status
        tab = self._tab(page.organ, page.duty)
        tab.set_viewport_size({"width": WIDE, "height": 900})
        answer = tab.goto(self.address + page.path)
        self.note(answer.status != page.status, f"answers {answer.status}")
        self._facts(tab.evaluate(FACTS))
        tab.evaluate(AXE_SCRIPT)
        for width in (WIDE, PHONE, NARROWEST):
            tab.set_viewport_size({"width": width, "height": 900})
            wide = tab.evaluate(WIDTH)
            self.note(wide > width, f"{wide} wide on {width}")
            if width != NARROWEST:
                self._axe(tab, width)

    def note(self, is_wrong: bool, what: str) -> None:
        """Note what is wrong on the page that is looked at."""
        if is_wrong:
            self.wrong.append(f"{self.here}: {what}")

    def _facts(self, facts: dict[str, Any]) -> None:
        self.note(facts["language"] != "zh-Hans", f"language {facts['language']}")
        self.note(facts["headings"] != 1, f"{facts['headings']} first headings")
        self.note(bool(facts["unlabelled"]), f"no label: {facts['unlabelled']}")
        self.titles[self.here] = facts["title"]
        self.links[_name_of(self.path)] |= {name for name in map(_name_of, facts["linked"]) if name}

    def _axe(self, tab: Any, width: int) -> None:
        for rule, shown in tab.evaluate(AXE, {rule: {"enabled": False} for rule in LEFT_OUT}):
            self.note(True, f"{rule} on {width}: {shown}")

    def _tab(self, organ: str, duty: str) -> Any:
        who = (organ, duty)
        if who not in self.tabs:
            tab = sign_in(self.browser, self.address, account(*who)) if organ else self.browser.new_page(locale="zh-CN")
            # A browser calls an answer that says what it has to say an error of its own.
            tab.on("console", lambda said: self.note(said.type == "error" and f"a status of {self.status} " not in said.text, said.text))
            tab.on("pageerror", lambda error: self.note(True, str(error)))
            self.tabs[who] = tab
        return self.tabs[who]


def _name_of(href: str) -> str:
    """The name of the address that a link leads to; nothing for other places."""
    path = urlsplit(href).path
    try:
        return resolve(path).view_name if path.startswith("/") else ""
    except Resolver404:
        return ""


@pytest.fixture(scope="module")
def walk(browser: Any, platform: tuple[str, dict[str, Any]]) -> Walk:
    """Every page, looked at."""
    address, things = platform
    walk = Walk(browser, address)
    for page in [*pages.office(things), *pages.public(things), *pages.account()]:
        walk.visit(page)
    return walk


def test_nothing_is_wrong_on_any_page(walk: Walk) -> None:
    assert walk.wrong == []


def test_every_title_says_which_page_it_is(walk: Walk) -> None:
    # The same page in another state or seen by somebody else has a name with a comma or a blank in it.
    titles = {name: title for name, title in walk.titles.items() if not re.search(r"[, ]", name)}
    assert [title for title, number in Counter(titles.values()).items() if number > 1] == []


# Pages that a button or the platform itself leads to.
BY_BUTTON = {
    "account_login",  # the office asks for it
    "account_logout",  # the head of every page has the button
    "account_reauthenticate",  # asked for in between
    "mfa_index",  # linked once a telephone is bound
    "portal:error",  # found by number and code
    "portal:opinion",  # as above
    "portal:suggestion",  # as above
}


def test_every_page_is_found_by_links(walk: Walk) -> None:
    """Links alone lead there, so that nobody needs a script or an address by heart."""
    found, waiting = set(), ["office:home", "portal:home"]
    while waiting:
        new = walk.links[waiting.pop()] - found
        found |= new
        waiting += new
    assert set(walk.links) - found - BY_BUTTON == set()


def _fetched(address: str) -> tuple[str, bytes]:
    """Type and bytes of what stands there; one that says it is being made, as a data file is after a withdrawal, is asked for again."""
    until = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return answer.headers["Content-Type"], answer.read()
        except urllib.error.HTTPError as error:
            is_coming = error.code == HTTPStatus.SERVICE_UNAVAILABLE and error.headers["Retry-After"] and time.monotonic() < until
            if not is_coming:
                raise AssertionError(f"{address} answers {error.code}: {error.read()[:300].decode(errors='replace')}") from error
            time.sleep(1)


def test_every_public_address_of_the_demo_answers_and_says_what_it_is(platform: tuple[str, dict[str, Any]]) -> None:
    """From the home page along every link: it answers, has the site's tags, and an article's where it is one."""
    address, _ = platform
    met, waiting, wrong = {"/"}, ["/"], list[str]()
    while waiting:
        here = waiting.pop()
        kind, page = _fetched(address + here)
        if not kind.startswith("text/html"):
            continue
        found = LexborHTMLParser(page)
        said = {node.attributes.get("name") for node in found.css("meta[name]") if node.attributes.get("content")}
        level = {"site"} | ({"column", "page"} if here.startswith("/d/") and not here.endswith("/error/") else set())
        # The county of the demo has no code of a site: it is invented.
        wanted = {tag.name for tag in tags() if tag.required and tag.level in level} - {"SiteIDCode"}
        wrong += [f"{here}: no {name}" for name in sorted(wanted - said)]
        for link in found.css("a[href]"):
            path = urlsplit(urljoin(here, link.attributes["href"] or ""))
            target = path.path + (f"?{path.query}" if path.query else "")
            if not path.netloc and not path.path.startswith(("/office/", "/account/")) and target not in met:
                met.add(target)
                waiting.append(target)
    assert wrong == []
    assert len(met) > 150


def test_the_rows_of_the_navigation_begin_at_one_place(walk: Walk) -> None:
    tab = walk.tabs["qinghe", "office_head"]
    tab.set_viewport_size({"width": PHONE, "height": 900})
    tab.goto(f"{walk.address}/office/")
    boxes = [link.bounding_box() for link in tab.locator(".tabs-bar li:not(.apart) a").all()]
    first = {round(box["y"]): min(other["x"] for other in boxes if round(other["y"]) == round(box["y"])) for box in boxes}
    assert len(first) > 1
    assert len(set(first.values())) == 1
