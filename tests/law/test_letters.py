"""Runs ``letters.yaml``: the set of letters, what they lack and name, and what stops them."""

import datetime
from pathlib import Path

import pytest
import yaml

from gongkai import law
from gongkai.law.numbering import number_kind, render_number, serial_key
from gongkai.law.requests import abolished, letter, missing, outcome, outcomes
from gongkai.law.requests.letters import articles, field_words, letters, number_values, required, states, unnamed, unwanted
from gongkai.law.store import load

CASES = yaml.safe_load(Path(__file__).with_name("letters.yaml").read_text("utf-8"))
ON = datetime.date(2026, 3, 2)
SET = letters(on=ON)


def _outcome(case):
    return outcome(case["outcome"], on=ON) if "outcome" in case else None


def test_the_set():
    assert [[told.number, told.id, told.series, told.remedy] for told in SET] == CASES["set"]


@pytest.mark.parametrize("told", SET, ids=lambda told: told.id)
def test_a_letter_is_whole(told):
    assert law.cite(told.basis).startswith("《")
    assert all(law.cite(basis).startswith("《") for basis in told.articles or ())
    assert told.direction in {"outgoing", "incoming", "internal", "register"}
    assert told.addressee in {None, "applicant", "third_party", "co_organ", "unit", "keeper"}
    assert (told.articles is None) == (told.remedy == "by_outcome")
    assert told.confidence in {"seen", "memory-high", "setting"}
    assert told.fields


def test_what_leaves_the_organ_has_a_head_an_end_and_an_addressee():
    for told in SET:
        outgoing = told.direction == "outgoing"
        assert ({"organ", "addressee", "contact"} <= set(told.fields)) == outgoing
        assert ({"dated_on", "seal"} <= set(told.on_signing)) == outgoing
        assert ("number" in told.on_signing) == (told.series is not None)
        assert told.addressee or not outgoing


def test_steps_before_the_reply_tell_no_remedy():
    steps = {
        "supplement",
        "explain_reason",
        "extension",
        "consult_third_party",
        "consult_notice_applicant",
        "consult_coorgan",
        "fee_notice",
    }
    assert {told.id for told in SET if told.direction == "outgoing" and told.remedy == "none"} == steps | {"receipt"}


def test_every_reply_tells_an_outcome_and_every_outcome_is_told():
    assert {told.id for told in SET if told.remedy == "by_outcome"} == {found.letter for found in outcomes(on=ON)}


def test_fields_are_named_once_used_and_known():
    asked = {name for told in SET for name in (*told.fields, *told.on_signing)}
    asked |= {name for found in outcomes(on=ON) for name in (*found.given, *found.given_if_known)}
    assert set(field_words()) == asked | {"attachments"}  # any letter may have some
    assert len(set(field_words().values())) == len(field_words())


@pytest.mark.parametrize("case", CASES["lacks"], ids=lambda case: f"{case['letter']} {case.get('outcome', '')}")
def test_what_a_letter_lacks(case):
    assert list(missing(letter(case["letter"], on=ON), given=case["given"], outcome=_outcome(case))) == case["then"]


def test_what_the_organ_may_not_know_is_never_missing():
    found = outcome("not_this_organ", on=ON)
    assert found.given_if_known == ("right_organ", "right_organ_contact")
    assert not set(found.given_if_known) & set(required(letter("not_this_organ", on=ON), found))


@pytest.mark.parametrize(("name", "code"), [("deny", "grant"), ("deny", None), ("supplement", "grant")])
def test_a_letter_tells_its_own_outcomes_only(name, code):
    with pytest.raises(ValueError, match=f"the letter {name} does not tell"):
        required(letter(name, on=ON), code and outcome(code, on=ON))


@pytest.mark.parametrize("case", CASES["names"], ids=lambda case: f"{case['letter']} {case.get('outcome', '')}")
def test_what_a_letter_must_name(case):
    told = letter(case["letter"], on=ON)
    assert list(articles(told, on=ON, outcome=_outcome(case), grounds=case.get("grounds", ()))) == case["then"]


