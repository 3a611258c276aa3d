"""Letters from their fields: whole texts written by hand, what is lacking named, remedies right for each kind of organ."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.errors import Refused
from gongkai.law.requests import letter, outcome, outcomes
from gongkai.law.requests.letters import Letter, field_words, letters, required
from gongkai.law.requests.outcomes import Outcome
from gongkai.law.store import load
from gongkai.letters import Addressee, Decision, LetterText, Sender, compose, lacking
from tests.unit.letters.written import GROUNDS, ON, SENDER, TO, filled, told

GOLDEN = Path(__file__).parent / "golden"
DAY = datetime.date
WATER = Sender(
    "云川县水务局",
    kind="department",
    contact="办公室，0500-7654321",
    reconsiderers={"own_government": "云川县人民政府"},
    court="云川县人民法院",
)
STREET = Sender(
    "云川县城关街道办事处",
    kind="street",
    contact="综合办公室，0500-1112223",
    reconsiderers={"founding_government": "云川县人民政府"},
    court="云川县人民法院",
)
# Every letter that goes out with the outcome that it tells: (letter, outcome or None).
OUTGOING: list[tuple[Letter, Outcome | None]] = [
    *((one, None) for one in letters(on=ON) if one.direction == "outgoing" and one.remedy != "by_outcome"),
    *((letter(one.letter, on=ON), one) for one in outcomes(on=ON)),
]
FORMS = [one for one in letters(on=ON) if one.direction != "outgoing"]
HEAD = {"organ", "contact", "addressee"}


def named(case: tuple[Letter, Outcome | None]) -> str:
    return case[1].code if case[1] else case[0].id


def decision(found: Outcome | None) -> Decision:
    return Decision(found.code, GROUNDS.get(found.code, ())) if found else Decision()


def full(one: Letter, found: Outcome | None) -> dict[str, str | int | DAY]:
    return {name: filled(name) for name in required(one, found) if name not in HEAD}


def written(one: Letter, found: Outcome | None, fields: dict[str, str | int | DAY]) -> LetterText:
    # The addressee is who the letter's own fields say it is.
    to = next((str(fields[name]) for name in ("applicant", "third_party", "co_organ") if name in fields), "某单位")
    return compose(one.id, on=ON, sender=SENDER, to=Addressee(to), fields=fields, decision=decision(found))


def test_every_letter_that_goes_out_is_looked_at() -> None:
    assert {one.number for one, _ in OUTGOING} | {one.number for one in FORMS} == {f"D{number}" for number in range(1, 29)}
    assert len(OUTGOING) == 10 + 23


@pytest.mark.parametrize("case", OUTGOING, ids=named)
def test_a_full_letter_tells_every_field(case: tuple[Letter, Outcome | None]) -> None:
    one, found = case
    fields = full(one, found)
    text = written(one, found, fields)
    assert lacking(one.id, on=ON, sender=SENDER, to=TO, fields=fields, decision=decision(found)) == ()
    assert [name for name in fields if told(name) not in text.plain] == []
    assert not re.search(r"[{}\[\]]|None|。。|：。", text.plain)
    assert text.organ == text.signature == SENDER.name and text.title and text.paragraphs and not text.rows
    assert text.remarks[-1] == "（联系方式：党政办公室，0500-1234567）"
    assert ("行政复议" in text.plain) == (one.remedy != "none" or one.id == "fee_notice")


@pytest.mark.parametrize("case", OUTGOING, ids=named)
def test_each_field_left_out_or_blank_is_named(case: tuple[Letter, Outcome | None]) -> None:
    one, found = case
    fields = full(one, found)
    for name in fields:
        for short in ({key: value for key, value in fields.items() if key != name}, {**fields, name: " 　\n"}, {**fields, name: "。"}):
            with pytest.raises(Refused) as refused:
                compose(one.id, on=ON, sender=SENDER, to=TO, fields=short, decision=decision(found))
            assert refused.value.message == f"“{one.name}”不能签发，必须有而没有填写：{field_words()[name]}。请修改后再签发。"
            assert refused.value.basis == one.basis


def test_everything_missing_is_named_at_once_the_head_too() -> None:
    with pytest.raises(Refused) as refused:
        compose(
            "extension", on=ON, sender=replace(SENDER, contact=" "), to=None, fields={"applicant": "李某", "received_on": DAY(2026, 3, 2)}
        )
    assert refused.value.message == (
        "“政府信息公开申请延期答复告知书”不能签发，必须有而没有填写：主送对象、本机关联系方式、答复期限届满之日、延长答复期限的理由、"
        "延长后的答复期限届满之日、同意延期的政府信息公开工作机构负责人。请修改后再签发。"
    )


def test_a_reply_that_finds_nothing() -> None:
    text = compose(
        "not_exist",
        on=ON,
        sender=SENDER,
        to=TO,
        decision=Decision("not_exist"),
        fields={
            "number": "青政信公开告知〔2026〕7号",
            "inforequest_number": "YC07-20260302-003",
            "applicant": "李某",
            "received_on": DAY(2026, 3, 2),
            "content": "2019年度青禾镇水塘承包合同",
            "search_record": "2026年3月4日以“水塘”“承包”为关键词检索公文系统，并逐卷查找档案室2019年度卷宗，没有发现。",
        },
    )
    assert text.plain == (GOLDEN / "not_exist.txt").read_text(encoding="utf-8")


def test_a_denial_for_a_third_party() -> None:
    text = compose(
        "deny",
        on=ON,
        sender=WATER,
        to=Addressee("青禾渔业专业合作社", "organization"),
        decision=Decision("deny_third_party"),
        fields={
            "applicant": "青禾渔业专业合作社",
            "received_on": DAY(2026, 3, 2),
            "content": "云川县湖湾水产公司的取水计量明细",
            "third_party_asked": "2026年3月3日书面征求意见，第三方于3月6日答复不同意公开",
            "reason": "明细能够推算第三方的养殖规模和成本，第三方采取了保密措施。\n不公开不会对公共利益造成重大影响。",
            "attachments": ["第三方意见书摘要", "送达回证"],
        },
    )
    assert text.plain == (GOLDEN / "deny_third_party.txt").read_text(encoding="utf-8")


def test_an_extension_tells_no_remedy() -> None:
    text = compose(
        "extension",
        on=ON,
        sender=SENDER,
        to=TO,
        fields={
            "number": "青政信公开延期〔2026〕1号",
            "applicant": "李某",
            "received_on": DAY(2026, 3, 2),
            "due_on": DAY(2026, 3, 30),
            "extension_reason": "所申请的信息分散在十二个村的卷宗中，需要逐卷查找",
            "new_due_on": DAY(2026, 4, 28),
            "extension_approved_by": "王某",
        },
    )
    assert text.plain == (GOLDEN / "extension.txt").read_text(encoding="utf-8")


FIRST = "应当先自知道或者应当知道本决定之日起60日内向云川县人民政府申请行政复议"
EITHER = "可以自知道或者应当知道本答复之日起60日内向云川县人民政府申请行政复议，也可以"


@pytest.mark.parametrize(
    ("sender", "item"),
    [(SENDER, "第二十四条第一款第（二）项"), (WATER, "第二十四条第一款第（一）项"), (STREET, "第二十四条第一款第（三）项")],
)
def test_remedies_are_right_for_the_organ(sender: Sender, item: str) -> None:
    denied, granted = (
        compose(one, on=ON, sender=sender, to=TO, decision=decision(found), fields=full(letter(one, on=ON), found)).plain
        for one, found in (("deny", outcome("deny_process", on=ON)), ("grant", outcome("grant", on=ON)))
    )
    assert FIRST in denied and EITHER not in denied and item in denied
    assert EITHER in granted and "应当先" not in granted and item in granted
    assert "6个月内向云川县人民法院提起行政诉讼" in granted and "6个月" not in denied


def test_a_partial_reply_tells_each_part_its_way() -> None:
    found = outcome("partial", on=ON)
    text = written(letter("partial", on=ON), found, full(letter("partial", on=ON), found)).plain
    assert "如对本决定中不予公开的内容不服，应当先自" in text and "如对本决定的其他内容不服，可以自" in text
    assert "所属情形：涉及商业秘密、个人隐私等公开会对第三方合法权益造成损害的政府信息、经检索没有所申请的信息。" in text
    assert "第十五条、第三十六条第（四）项、第三十七条" in text


def test_the_third_party_is_told_a_decision_and_a_remedy() -> None:
    one = letter("third_party_decision", on=ON)
    assert "如对本决定不服，可以自知道或者应当知道本决定之日起60日内" in written(one, None, full(one, None)).plain


@pytest.mark.parametrize("name", ["consult_third_party", "third_party_decision"])
def test_a_letter_to_a_third_party_names_no_requester(name: str) -> None:
    one = letter(name, on=ON)
    fields = full(one, None) | {"applicant": "李某", "applicant_contact": "0500-0000000"}
    with pytest.raises(Refused) as refused:
        written(one, None, fields)
    assert refused.value.message == f"“{one.name}”不能签发，不能出现：申请人姓名或者名称、申请人联系方式。请修改后再签发。"


def test_the_opinion_sheet_goes_with_the_question() -> None:
    one = letter("consult_third_party", on=ON)
    text = written(one, None, full(one, None) | {"opinion_choices": ["同意公开", "不同意公开"], "attachments": "承包合同"})  # type: ignore[dict-item]
    assert text.title == "政府信息公开第三方意见征求书" and text.attachments == ("承包合同", "第三方意见书")
    assert text.paragraphs[3:6] == (
        "1.同意公开",
        "2.不同意公开",
        "请自收到本征求书之日起15个工作日内提出意见。逾期未提出意见的，由本机关依照《政府信息公开条例》的规定决定是否公开。",
    )


def test_the_bands_of_a_fee_stand_line_by_line_and_a_list_within_a_sentence_in_it() -> None:
    one = letter("fee_notice", on=ON)
    bands = ["第1页至第30页：不收费", "第31页至第100页：每页10元"]
    text = written(one, None, full(one, None) | {"fee_standard": bands, "payment_way": ["银行柜台。", "手机缴款"]})  # type: ignore[dict-item]
    assert text.paragraphs[2:5] == ("收费标准：", *bands)
    assert "缴纳方式：银行柜台；手机缴款。" in text.paragraphs


def test_an_abolished_rule_stops_the_letter() -> None:
    one, found = letter("deny", on=ON), outcome("deny_internal", on=ON)
    with pytest.raises(Refused) as refused:
        written(one, found, full(one, found) | {"reason": "依据国务院令第492号，人事安排不公开"})
    assert refused.value.message.startswith(
        "“政府信息不予公开告知书”不能签发：写有“第492号”，国务院令第492号是2007年的《条例》，2019年5月15日起已经被第711号代替，"
    )


def test_no_sentence_of_ours_is_stopped_for_any_organ() -> None:
    """Whoever reconsiders, the paragraph that the law data give must pass the search for wrong remedies."""
    names = {
        role: f"云川县{told['words']}人民政府" if told["ends"] else "云川市税务局"
        for role, told in load("requests/remedies")["roles"].items()
    }
    names["superior_justice"] = "云川市司法局"
    for organ in {entry["organ"] for entry in load("requests/remedies")["organs"]}:
        sender = replace(SENDER, kind=organ, reconsiderers=names)
        for one, found in OUTGOING:
            fields = full(one, found)
            assert compose(one.id, on=ON, sender=sender, to=TO, fields=fields, decision=decision(found)).paragraphs


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"court": ""}, "请填写法院名称"),
        ({"reconsiderers": {}}, "请填写县级人民政府的名称"),
        ({"reconsiderers": {"county_government": "云川县水利局"}}, "不是县级人民政府"),
    ],
)
def test_a_remedy_that_cannot_be_told_stops_the_reply(changed: dict[str, object], says: str) -> None:
    found = outcome("not_exist", on=ON)
    with pytest.raises(Refused, match=says):
        compose(
            "not_exist",
            on=ON,
            sender=replace(SENDER, **changed),  # type: ignore[arg-type]
            to=TO,
            decision=Decision("not_exist"),
            fields=full(letter("not_exist", on=ON), found),
        )


def test_a_reply_served_online_tells_where_to_file_online() -> None:
    found = outcome("not_exist", on=ON)
    text = compose(
        "not_exist",
        on=ON,
        sender=replace(SENDER, channel="掌上复议小程序"),
        to=TO,
        decision=Decision("not_exist", served_online=True),
        fields=full(letter("not_exist", on=ON), found),
    )
    assert "行政复议申请可以通过以下互联网渠道提交：掌上复议小程序。" in text.plain


def test_what_an_officer_writes_is_never_taken_for_a_place() -> None:
    one, found = letter("not_exist", on=ON), outcome("not_exist", on=ON)
    text = written(one, found, full(one, found) | {"search_record": "关键词{bases}[{remedy}]，没有发现"})
    assert "检索情况：关键词{bases}[{remedy}]，没有发现。" in text.plain


@pytest.mark.parametrize("one", FORMS, ids=lambda one: one.id)
def test_a_form_is_a_table_of_its_fields_and_blank_where_nothing_is_known(one: Letter) -> None:
    blank = compose(one.id, on=ON, sender=SENDER, to=None, fields={})
    assert [name for name, _ in blank.rows] == [field_words()[name] for name in one.fields]
    assert {content for _, content in blank.rows} == {""} and blank.paragraphs == ()
    assert lacking(one.id, on=ON, sender=SENDER, to=None, fields={}) == tuple(field_words()[name] for name in one.fields)
    fields = {name: filled(name) for name in one.fields}
    assert [content for _, content in compose(one.id, on=ON, sender=SENDER, to=None, fields=fields).rows] == [
        told(name) for name in one.fields
    ]


def test_a_slash_and_a_nought_stand_in_a_form_as_given() -> None:
    rows = dict(compose("register", on=ON, sender=SENDER, to=None, fields={"days_used": 0, "fee_amount": "/"}).rows)
    assert (rows["办理用时（工作日）"], rows["收费金额（大写和小写）"], rows["归档号"]) == ("0", "/", "")


def test_slips_of_the_caller_are_no_refusals() -> None:
    with pytest.raises(ValueError, match="no letter has the fields"):
        compose("receipt", on=ON, sender=SENDER, to=TO, fields={"reply": "x"})
    with pytest.raises(ValueError, match="does not tell"):
        compose("grant", on=ON, sender=SENDER, to=TO, fields={}, decision=Decision("not_exist"))


def test_templates_speak_of_what_exists_and_quote_no_law() -> None:
    data = load("requests/templates")
    told_by_law = {"self", "you", "bases", "grounds", "states", "remedy"}
    for name, lines in {**data["letters"], **data["outcomes"], "before": data["reply"]["before"], "after": data["reply"]["after"]}.items():
        text = "".join(lines)
        assert set(re.findall(r"\{(\w+)\}", text)) <= told_by_law | set(field_words()), name
        assert not re.search(r"第[一二三四五六七八九十]+条|《|\d", text), name
        assert text.count("[") == text.count("]"), name
    assert set(data["outcomes"]) == {entry["code"] for entry in load("requests/outcomes")["outcomes"]}
    assert set(data["letters"]) == {one.id for one in letters(on=ON) if one.direction == "outgoing" and one.remedy != "by_outcome"}
