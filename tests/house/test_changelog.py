"""Changelog fragments: one file a change, in a known section; a change of law says what it touches."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, name

SECTIONS = ("law", "added", "changed", "fixed", "removed", "security")
FRAGMENTS = sorted(path for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md")
HEADINGS = ["Law", "Added", "Changed", "Fixed", "Removed", "Security"]


@pytest.mark.parametrize("path", FRAGMENTS, ids=name)
def test_a_fragment_is_named_and_written_as_agreed(path: Path) -> None:
    match = re.fullmatch(r"[a-z0-9][a-z0-9-]*\.([a-z]+)\.md", path.name)
    assert match, "a fragment is named WHAT.SECTION.md"
    section = match.group(1)
    assert section in SECTIONS
    text = path.read_text(encoding="utf-8")
    assert text.startswith("- "), "a fragment is a list item, as it will stand in CHANGELOG.md"
    if section == "law":
        for line in ("Articles:", "Periods:", "Files:"):
            assert f"  {line} " in text, f"an entry under Law says '{line}'"
        for file in re.findall(r"`(src/[^`]+)`", text):
            assert list(ROOT.glob(file)), f"{file} does not exist"


def test_the_changelog_keeps_its_sections_in_order() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for release in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        headings = re.findall(r"^### (.+)$", release, re.MULTILINE)
        assert set(headings) <= set(HEADINGS)
        assert headings == sorted(headings, key=HEADINGS.index)
