"""The search engine and its follower: what is found, who finds it, and that a broken index is never asked."""

from __future__ import annotations

import datetime
import random
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongkai.web import search
from gongkai.web.disclosure import actions, finding, following, queries
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.search import Ask, Document, IndexLost
from gongkai.web.search.folder import is_wanted, prove, served, want
from gongkai.web.search.words import excerpt, folded, number, words
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County, content

# --- words -------------------------------------------------------------------------------------------------------


def test_words_are_cut_as_people_search_for_them() -> None:
    assert words("最低生活保障") == ["最低", "生活", "保障"]
    assert words("云川县人民政府") == [*words("云川县"), "人民", "民政", "政府", "人民政府"]
    assert words("Ａ股，PDF 2024年") == ["a", "股", "pdf", "2024", "年"]
    assert words("，。！") == []


@pytest.mark.parametrize(
    "written",
    [
        "〔2024〕3号",
        "[2024]3号",
        "［２０２４］３号",
        "【2024】3号",
        "（2024）3号",
        "(2024)第3号",
        "〔2024〕 003 号",
        "﹝2024﹞3号",
        "《2024》3号",
        "〔2024年〕3号",
    ],
)
def test_a_document_number_is_one_word_however_its_brackets_are_written(written: str) -> None:
    assert words(f"根据云府发{written}文件")[-2:] == ["〔2024〕3号", "文件"]
    assert number(f"云府发{written}") == "云府发〔2024〕3号"


def test_what_only_looks_like_a_document_number_is_none() -> None:
    for written in ("〔2024〕号", "（1824）3号", "2024年3号", "（2024）三号"):
        assert not any("〔" in word for word in words(written))


def test_traditional_characters_are_folded_in_place() -> None:
    assert folded("示範縣政府信息公開，ＡＢＣ１２３") == "示范县政府信息公开，abc123"
    text = "關於２０２４年補貼發放的公示"
    assert len(folded(text)) == len(text)
    assert words("資訊公開") == words("资讯公开")


def test_an_excerpt_marks_what_was_looked_for() -> None:
    text = "为了做好工作。" * 20 + "明山镇最低生活保障对象依（2024）第3号文件公示。" + "特此公告。" * 20
    pieces = excerpt(text, ["〔2024〕3号", "保障"], length=40)
    assert [piece for piece, is_marked in pieces if is_marked] == ["保障", "（2024）第3号"]
    assert "".join(piece for piece, _ in pieces).strip("…") in text
    assert excerpt("短文", ["没有"]) == [("短文", False)]


# --- the engine --------------------------------------------------------------------------------------------------

FIRST = datetime.date(2026, 3, 2)


def document(key: int, title: str, body: str = "", **changes: Any) -> Document:
    values: dict[str, Any] = {
        "key": str(key), "number": key, "agencies": ("yunchuan/qinghe/",), "title": title, "body": body, "kind": "notice",
        "index_number": f"qinghe/2026-{key:05d}", "column": "a20_13", "formed_on": FIRST, "published_on": FIRST, "is_public": True,
    }  # fmt: skip
    return Document(**{**values, **changes})