def test_a_reply_names_nothing_without_its_outcome():
    with pytest.raises(ValueError, match="names what its outcome rests on"):
        articles(letter("deny", on=ON), on=ON)


@pytest.mark.parametrize("case", CASES["unnamed"], ids=lambda case: case["text"])
def test_what_a_text_does_not_name(case):
    assert list(unnamed(case["text"], case["bases"])) == case["then"]


@pytest.mark.parametrize("case", CASES["abolished"], ids=lambda case: case["text"])
def test_wording_that_stops_a_letter(case):
    found = abolished(case["text"], case.get("day", ON))
    assert [[hit.id, hit.quote] for hit in found] == case["then"]
    for hit in found:
        assert case["text"][hit.start :].startswith(hit.quote)
        assert hit.says and hit.instead and law.cite(hit.basis).startswith("《")


@pytest.mark.parametrize("told", [told for told in SET if told.states], ids=lambda told: told.id)
def test_what_a_letter_states_holds_no_gap_and_passes(told):
    said = states(told, organ="本机关", on=ON)
    assert len(said) == len(told.states)
    assert "{" not in "".join(said)
    assert abolished("".join(said), ON) == ()


def test_periods_that_letters_state():
    assert states(letter("consult_third_party", on=ON), organ="本机关", on=ON) == (
        "请自收到本征求书之日起15个工作日内提出意见。",
        "逾期未提出意见的，由本机关依照《政府信息公开条例》的规定决定是否公开。",
    )
    assert states(letter("consult_coorgan", on=ON), organ="我局", on=ON)[1] == "逾期未提出意见的，视为同意公开。"
    first = "请自收到本通知书的次日起20个工作日内缴纳；逾期未缴纳的，视为放弃申请，青禾镇人民政府不再处理本申请。"
    assert states(letter("fee_notice", on=ON), organ="青禾镇人民政府", on=ON)[0] == first


def test_letters_have_the_days_of_their_law():
    eve = datetime.date(2020, 12, 31)
    assert "fee_notice" not in {told.id for told in letters(on=eve)}
    with pytest.raises(law.LawMissing) as missing_letter:
        letter("fee_notice", on=eve)
    assert missing_letter.value.message == "没有2020年12月31日有效的文书“政府信息公开信息处理费收费通知书”。"
    assert letters(on=datetime.date(2019, 5, 14)) == ()


def test_numbers_by_series_and_in_one_series():
    each, one = number_kind("document").patterns[2], number_kind("document").patterns[1]
    refusal, told = letter("deny", on=ON), letter("grant", on=ON)
    values = number_values(refusal, pattern=each, mark="青政")
    assert render_number(each, values=values, serial=3, on=ON) == "青政政信公开拒〔2026〕3号"
    assert serial_key(each, values=values, on=ON) != serial_key(each, values=number_values(told, pattern=each, mark="青政"), on=ON)
    assert number_values(refusal, pattern=one, mark="青政") == number_values(told, pattern=one, mark="青政") == {"代字": "青政"}
    with pytest.raises(law.LawMissing) as numberless:
        number_values(letter("receipt", on=ON), pattern=one, mark="青政")
    assert numberless.value.message == "“政府信息公开申请接收回执”没有自己的文号。"


def test_every_series_is_named():
    assert {told.series for told in SET if told.series} == set(load("requests/letters")["series"])


def test_a_third_party_is_not_told_who_asked():
    for told in SET:
        hidden = (
            {"applicant", "identity", "applicant_contact"} if told.direction == "outgoing" and told.addressee == "third_party" else set()
        )
        assert set(told.never) == hidden
        assert not hidden & set(told.fields)
    asked = letter("consult_third_party", on=ON)
    assert unwanted(asked, given=[*asked.fields, "applicant", "content"]) == ("申请人姓名或者名称",)
    assert unwanted(letter("grant", on=ON), given=["applicant", "identity"]) == ()


def test_an_unknown_letter_is_said():
    with pytest.raises(law.LawMissing) as unknown:
        letter("D99", on=ON)
    assert unknown.value.message == "没有代号为“D99”的文书。"
