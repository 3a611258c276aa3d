"""What the engine counts, what it takes to mean the same, and what it proposes to whoever found little."""

from __future__ import annotations

import datetime
import itertools
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gongkai.web import search
from gongkai.web.search import Ask, Document
from gongkai.web.search.sounds import alike
from gongkai.web.search.synonyms import groups, parts
from gongkai.web.search.words import quoted, tokens, words

FACETS = ("agency", "kind", "column", "year", "validity")
ORGANS = ("yunchuan/", "yunchuan/qinghe/", "yunchuan/baishu/")
TOPICS = ("防汛", "植树", "养老", "招标")


def some(n: int, chance: random.Random) -> list[Document]:
    """Documents whose every property is drawn; each names its topics in its text, and its title says nothing of them."""
    made = []
    for number in range(1, n + 1):
        topics = [topic for topic in TOPICS if chance.random() < 0.4]
        day = datetime.date(chance.randrange(2020, 2024), chance.randrange(1, 13), 5)
        made.append(
            Document(
                key=str(number), number=number, agencies=tuple(chance.sample(ORGANS, chance.choice((1, 1, 2)))), title=f"甲{number}",
                body="。".join(topics), index_number=f"x/{number:05d}", kind=chance.choice(("news", "notice", "policy")), formed_on=day,
                column=chance.choice(("a20_01", "a20_13")), published_on=day, is_public=chance.random() < 0.8,
                validity=chance.choice(("", "in_force", "lapsed", "repealed")),
            )
        )  # fmt: skip
    return made


@pytest.mark.parametrize("seed", range(4))
def test_what_is_counted_is_what_counting_by_hand_gives(tmp_path: Path, seed: int) -> None:
    """Each value of each facet, under every mixture of limits: the number of documents that fit all other limits and have it."""
    chance = random.Random(seed)
    library = some(150, chance)
    search.rebuild(library, folder=tmp_path)
    values = {"agency": lambda one: one.agencies, "kind": lambda one: [one.kind], "column": lambda one: [one.column],
              "year": lambda one: [str(one.published_on.year)], "validity": lambda one: [one.validity] if one.validity else []}  # fmt: skip
    for _ in range(25):
        topic = chance.choice(("", *TOPICS))
        chosen = {name: chance.choice(("", *{v for one in library for v in values[name](one)})) for name in FACETS}
        ask = Ask(
            words=topic, at=[chosen["agency"]] if chosen["agency"] else None, kind=chosen["kind"], column=chosen["column"],
            validity=chosen["validity"], year=int(chosen["year"]) if chosen["year"] else None,
        )  # fmt: skip

        def fits(one: Document, without: str = "", topic: str = topic, chosen: dict[str, str] = chosen) -> bool:
            limits = all(not value or name == without or value in values[name](one) for name, value in chosen.items())
            return one.is_public and topic in one.body and limits

        page = search.find(ask, folder=tmp_path, limit=200, facets=FACETS)
        assert sorted(hit.number for hit in page.hits) == [one.number for one in library if fits(one)]
        assert page.total == len(page.hits)
        for name in FACETS:
            assert dict(page.facets[name]) == Counter(value for one in library if fits(one, name) for value in values[name](one))


def test_the_newest_come_first_by_day_of_publication(tmp_path: Path) -> None:
    library = some(60, random.Random(7))
    search.rebuild(library, folder=tmp_path)
    hits = search.find(Ask(words="防汛", is_newest_first=True), folder=tmp_path, limit=100).hits
    wanted = sorted(
        (one for one in library if one.is_public and "防汛" in one.body), key=lambda one: (one.published_on, one.number), reverse=True
    )
    assert [hit.number for hit in hits] == [one.number for one in wanted]


# --- words that mean the same ------------------------------------------------------------------------------------


def test_every_word_stands_in_one_group_alone_and_can_be_asked_for() -> None:
    every = list(itertools.chain.from_iterable(groups()))
    assert len(every) == len(set(every)) > 50
    for group in groups():
        assert len(group) > 1
        for text in group:
            # By itself each is recognised as a whole, however it is cut.
            (part,) = parts(words(text))
            assert (part.typed, set(part.others)) == (text, set(group) - {text})


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """One document in long words, one in short ones, and one that only looks alike."""
    rows = (
        (1, "青禾镇最低生活保障对象公示", "名单见附件。"),
        (2, "青禾镇低保金发放情况", "已经发到卡里。"),
        (3, "关于集中考试的通知", "考试时间另行通知。"),
        (4, "防汛预案", "各村组织巡堤。"),
        (5, "养老保险缴费提示", "请按时缴费。"),
    )
    made = [
        Document(key=str(key), number=key, agencies=ORGANS[1:2], title=title, body=body, index_number=f"x/{key}", kind="notice", column="a20_13",
                 formed_on=datetime.date(2026, 3, 2), published_on=datetime.date(2026, 3, 2), is_public=True)
        for key, title, body in rows
    ]  # fmt: skip
    made.append(Document(key="9", number=9, agencies=ORGANS[1:2], title="机密矿泉整治草案", body="未公开。", index_number="x/9", kind="notice",
                         column="a20_13", formed_on=datetime.date(2026, 3, 2)))  # fmt: skip
    search.rebuild(made, folder=tmp_path)
    return tmp_path


