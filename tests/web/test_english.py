"""The English catalogue says everything that screens say, and what is compiled is what is written."""

from __future__ import annotations

import ast
import gettext
import importlib
import io
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django import forms
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils.translation.template import templatize
from selectolax.lexbor import LexborHTMLParser

import gongkai.web
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.queries import STATES
from tests.house.source import PACKAGE, name, python_files, tree
from tests.web import pages
from tests.web.conftest import County
from tests.web.test_walk import client_of
from tools import build_catalog
from tools.build_catalog import Entry

WEB = PACKAGE / "web"
ASKS = {"gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "_"}
# Words that screens show, by table: the parts of it that are no words are left out.
TABLES = {
    "office/words.yaml": ("marks",),
    "agencies/permissions.yaml": ("actions",),
    "review/stages.yaml": (),
    "disclosure/choices.yaml": ("sources",),
    "disclosure/registers/registers.yaml": ("cells",),
    "disclosure/soliciting/soliciting.yaml": ("most", "longest"),
}
# Keys whose values are ids.
IDS = {"action", "kind", "power", "shape", "name", "only_in", "aliases", "lane"}
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_ASKED = re.compile(r"\b(?:gettext|_)\((?:u)?((?:'(?:[^'\\]|\\.)*')|(?:\"(?:[^\"\\]|\\.)*\"))")
_COUNTED = re.compile(r"\bngettext\(((?:'(?:[^'\\]|\\.)*')|(?:\"(?:[^\"\\]|\\.)*\")),\s*((?:'(?:[^'\\]|\\.)*')|(?:\"(?:[^\"\\]|\\.)*\"))")


def in_templates() -> Iterator[tuple[str, str]]:
    """Every message of a template, with where it stands."""
    for path in sorted(path for path in (WEB / "templates").rglob("*") if path.suffix in (".html", ".txt")):
        python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for found in (*_ASKED.findall(python), *(source for pair in _COUNTED.findall(python) for source in pair)):
            yield ast.literal_eval(found), name(path)


def in_code() -> Iterator[tuple[str, str]]:
    """Every message that Python asks for by itself."""
    for path in python_files("src/gongkai/web"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in ASKS:
                yield from (
                    (part.value, name(path)) for part in node.args[:2] if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )


def in_tables() -> Iterator[tuple[str, str]]:
    """Every word of the tables."""
    for file, left_out in TABLES.items():
        table = yaml.safe_load((WEB / file).read_text(encoding="utf-8"))
        for key, part in table.items():
            if key not in left_out:
                yield from ((text, file) for text in _leaves(part))
    yield from ((text, "disclosure/queries.py") for text in STATES.values())


def _leaves(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for each in part:
            yield from _leaves(each)
    elif isinstance(part, dict):
        for key, each in part.items():
            if key not in IDS:
                yield from _leaves(each)


def in_fields() -> Iterator[tuple[str, str]]:
    """Every label and help of a form of ours, and every choice that a model shows."""
    for module in pkgutil.walk_packages(gongkai.web.__path__, "gongkai.web."):
        if not re.search(r"\.(migrations|demo|wsgi|commands)\b", module.name):
            importlib.import_module(module.name)
    for form in _forms(forms.BaseForm):
        texts = [text for one in form.base_fields.values() for text in (one.label, one.help_text)]
        yield from ((text, f"{form.__module__}.{form.__name__}") for text in texts if isinstance(text, str))
    for model in apps.get_models():
        if model.__module__.startswith("gongkai.web."):
            pairs = [pair for column in model._meta.get_fields() for pair in getattr(column, "choices", None) or ()]
            yield from ((str(text), model._meta.label) for _, text in pairs)


def _forms(kind: Any) -> Iterator[Any]:
    for each in kind.__subclasses__():
        if each.__module__.startswith("gongkai.web.") and hasattr(each, "base_fields"):
            yield each
        yield from _forms(each)


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Entry]:
    entries = build_catalog.read((build_catalog.FOLDER / "django.po").read_text(encoding="utf-8"))
    return {entry.source: entry for entry in entries}


@pytest.mark.parametrize("part", [in_templates, in_code, in_tables, in_fields])
def test_everything_that_screens_say_has_its_english(part: Any, catalogue: dict[str, Entry]) -> None:
    missing: dict[str, set[str]] = defaultdict(set)
    known = {text for entry in catalogue.values() if entry.is_told for text in (entry.source, entry.plural)}
    for text, place in part():
        if _CHINESE.search(text) and text not in known:
            missing[text].add(place)
    assert {text: sorted(places) for text, places in sorted(missing.items())} == {}


def test_a_message_that_is_counted_has_both_forms(catalogue: dict[str, Entry]) -> None:
    for path in sorted((WEB / "templates").rglob("*.html")):
        python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for one, _ in _COUNTED.findall(python):
            entry = catalogue.get(ast.literal_eval(one))
            assert entry is None or len(entry.texts) == 2, (name(path), one)


def test_blanks_to_fill_in_are_the_same_in_both_languages(catalogue: dict[str, Entry]) -> None:
    blank = re.compile(r"%\(\w+\)[sd]")
    wrong = [
        entry.source
        for entry in catalogue.values()
        for text in entry.texts
        if entry.source and not set(blank.findall(text)) <= set(blank.findall(entry.source + entry.plural))
    ]
    assert wrong == []


def test_what_is_compiled_is_what_is_written(catalogue: dict[str, Entry]) -> None:
    def messages(data: bytes) -> dict[Any, str]:
        return dict(gettext.GNUTranslations(io.BytesIO(data))._catalog)  # type: ignore[attr-defined]

    assert messages((build_catalog.FOLDER / "django.mo").read_bytes()) == messages(build_catalog.compiled(catalogue.values()))


class TestTool:
    def test_a_catalogue_comes_back_as_it_was(self) -> None:
        text = (build_catalog.FOLDER / "django.po").read_text(encoding="utf-8")
        assert build_catalog.write(build_catalog.read(text)) == text

    def test_pairs_are_taken_in_and_contradictions_told(self) -> None:
        known = build_catalog.read(
            'msgid "草稿"\nmsgstr "Draft"\n\nmsgid "还有 %(n)s 天"\nmsgid_plural "还有 %(n)s 天"\nmsgstr[0] "%(n)s day"\nmsgstr[1] "%(n)s days"\n'
        )
        more = build_catalog.read(
            '# new\nmsgid "清单"\nmsgstr "List"\nmsgid "草稿"\nmsgstr "Sketch"\nmsgid "空"\nmsgstr ""\nmsgid ""\n"长\\n"\n"句"\nmsgstr "a\\nb \\"c\\""\n'
        )
        assert list(build_catalog.merge(known, more)) == ["草稿: kept 'Draft', not 'Sketch'"]
        assert [(entry.source, entry.texts) for entry in known] == [
            ("草稿", ["Draft"]), ("还有 %(n)s 天", ["%(n)s day", "%(n)s days"]), ("清单", ["List"]), ("长\n句", ['a\nb "c"']),
        ]  # fmt: skip
        assert build_catalog.read(build_catalog.write(known)) == known
        head = Entry(texts=["Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"])
        told = gettext.GNUTranslations(io.BytesIO(build_catalog.compiled([head, *known])))
        assert told.gettext("清单") == "List"
        assert told.ngettext("还有 %(n)s 天", "还有 %(n)s 天", 1) == "%(n)s day"

    def test_what_is_no_catalogue_is_told_with_its_line(self) -> None:
        for text in ('msgid "x"\nmsgstr "y\n', 'msgid "x"\nnonsense "y"\n', '"x"\n'):
            with pytest.raises(build_catalog.Malformed, match=r"line [12]: "):
                build_catalog.read(text)

    def test_a_file_is_merged_and_compiled(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(build_catalog, "FOLDER", tmp_path)
        (tmp_path / "django.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n', encoding="utf-8")
        (tmp_path / "django.mo").write_bytes(b"")
        (tmp_path / "pairs.po").write_text('msgid "清单"\nmsgstr "List"\n', encoding="utf-8")
        assert build_catalog.main(["--check"]) == 1
        assert build_catalog.main([str(tmp_path / "pairs.po")]) == 0
        assert build_catalog.main(["--check"]) == 0
        with (tmp_path / "django.mo").open("rb") as file:
            assert gettext.GNUTranslations(file).gettext("清单") == "List"


# Words that stand in an English page as examples of what to type or to look for.
QUOTED = ("{代字}", "*号楼*单元", "“无”")


class TestPages:
    """Every page in English, as the person who may see it."""

    def test_what_is_chinese_is_marked_as_chinese(self, county: County) -> None:
        things = pages.furnished(county)
        drafter = county.person("qinghe", "drafter")
        drafter.set_password("shu-mu-2026-chun")
        drafter.save()
        left: dict[str, set[str]] = defaultdict(set)
        for page in [*pages.office(things), *pages.public(things), *pages.account()]:
            for text in _in_chinese(self._page(county, page), [*QUOTED, *self._names()]):
                left[text].add(page.name)
        assert {text: sorted(names) for text, names in left.items()} == {}

    def _page(self, county: County, page: pages.Page) -> str:
        is_guarded = page.organ and page in pages.account()
        client = client_of(county.person(page.organ, page.duty)) if page.organ and not is_guarded else Client()
        client.cookies["django_language"] = "en"
        if is_guarded:
            # What protects the account is shown to whoever has just given his password.
            client.post(reverse("account_login"), {"login": county.person(page.organ, page.duty).username, "password": "shu-mu-2026-chun"})
        answer = client.get(page.path)
        assert (page.name, answer.status_code) == (page.name, page.status)
        return str(answer.content.decode())

    def _names(self) -> list[str]:
        """The longest first, so that a short name inside a long one leaves no rest."""
        names = {name for organ in Agency.objects.all() for name in (organ.name, organ.short_name)}
        return sorted(names, key=len, reverse=True)


def _in_chinese(html: str, known: list[str]) -> Iterator[str]:
    """The texts of a page outside its Chinese parts that are Chinese all the same."""
    document = LexborHTMLParser(html)
    # A page's head holds what things are called, for programs; no part of a title can say its language.
    for part in document.css('head, script, style, textarea, [lang="zh-Hans"]'):
        part.decompose()
    for node in document.root.traverse(include_text=True) if document.root else ():
        told = [node.text(deep=False)] if node.tag == "-text" else [node.attributes.get(name) or "" for name in SPOKEN]
        for text in told:
            rest = text
            for words in known:
                rest = rest.replace(words, "")
            if _CHINESE.search(rest):
                yield text.strip()


# Attributes that are read aloud or shown.
SPOKEN = ("alt", "aria-label", "data-label", "placeholder", "title")


# A form for the archive, which is Chinese in every language, and the name of the other language.
CHINESE_TEMPLATES = {"src/gongkai/web/templates/office/channels/transfer.html", "src/gongkai/web/templates/parts/language.html"}
# What surrounds data, like the marks of a title, is part of it.
_SAID = re.compile(r"[\u3400-\u9fff，。：；（）、！？]")
_MESSAGE = re.compile(r"{% blocktrans.*?{% endblocktrans %}|{%.*?%}|{{.*?}}", re.DOTALL)


def test_a_template_says_nothing_outside_its_messages() -> None:
    said = {name(path) for path in (WEB / "templates").rglob("*.html") if _SAID.search(_MESSAGE.sub("", path.read_text(encoding="utf-8")))}
    assert said == CHINESE_TEMPLATES