LIBRARY = (
    document(1, "青禾镇2024年最低生活保障对象公示", "现将低保金发放情况予以公示。", kind="news"),
    document(
        2, "云川县人民政府关于印发防汛预案的通知", "根据云府发〔2023〕7号文件。", document_number="云府发〔2024〕12号", agencies=("yunchuan/",)
    ),
    document(3, "雲川縣政府信息公開指南", "依照條例編制。", agencies=("yunchuan/baishu/",), published_on=datetime.date(2020, 1, 3)),
    document(4, "尚未公开的低保名单", "内部核对稿。", is_public=False, published_on=None),
    document(5, "两个机关联合发布的公告", "联合执法。", agencies=("yunchuan/qinghe/", "yunchuan/baishu/")),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of the five documents above."""
    place = tmp_path / "index"
    search.rebuild(LIBRARY, folder=place, position={"yunchuan/": [7, "d"]})
    return place


def keys(folder: Path, typed: str = "", **limits: Any) -> list[str]:
    return [hit.key for hit in search.find(Ask(words=typed, **limits), folder=folder).hits]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("低保", ["1"]),
        ("最低生活保障", ["1"]),
        ("低保 公示", ["1"]),
        ("低保 防汛", []),
        ("“低保金发放”", ["1"]),
        ("“发放低保金”", []),
        ("云府发〔2024〕12号", ["2"]),
        ("雲府發[2024]第12号", ["2"]),
        ("（2024）12号", ["2"]),
        ("〔2023〕7号", ["2"]),
        ("云府发〔2024〕1号", []),
        ("qinghe/2026-00003", ["3"]),
        ("QINGHE/2026-00003", ["3"]),
        ("2026-00003", ["3"]),
        ("信息公开", ["3"]),
        ("信息公開", ["3"]),
        ("汛预", ["2"]),
        ("汛", ["2"]),
        ("，", []),
    ],
)
def test_what_is_found(folder: Path, typed: str, found: list[str]) -> None:
    assert keys(folder, typed) == found


def test_limits_are_kept(folder: Path) -> None:
    assert sorted(keys(folder)) == ["1", "2", "3", "5"]
    assert sorted(keys(folder, is_public=False)) == ["1", "2", "3", "4", "5"]
    assert sorted(keys(folder, within=["yunchuan/"])) == ["1", "2", "3", "5"]
    assert sorted(keys(folder, within=["yunchuan/baishu/"])) == ["3", "5"]
    assert keys(folder, at=["yunchuan/"]) == ["2"]
    assert keys(folder, within=[]) == [] == keys(folder, at=[])
    assert keys(folder, kind="news") == ["1"]
    assert keys(folder, column="a20_01") == []
    assert keys(folder, until=datetime.date(2020, 1, 3)) == ["3"]
    assert keys(folder, since=datetime.date(2020, 1, 4), until=FIRST, is_newest_first=True) == ["5", "2", "1"]
    assert keys(folder, is_newest_first=True, before=3) == ["2", "1"]
    assert keys(folder, before=0) == []


def test_titles_come_first_and_younger_before_older(tmp_path: Path) -> None:
    search.rebuild(
        [
            document(1, "关于植树的说明", "防汛防汛防汛。"),
            document(2, "防汛安排", "其他。", published_on=datetime.date(2006, 3, 2)),
            document(3, "防汛安排", "其他。"),
        ],
        folder=tmp_path,
    )
    assert keys(tmp_path, "防汛") == ["3", "2", "1"]


def test_pages_go_on_where_the_last_ended(folder: Path) -> None:
    page = search.find(Ask(), folder=folder, limit=3)
    assert (len(page.hits), page.total) == (3, 4)
    rest = search.find(Ask(), folder=folder, limit=3, offset=3)
    assert sorted(hit.key for hit in (*page.hits, *rest.hits)) == ["1", "2", "3", "5"]


def test_writing_replaces_by_key_and_removing_takes_out(folder: Path) -> None:
    search.write([document(1, "改了的标题")], folder=folder, position={"yunchuan/": [8, "e"]})
    assert keys(folder, "低保") == []
    assert keys(folder, "改了") == ["1"]
    assert search.position_of(folder) == {"yunchuan/": [8, "e"]}
    search.remove(["1", "没有这个"], folder=folder)
    assert keys(folder, "改了") == []
    assert search.position_of(folder) == {"yunchuan/": [8, "e"]}
    assert search.standing(folder).n_documents == 4


def test_what_breaks_while_writing_leaves_everything_as_it_was(folder: Path) -> None:
    def broken() -> Any:
        yield document(1, "写了一半")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        search.write(broken(), folder=folder, position={"yunchuan/": [9, "f"]})
    assert keys(folder, "写了") == []
    assert keys(folder, "低保") == ["1"]
    assert search.position_of(folder) == {"yunchuan/": [7, "d"]}


def test_a_rebuild_switches_at_once_and_takes_in_what_came_meanwhile(folder: Path) -> None:
    def slowly() -> Any:
        yield document(1, "新的一代")
        # The old generation is served and written on while the new one is built.
        assert keys(folder, "低保") == ["1"]
        search.write([document(9, "期间发布")], folder=folder)
        assert keys(folder, "期间") == ["9"]

    def rest() -> search.Change:
        return search.Change([document(9, "期间发布")], [], {"yunchuan/": [9, "x"]})

    old = served(folder)
    search.rebuild(slowly(), folder=folder, position={"yunchuan/": [7, "d"]}, rest=rest)
    assert sorted(keys(folder)) == ["1", "9"]
    assert search.position_of(folder) == {"yunchuan/": [9, "x"]}
    assert not old.exists()


def test_an_interrupted_rebuild_leaves_the_old_index(folder: Path) -> None:
    def broken() -> Any:
        yield document(1, "写了一半")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        search.rebuild(broken(), folder=folder)
    assert keys(folder, "低保") == ["1"]
    search.rebuild(LIBRARY, folder=folder)
    assert len([place for place in folder.iterdir() if place.is_dir()]) == 1


def flip(file: Path, at: int = 0) -> None:
    """One bit, in place: writing the file anew would cut it first, which kills who has it mapped at that moment."""
    with file.open("r+b") as opened:
        opened.seek(at)
        byte = opened.read(1)[0]
        opened.seek(at)
        opened.write(bytes([byte ^ 1]))


def _spoil(folder: Path, how: str) -> None:
    place = served(folder)
    largest = max(place.glob("*.store"), key=lambda file: file.stat().st_size)
    match how:
        case "no folder":
            (folder / "current").unlink()
        case "another version":
            (place / "stamp.json").write_text('{"version": 0}')
        case "no stamp":
            (place / "stamp.json").unlink()
        case "no meta":
            (place / "meta.json").write_text("{")
        case "a file gone":
            largest.unlink()
        case "a file cut":
            # Another file in its place: whoever still has the old one mapped must not be killed by it.
            part = largest.with_suffix(".part")
            part.write_bytes(largest.read_bytes()[:10])
            part.replace(largest)


@pytest.mark.parametrize("how", ["no folder", "another version", "no stamp", "no meta", "a file gone", "a file cut"])
def test_an_index_that_is_lost_is_not_asked(folder: Path, how: str) -> None:
    """As a process that did not have it open meets it."""
    from gongkai.web.search import engine

    _spoil(folder, how)
    engine._known.clear()
    with pytest.raises(IndexLost):
        search.find(Ask(words="低保"), folder=folder)
    with pytest.raises(IndexLost):
        search.write([document(1, "x")], folder=folder)
    search.rebuild(LIBRARY, folder=folder)
    assert keys(folder, "低保") == ["1"]


def test_a_single_flipped_byte_is_noticed_by_the_proof(folder: Path) -> None:
    prove(folder)
    file = max(served(folder).glob("*.pos"), key=lambda file: file.stat().st_size)
    flip(file, at=3)
    with pytest.raises(IndexLost) as caught:
        prove(folder)
    assert file.name in caught.value.message


# --- the follower ------------------------------------------------------------------------------------------------


@pytest.fixture
def followed(settings: Any, tmp_path: Path) -> Path:
    """An index folder of this test's own."""
    settings.INDEX_ROOT = tmp_path / "index"
    return tmp_path / "index"


def found(typed: str = "", **limits: Any) -> list[int]:
    """The items the public finds."""
    rows, _ = finding.public_found(Ask(words=typed, **limits), limit=1000)
    return sorted(row.item_id for row in rows)


def raw(*, is_public: bool = True, typed: str = "") -> list[int]:
    """The items that the index itself gives, without the second look at the database."""
    return sorted(hit.number for hit in search.find(Ask(words=typed, is_public=is_public), folder=following.folder(), limit=1000).hits)


def caught_up() -> None:
    while following.follow():
        pass


def test_what_is_published_changed_and_withdrawn_is_seen_at_the_next_round(county: County, followed: Path) -> None:
    publication = county.published(title="青禾镇植树安排", body="<p>三月十二日种柳树。</p>")
    item = publication.item
    caught_up()
    assert raw(typed="柳树") == [item.pk]
    assert following.follow() == 0
    drafter, head = county.person("qinghe", "drafter"), county.person("qinghe", "office_head")
    actions.revise(person=drafter, on=DAY, item=item, content=content(title="青禾镇植树安排", body="<p>三月十二日种银杏。</p>"))
    caught_up()
    # The public finds what is public, the office what is being written; neither finds the other's words.
    assert (raw(typed="柳树"), raw(typed="银杏")) == ([item.pk], [])
    assert (raw(typed="柳树", is_public=False), raw(typed="银杏", is_public=False)) == ([], [item.pk])
    county.reviewed(Item.objects.get(pk=item.pk))
    actions.publish(person=head, on=DAY, item=item)
    caught_up()
    assert (raw(typed="柳树"), raw(typed="银杏")) == ([], [item.pk])
    assert raw(is_public=False) == [item.pk]
    actions.withdraw(person=head, on=DAY, publication=item.publications.get(withdrawn_on=None), reason="有误")
    # The index has it still; the public does not.
    assert (raw(typed="银杏"), found("银杏")) == ([item.pk], [])
    caught_up()
    assert raw(typed="银杏") == []


def test_a_draft_is_found_by_its_office_alone(county: County, followed: Path) -> None:
    item = county.draft(title="尚未公开的安排", document_number="青禾府发〔2026〕3号")
    caught_up()
    assert found("安排") == [] == raw(typed="安排")
    assert raw(typed="青禾府发[2026]3号", is_public=False) == [item.pk]


def test_random_acts_leave_the_index_as_the_database_is(county: County, followed: Path) -> None:
    """Whatever is done, and whenever the follower comes by: the public finds exactly what is public."""
    chance = random.Random(20260302)
    drafter, head = county.person("qinghe", "drafter"), county.person("qinghe", "office_head")
    for round_ in range(60):
        items = list(Item.objects.all())
        kind = chance.choice(("draft", "publish", "publish", "revise", "withdraw", "discard", "follow", "follow part"))
        item = chance.choice(items) if items else county.draft(title="第一条")
        try:
            if kind == "draft":
                county.draft(title=f"第{round_}条", primary_channel=chance.choice(("site", "site", "wechat")))
            elif kind == "publish":
                county.reviewed(item)
                actions.publish(person=head, on=DAY, item=item)
            elif kind == "revise":
                actions.revise(person=drafter, on=DAY, item=item, content=content(title=f"改过的第{round_}条"))
            elif kind == "withdraw":
                actions.withdraw(person=head, on=DAY, publication=item.publications.get(withdrawn_on=None), reason="有误")
            elif kind == "discard":
                actions.discard(person=drafter, on=DAY, item=item, reason="不用了")
            else:
                following.follow(limit=3 if kind == "follow part" else 500)
        except Exception as error:
            # What may not be done then is refused; anything else is a fault.
            assert type(error).__name__ in ("Refused", "DoesNotExist"), error
    caught_up()
    public = sorted(queries.public_items().values_list("item_id", flat=True))
    assert raw() == public == found()
    assert len(public) > 3
    assert raw(is_public=False) == sorted(Item.objects.values_list("pk", flat=True))
    for row in queries.public_items():
        assert row.item_id in raw(typed=f"“{row.revision.content['title']}”")


def test_an_index_of_another_ledger_is_built_anew(county: County, followed: Path) -> None:
    item = county.published().item
    caught_up()
    last = LedgerEntry.objects.latest("number")
    for position in ({last.county: [last.number, "0" * 64]}, {last.county: [last.number + 5, last.digest]}, {"mei/": [3, "x"]}):
        search.write([document(999, "不是这里的")], folder=followed, position=position)
        assert not finding.is_ready()
        following.follow()
        assert raw() == [item.pk]
        assert finding.is_ready()


def test_a_lost_index_is_built_anew_by_the_follower(county: County, followed: Path) -> None:
    item = county.published().item
    assert not finding.is_ready()
    following.follow()
    assert raw() == [item.pk]
    generation = served(followed)
    want(followed)
    following.follow()
    assert not is_wanted(followed)
    assert served(followed) != generation


def test_a_broken_index_is_marked_and_built_anew(county: County, followed: Path) -> None:
    county.published()
    caught_up()
    assert following.prove_index() == 0
    file = max(served(followed).glob("*.pos"), key=lambda file: file.stat().st_size)
    flip(file)
    assert following.prove_index() == 1
    # From now on nobody asks it, also who has it open.
    with pytest.raises(IndexLost):
        raw()
    assert not finding.is_ready()
    caught_up()
    assert following.prove_index() == 0


def test_an_index_that_is_behind_is_not_asked(county: County, followed: Path) -> None:
    item = county.published().item
    caught_up()
    assert finding.is_ready()
    drafter = county.person("qinghe", "drafter")
    actions.revise(person=drafter, on=DAY, item=item, content=content(title="刚刚修改"))
    assert finding.is_ready()
    with moment.at(moment.now() + datetime.timedelta(seconds=11)):
        assert not finding.is_ready()
        assert following.lag().n_entries == 1


def test_a_round_with_nothing_to_do_asks_the_database_once(county: County, followed: Path) -> None:
    county.published()
    caught_up()
    with CaptureQueriesContext(connection) as asked:
        assert following.follow() == 0
    assert len(asked) == 1


def test_past_publications_are_found_after_their_batch(county: County, followed: Path) -> None:
    from gongkai.web.disclosure.past import actions as past_actions

    caught_up()
    head = county.person("qinghe", "office_head")
    data = "标题,正文,发布日期\n旧通知,二〇一九年的正文。,2019-06-05\n".encode()
    run = past_actions.hand_in(person=head, on=DAY, agency=county.organs["qinghe"], file_name="旧网站.csv", data=data, source="原网站")
    past_actions.clear(person=county.person("qinghe", "secrecy_reviewer"), on=DAY, run=run, is_cleared=True, reason="核对过")
    other = county.person("qinghe", "final_reviewer")
    past_actions.decide(person=other, on=DAY, run=run, is_approved=True, reason="核对过")
    past_actions.take_in(person=head, on=DAY, run=run)
    caught_up()
    assert raw(typed="旧通知") == sorted(queries.public_items().values_list("item_id", flat=True)) != []


# --- the office's list -------------------------------------------------------------------------------------------


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_list_finds_words_of_the_text_within_the_own_organ(county: County, followed: Path) -> None:
    own = county.draft(title="植树安排", body="<p>三月十二日种柳树。</p>")
    foreign = county.draft("baishu", title="绿化安排", body="<p>三月十二日种柳树。</p>")
    caught_up()
    page = queries.item_page(county.person("qinghe", "drafter"), words="柳树")
    assert ([row.pk for row in page.rows], page.is_titles_only) == ([own.pk], False)
    above = queries.item_page(county.person("yunchuan", "authority"), words="柳树")
    assert [row.pk for row in above.rows] == [foreign.pk, own.pk]
    chosen = queries.item_page(county.person("yunchuan", "authority"), words="柳树", agency="yunchuan/qinghe/")
    assert [row.pk for row in chosen.rows] == [own.pk]


def test_the_list_says_when_it_looks_at_titles_only(county: County, followed: Path) -> None:
    county.draft(title="植树安排", body="<p>三月十二日种柳树。</p>")
    client = client_of(county.person("qinghe", "drafter"))
    page = client.get("/office/items/", {"words": "植树"}).content.decode()
    assert "检索索引暂时不能用，这次只查了标题和索引号" in page and "植树安排" in page
    caught_up()
    page = client.get("/office/items/", {"words": "柳树"}).content.decode()
    assert "检索索引暂时不能用" not in page and "植树安排" in page


def test_the_list_pages_by_key_through_everything_found(county: County, followed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [county.draft(title=f"第{number}号安排").pk for number in range(7)]
    county.draft(title="无关", body="<p>别的事情。</p>")
    caught_up()
    monkeypatch.setattr(queries, "PAGE", 3)
    seen, after = [], None
    for _ in range(5):
        page = queries.item_page(county.person("qinghe", "drafter"), words="安排", after=after)
        seen += [row.pk for row in page.rows]
        after = page.next_key
        if after is None:
            break
    assert seen == items[::-1]


def test_other_conditions_leave_no_page_half_empty(county: County, followed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the database leaves out of the proposals is made up for by more proposals."""
    items = [county.draft(title=f"第{number}号安排").pk for number in range(9)]
    caught_up()
    monkeypatch.setattr(finding, "PART", 2)
    wanted = Item.objects.filter(pk__in=items[:2])
    rows, next_key = finding.rows_found(wanted, Ask(words="安排"), n_rows=1)
    assert ([row.pk for row in rows], next_key) == ([items[1]], items[1])
    rows, next_key = finding.rows_found(wanted, Ask(words="安排", before=next_key), n_rows=1)
    assert ([row.pk for row in rows], next_key) == ([items[0]], None)
