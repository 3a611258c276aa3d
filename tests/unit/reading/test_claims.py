"""Reading figures out of sentences: numerals, damage, and lists built from known figures."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.claims import claim_causes, claim_topics, claim_words
from gongkai.law.formats import report_format
from gongkai.reading.claims import read_claims
from gongkai.reading.figures import chinese_number, vocabulary
from gongkai.report import Claim


def claims(text, year=2023, section="s1"):
    return read_claims({section: text}, year)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("两", 2),
        ("一百零三", 103),
        ("一百一十", 110),
        ("一百二十三", 123),
        ("一千零五", 1005),
        ("两千", 2000),
        ("一万二千", 12000),
        ("一万零五", 10005),
        ("一百二", None),
        ("一万二", None),
        ("三五", None),
        ("百", None),
        ("二〇", None),
        ("", None),
    ],
)
def test_chinese_numerals(text, value):
    assert chinese_number(text) == value


@pytest.mark.parametrize(
    ("written", "value", "unit", "exact", "decimals"),
    [
        ("1136条", 1136, "条", True, 0),
        ("1,136条", 1136, "条", True, 0),
        ("１１３６条", 1136, "条", True, 0),
        ("1136 条", 1136, "条", True, 0),
        ("1.2万条", 12000, "条", True, -3),
        ("3万条", 30000, "条", True, -4),
        ("1万余条", 10000, "条", False, -4),
        ("30余条", 30, "条", False, 0),
        ("30多条", 30, "条", False, 0),
        ("约30条", 30, "条", False, 0),
        ("近30条", 30, "条", False, 0),
        ("30条以上", 30, "条", False, 0),
        ("30条左右", 30, "条", False, 0),
        ("1，136条", 1136, "条", False, 0),
        ("102.97万元", Decimal("102.97"), "万元", True, 2),
        ("3人次", 3, "人次", True, 0),
        ("一百二十三条", 123, "条", True, 0),
        ("三十余条", 30, "条", False, 0),
    ],
)
def test_how_a_figure_may_be_written(written, value, unit, exact, decimals):
    (claim,) = claims(f"全年{written}。")
    assert (claim.value, claim.unit, claim.exact, claim.decimals) == (value, unit, exact, decimals)


@pytest.mark.parametrize(
    "text",
    [
        "2023年12月31日",
        "国办公开办函〔2021〕30号",
        "国令第711号",
        "第二十条第（一）项",
        "第20条",
        "电话：0000-1234567",
        "邮编：223100，",
        "拨打12345",
        "三审三校",
        "一件事一次办",
        "“一条龙”服务",
        "20个工作日",
        "3个月内",
        "一个窗口",
        "二期工程",
        "第一次会议",
        "同一件事",
        "最多跑一次",
        "（1）",
        "http://example.org/2023/12.html",
        "依申请公开2 7件",
    ],
)
def test_what_is_no_figure(text):
    assert claims(f"按照{text}的要求。") == ()


def test_a_figure_torn_by_a_blank_is_not_guessed():
    assert claims("全年收到政府信息公开申请2 7件。") == ()


def test_the_sentence_is_quoted_without_line_breaks():
    (claim,) = claims("前文。\n2023 年受理政府信息公\n开申请 21 件。后文。")
    assert (claim.quote, claim.topic, claim.section) == ("2023 年受理政府信息公开申请 21 件。", "received", "s1")


def test_heading_gives_the_subject_until_the_next_heading():
    text = "（一）主动公开\n全年收到3件。\n（二）依申请公开\n全年收到4件。\n（三）监督保障\n全年收到5件。"
    assert [claim.topic for claim in claims(text)] == [None, "received", None]


def test_without_a_year_no_figure_is_another_years():
    assert [claim.period for claim in claims("2022年收到政府信息公开申请3件。", year=None)] == ["year"]


@pytest.mark.parametrize(("text", "period"), [("2023年", "year"), ("2022年", "previous"), ("去年", "previous"), ("2020年", "other")])
def test_whose_year_it_is(text, period):
    assert [claim.period for claim in claims(f"{text}收到政府信息公开申请3件。")] == [period]


@pytest.mark.parametrize(
    ("text", "period"), [("上半年", "partial"), ("截至6月30日，", "partial"), ("2019—2023年", "cumulative"), ("建站以来", "cumulative")]
)
def test_part_of_a_year_and_several_years(text, period):
    assert [claim.period for claim in claims(f"{text}收到政府信息公开申请3件。")] == [period]


def test_claims_survive_being_written_as_json():
    for claim in claims("全年公开信息1.2万条，其中网站8000条、微信4000条，同比增长12.5%；未收到政府信息公开申请。"):
        assert Claim.from_json(claim.to_json()) == claim


@given(st.lists(st.integers(1, 5000), min_size=2, max_size=6), st.integers(1, 400), st.sampled_from(["、", "，", "；"]))
def test_a_list_is_read_as_it_was_written(parts, rest, mark):
    """The sentence is built from known parts: the reader must give back those and their whole."""
    whole = sum(parts) + rest
    names = ["甲类", "乙类", "丙类", "丁类", "戊类", "己类"]
    text = f"全年共公开政府信息{whole}条，其中{mark.join(f'{name}{part}条' for name, part in zip(names, parts, strict=False))}。"
    first = claims(text)[0]
    assert (first.value, first.parts, first.relation) == (whole, tuple(parts), "among")


@given(st.integers(0, 99_999))
def test_digits_and_topic_survive_layout(value):
    spaced = f"2023 年，我镇共收 到政府信\n息公开申请 {value} 件。"
    assert [(claim.topic, claim.value) for claim in claims(spaced)] == [("received", value)]


@given(st.text(alphabet="收到申请公开信息其中未没有无共合计分别占同比增长件条万余十百一二0123456789.,，、；。（）%年月\n ", max_size=300))
def test_any_text_is_read_without_fault(text):
    for claim in claims(text):
        assert claim.value == claim.value and claim.quote


@pytest.mark.parametrize("text", ["无", " 1", "一", "1", "\n", "（", "共5条、", "其中5条。", "占5%、", "没有申请", "1,111", "\n#"])
def test_time_grows_with_the_length_of_hostile_text(text):
    def seconds(repeats):
        began = time.process_time()
        claims(text * repeats)
        return time.process_time() - began

    seconds(100)
    assert seconds(20_000) < 0.5 + 60 * seconds(2_000)


def test_a_word_belongs_to_one_class():
    words = [word for group in claim_words()["classes"].values() for word in group]
    assert sorted(words) == sorted(set(words))


def test_topics_speak_of_known_words_and_cells():
    classes = set(claim_words()["classes"])
    for topic in claim_topics().values():
        assert {*topic.bare, *topic.barred, *topic.aspects} <= classes
        for edition, agreement in topic.cells.items():
            form = report_format(edition)
            known = {*form.cells, *form.merged_cells}
            sums = [*agreement.equal, *(terms for terms, _ in agreement.lenient)]
            assert {term.address for terms in sums for term in terms} <= known, topic.id
        assert set(topic.adds) <= claim_topics().keys()


def test_causes_are_sentences():
    assert all(cause.words and cause.severity in ("error", "warning", "notice") for cause in claim_causes().values())


def test_every_traditional_letter_has_its_simplified_form():
    assert len(claim_words()["traditional"]) % 2 == 0
    assert vocabulary().plain("政府信息公開申請") == "政府信息公开申请"


def test_the_real_reports_claim_what_a_person_reads(samples):
    """Figures of the narratives that a person noted beside each report."""
    expected = {
        "seed_000": [("published", 629, (179, 450)), ("received", 2, ())],
        "seed_003": [("published", 260, (110, 72, 78)), ("received", 0, ()), ("reconsideration", 0, ()), ("litigation", 0, ())],
    }
    for name, wanted in expected.items():
        text = (samples / f"{name}.txt").read_text("utf-8")
        found = [(claim.topic, claim.value, claim.parts) for claim in read_claims({"s1": text}, None)]
        assert [item for item in wanted if item not in found] == []
