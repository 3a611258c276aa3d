"""Pages say what the program does today: generated pages are fresh, links lead somewhere, commands named exist."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import ROOT, name
from tools import build_docs
from tools.pages import cli, example

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "changelog.d" / "README.md"]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"^\$ (?:\S*/)?gongkai (\S+)", re.MULTILINE)
TARGET = re.compile(r"(?:^\$ |`)make ([a-z-]+)", re.MULTILINE)
HIDDEN = re.compile(r"<!-- begin: .*?<!-- end: \w+ -->", re.DOTALL)


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def _anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as a renderer makes them: lower case, punctuation dropped, blanks to hyphens."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def _broken_links(page: Path) -> Iterator[str]:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        path, _, fragment = link.partition("#")
        if "://" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            yield link
        elif fragment and target.suffix == ".md" and fragment not in _anchors(target):
            yield link


def test_generated_pages_are_fresh() -> None:
    assert "\n".join(build_docs.outdated().values()) == "", "run `make docs`"


def test_a_stale_page_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_docs, "PAGES", {"docs/index.md": lambda: "# Another page\n"})
    monkeypatch.setattr(build_docs, "BLOCKS", {})
    assert list(build_docs.outdated()) == ["docs/index.md"]
    assert build_docs.main(["--check"]) == 1


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    assert list(_broken_links(page)) == []


def test_every_page_can_be_reached_from_the_index() -> None:
    seen = {ROOT / "docs" / "index.md"}
    waiting = list(seen)
    while waiting:
        page = waiting.pop()
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target not in seen and target.is_file():
                seen.add(target)
                waiting.append(target)
    assert [name(page) for page in sorted((ROOT / "docs").rglob("*.md")) if page not in seen] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_and_targets_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert {word for word in COMMAND.findall(text) if not word.startswith("-")} <= set(cli.commands())
    assert set(TARGET.findall(text)) <= _targets()


def test_every_command_and_every_argument_is_documented() -> None:
    """Both ways: nothing of the parser is left out of the page, and the page has no section of its own."""
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == list(cli.commands())
    for word, command in cli.commands().items():
        section = page.partition(f"\n## {word}\n")[2].partition("\n## ")[0]
        for action in command._actions:
            if not isinstance(action, argparse._HelpAction):
                assert all(f"`{option}" in section or f", {option}" in section for option in action.option_strings), (word, action)


@pytest.mark.parametrize("page", READMES, ids=name)
def test_readmes_name_every_command(page: Path) -> None:
    assert set(cli.commands()) <= set(COMMAND.findall(page.read_text(encoding="utf-8")))


def test_the_two_readmes_have_the_same_parts() -> None:
    first, second = (HIDDEN.sub("", page.read_text(encoding="utf-8")) for page in READMES)
    assert [len(re.findall(r"^## ", text, re.MULTILINE)) for text in (first, second)] == [first.count("\n## ")] * 2
    assert set(TARGET.findall(second)) <= set(TARGET.findall(first)) | {"setup"}


def test_the_examples_are_there_and_one_is_faulty() -> None:
    assert len(example.example_files()) >= 2
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "错误" in shown.partition("<!-- begin: example -->")[2].partition("<!-- end: example -->")[0]
