"""What differs between two texts: by paragraph, sentence and word, quickly whatever the text."""

from __future__ import annotations

import random
import textwrap

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gongkai.web.disclosure import actions
from gongkai.web.disclosure.comparison import compared
from gongkai.web.review.differences import ADDED, REMOVED, SAME, Comparison, Piece, compare, compare_line
from tests.web.conftest import DAY, County, content
from tests.web.test_walk import client_of


def shown(pieces: tuple[Piece, ...]) -> str:
    marks = {SAME: "{}", REMOVED: "[-{}-]", ADDED: "[+{}+]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


def side(comparison: Comparison, kind: str) -> list[str]:
    """The older or the newer text back again, line by line."""
    lines = []
    for paragraph in comparison.paragraphs:
        lines += paragraph.folded
        text = "".join(piece.text for piece in paragraph.pieces if piece.kind in (SAME, kind))
        lines += [text] if text else []
    return lines


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("补贴标准为每亩100元。", "补贴标准为每亩120元。", "补贴标准为每亩[-100-][+120+]元。"),
        ("由农业农村局负责解释。", "由县农业农村局负责解释。", "由[+县+]农业农村局负责解释。"),
        ("自2026年3月1日起施行。", "自2026年4月1日起施行。", "自2026年[-3-][+4+]月1日起施行。"),
        ("第一句不变。第二句删去。第三句不变。", "第一句不变。第三句不变。", "第一句不变。[-第二句删去。-]第三句不变。"),
        ("完全相同。", "完全相同。", "完全相同。"),
        ("", "新写的一句。", "[+新写的一句。+]"),
    ],
)
def test_words_are_marked_where_they_changed(before: str, after: str, words: str) -> None:
    assert shown(compare_line(before, after)) == words


def test_sentences_with_nothing_in_common_are_not_mixed() -> None:
    found = shown(compare_line("各村要做好春季防火工作。", "补贴资金通过一卡通发放到户！"))
    assert found == "[-各村要做好春季防火工作。-][+补贴资金通过一卡通发放到户！+]"


def test_paragraphs_keep_their_place() -> None:
    before = "一、总体要求\n二、补贴对象\n三、补贴标准\n四、附则"
    after = "一、总体要求\n二、补贴对象\n三、补贴标准和期限\n四、监督检查\n五、附则"
    found = compare(before, after)
    assert [shown(paragraph.pieces) for paragraph in found.paragraphs] == [
        "一、总体要求", "二、补贴对象", "三、补贴标准[+和期限+]", "[+四、监督检查+]", "[-四-][+五+]、附则",
    ]  # fmt: skip
    assert (side(found, REMOVED), side(found, ADDED)) == (before.split("\n"), after.split("\n"))


def test_long_unchanged_runs_are_folded() -> None:
    lines = [f"第{number}段，没有改动。" for number in range(1, 101)]
    changed = [*lines[:49], "第50段，改成了别的内容。", *lines[50:]]
    found = compare("\n".join(lines), "\n".join(changed)).paragraphs
    assert [len(paragraph.folded) for paragraph in found] == [48, 0, 0, 0, 49]
    assert found[0].folded[0] == "第1段，没有改动。"
    assert compare("\n".join(lines), "\n".join(lines)).is_changed is False


@given(before=st.text("甲乙丙，。\n", max_size=80), after=st.text("甲乙丙，。\n", max_size=80))
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    found = compare(before, after)
    lines = [[line.strip() for line in text.split("\n") if line.strip()] for text in (before, after)]
    assert [side(found, REMOVED), side(found, ADDED)] == lines
    assert found.is_changed == (lines[0] != lines[1])