def numbers(folder: Path, typed: str, **limits: Any) -> list[int]:
    return sorted(hit.number for hit in search.find(Ask(words=typed, **limits), folder=folder).hits)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("低保", [1, 2]),
        ("最低生活保障", [1, 2]),
        ("低保 公示", [1]),
        ("最低生活保障 发放", [2]),
        # Traditional characters first become simplified ones.
        ("最低生活保障 發放", [2]),
        # Quotation marks ask for the words as they stand.
        ("“低保”", [2]),
        ("“最低生活保障”", [1]),
        # 集中考试 holds the two characters of 中考, but not the word.
        ("初中学业水平考试", []),
    ],
)
def test_what_means_the_same_is_found_too(library: Path, typed: str, found: list[int]) -> None:
    assert numbers(library, typed) == found


def test_the_word_itself_comes_before_what_means_the_same(library: Path) -> None:
    assert search.find(Ask(words="低保"), folder=library).hits[0].number == 2
    assert search.find(Ask(words="最低生活保障"), folder=library).hits[0].number == 1


def test_what_was_looked_for_too_is_told_and_marked(library: Path) -> None:
    page = search.find(Ask(words="低保 公示"), folder=library)
    assert [(part.typed, part.others) for part in page.parts] == [("低保", ("最低生活保障",)), ("公示", ())]
    assert {"低保", "最低生活保障", "公示"} <= set(page.terms)
    assert quoted("农村低保 公示", "低保") == "农村“低保” 公示"


# --- what may have been meant ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dibao", "低保"),
        ("di bao", "低保"),
        ("DiBao", "低保"),
        ("底保", "低保"),
        ("fangxunyux", None),
        ("fangxunyu'an", "防汛预案"),
        ("yanglaobaoxian", "养老保险"),
        ("yanlaobaoxian", "养老保险"),
        ("防训预桉", "防汛预案"),
        ("养老保现", "养老保险"),
        ("dibao公示", "低保公示"),
        ("zuidishenghuobaozhang", "最低生活保障"),
        ("完全不相干", None),
    ],
)
def test_sounds_and_wrong_characters_lead_to_the_word(library: Path, typed: str, meant: str | None) -> None:
    found = search.guesses(typed, folder=library)
    assert meant in found if meant else not found


def test_sounds_that_are_easily_confused_are_one() -> None:
    assert alike("zhengce") == alike("zengche") == alike("zhenche")
    assert alike("yang") == alike("yan") != alike("yun")


def test_nothing_is_proposed_out_of_what_is_not_public(library: Path) -> None:
    """矿泉 and 草案 stand in the title of a draft alone."""
    for typed in ("kuangquan", "caoan", "旷全", "狂泉", "草暗", "机蜜"):
        assert search.guesses(typed, folder=library) == []
    assert numbers(library, "矿泉", is_public=False) == [9]


def test_one_word_less() -> None:
    assert search.shorter("防汛 名单 公示") == ["名单 公示", "防汛 公示", "防汛 名单"]
    assert search.shorter("“防汛 预案” 名单") == ["名单", "“防汛 预案”"]
    assert search.shorter("防汛") == []
    assert tokens("养老保险缴费") == ["养老保险", "缴费"]


@pytest.mark.parametrize("typed", ["", " ", "a" * 1000, "安" * 1000, "\x00\x1f", "'" * 50, "a b c d e f g h i j k l m n", "“”", "＊？~^\\"])
def test_whatever_is_typed_something_comes_back(library: Path, typed: str) -> None:
    assert isinstance(search.guesses(typed, folder=library), list)
    assert isinstance(search.shorter(typed), list)
    assert search.find(Ask(words=typed), folder=library, facets=FACETS).total >= 0


# --- a rebuild by several processes ------------------------------------------------------------------------------

SIDE_BY_SIDE = """
import sys
from pathlib import Path
from gongkai.web import commands
commands.prepare(Path(sys.argv[1]))
commands.migrate(say=lambda _: None)
import datetime, os
from gongkai.web import search
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure import following
from gongkai.web.disclosure.indexed import crew
from gongkai.web.disclosure.models import Item
root = Agency.objects.create(code="yunchuan", kind="county", name="云川县人民政府", short_name="云川县")
person = Person.objects.create(username="x", password="!", full_name="x")
day = datetime.date(2026, 3, 2)
Item.objects.bulk_create(Item(agency=root, index_number=f"x/{n}", title=f"第{n}号植树安排", kind="notice", column="a20_13", attribute="proactive",
    formed_on=day, primary_channel="site", created_by=person) for n in range(57))
alone = following.reindex()
crew.os.sched_getaffinity, crew.FEW, crew.PART = lambda _: {0, 1, 2}, 1, 5
beside = following.reindex()
page = search.find(search.Ask(words="植树", is_public=False), folder=following.folder(), limit=100)
crew.begin = os.abort
broken = following.reindex()
print(alone, beside, broken, len({hit.number for hit in page.hits}), page.total)
"""


@pytest.mark.apart
@pytest.mark.timeout(300)
def test_several_processes_write_what_one_writes_also_when_they_are_ended(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SIDE_BY_SIDE, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (0, ["57"] * 5), done.stderr