def letters(n: int, kinds: str) -> str:
    """``n`` letters without any order; a long text repeats a part that is longer than what is compared."""
    draw = random.Random(f"{n}{kinds}")
    part = "".join(draw.choices(kinds, k=min(n, 300_000)))
    return (part * (n // len(part) + 1))[:n]


HOSTILE = {
    "five megabytes in one paragraph": lambda: (letters(5_000_000, "甲乙丙丁"), letters(5_000_001, "甲乙丙丁")),
    "one letter": lambda: ("甲" * 5_000_000, "甲" * 150_000 + "乙" + "甲" * 4_849_999),
    "a line a letter": lambda: ("\n".join(letters(2_500_000, "甲乙")), "\n".join(letters(2_499_999, "甲乙"))),
    "two lines in any order": lambda: ("\n".join(letters(3_900, "甲乙")), "\n".join(letters(3_901, "甲乙"))),
    "many sentences": lambda: ("。".join(letters(60_000, "甲乙丙")), "。".join(letters(60_001, "甲乙丙"))),
    "many different paragraphs": lambda: tuple("\n".join(textwrap.wrap(letters(n, "天地人你我他"), 50)) for n in (195_000, 195_001)),
    "no end of a sentence": lambda: (letters(190_000, "春夏秋冬的"), letters(190_001, "春夏秋冬的")),
    "moved about": lambda: tuple("\n".join(f"第{n}段" for n in order) for order in (range(3_900), reversed(range(3_900)))),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_no_text_is_compared_without_end(name: str) -> None:
    """Some take about a second; compared without bounds, they would take hours. The limit is only there to end such a run."""
    before, after = HOSTILE[name]()
    found = compare(before, after)
    assert found.is_changed or found.is_cut


class TestTheWholeItem:
    def test_fields_body_and_attachments(self, county: County) -> None:
        drafter = county.person("qinghe", "drafter")
        item = county.draft(channels=("wechat",))
        actions.attach(person=drafter, on=DAY, item=item, name="旧名单.txt", data="旧".encode())
        item.refresh_from_db()
        before = item.current
        actions.detach(person=drafter, on=DAY, item=item, digest=before.content["attachments"][0]["digest"])
        item.refresh_from_db()
        actions.attach(person=drafter, on=DAY, item=item, name="新名单.txt", data="新".encode())
        told = content(title="青禾镇2026年秋季植树安排", body="<p>现将本镇2026年秋季植树安排予以公开。</p>", channels=("wechat", "weibo"))
        actions.revise(person=drafter, on=DAY, item=item, content=told)
        item.refresh_from_db()
        found = compared(before.content, item.current.content)
        assert shown(found.lines["title"]) == "青禾镇2026年[-春季-][+秋季+]植树安排"
        assert [shown(paragraph.pieces) for paragraph in found.body.paragraphs] == ["现将本镇2026年[-春季-][+秋季+]植树安排予以公开。"]
        assert found.values == {"channels": (["wechat"], ["wechat", "weibo"])}
        assert ([row["name"] for row in found.removed], [row["name"] for row in found.added]) == (["旧名单.txt"], ["新名单.txt"])

    def test_only_the_layout(self, county: County) -> None:
        item = county.draft(body="<p>现将安排公开。</p>")
        before = item.current.content
        found = compared(before, {**before, "body": "<p><strong>现将安排公开。</strong></p>"})
        assert (found.is_layout_only, found.is_changed) == (True, True)
        assert compared(before, before).is_changed is False

    def test_the_page_marks_it_and_hides_it_from_strangers(self, county: County) -> None:
        item = county.draft()
        drafter = county.person("qinghe", "drafter")
        actions.revise(person=drafter, on=DAY, item=item, content=content(title="青禾镇2026年秋季植树安排"))
        address = reverse("office:compare", args=[item.pk])
        page = client_of(drafter).get(address, {"from": "1", "to": "2"}).content.decode()
        assert '<del><span class="sr">删去：</span>春季</del>' in page
        assert '<ins><span class="sr">新增：</span>秋季</ins>' in page
        for asked in ({"from": "x", "to": "9"}, {}, {"from": "2", "to": "2"}):
            assert client_of(drafter).get(address, asked).status_code == 200
        assert client_of(county.person("baishu", "drafter")).get(address).status_code == 404

    def test_one_revision_alone(self, county: County) -> None:
        item = county.draft()
        page = client_of(county.person("qinghe", "drafter")).get(reverse("office:compare", args=[item.pk]))
        assert (page.status_code, "只有一稿" in page.content.decode()) == (200, True)
