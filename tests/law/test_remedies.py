"""Runs ``remedies.yaml``: classes, organs and paragraphs that people wrote down from the statutes."""

import datetime
from pathlib import Path

import pytest
import yaml

from gongkai import law
from gongkai.errors import Refused
from gongkai.law.requests import abolished, outcomes, paragraph, remedy
from gongkai.law.requests.remedies import plain_remedy, remedy_class, silence
from gongkai.screening import screen

CASES = yaml.safe_load(Path(__file__).with_name("remedies.yaml").read_text("utf-8"))
ON = datetime.date(2026, 3, 2)
COUNTY, COURT = {"county_government": "临湖县人民政府"}, "临湖县人民法院"


def _asked(case):
    return {"outcome": case["outcome"], "grounds": case.get("grounds", ()), "signed": case.get("signed")}


def _told(case):
    found = remedy(outcome=case["outcome"], organ=case["organ"], on=ON, grounds=case.get("grounds", ()))
    channel = case.get("channel", "")
    return paragraph(found, names=case["names"], court=case.get("court", ""), served_online=bool(channel), channel=channel)


@pytest.mark.parametrize("case", CASES["classes"], ids=lambda case: " ".join(map(str, case.values())))
def test_class(case):
    assert remedy_class(**_asked(case), on=case["day"]) == case["then"]


def test_every_outcome_has_a_class():
    assert {case["outcome"] for case in CASES["classes"]} == {found.code for found in outcomes(on=ON)}


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["then"])
def test_a_class_that_is_refused(case):
    with pytest.raises(Refused) as refused:
        remedy_class(**_asked(case), on=ON)
    assert refused.value.message == case["then"]


@pytest.mark.parametrize(("organ", "then"), CASES["organs"].items())
def test_who_reconsiders(organ, then):
    found = remedy(outcome="grant", organ=organ, on=ON)
    assert [role.words for role in found.to] == then["to"]
    assert then["basis"] in found.bases


def test_only_an_organ_led_from_above_has_a_department_to_reconsider():
    departments = {organ for organ, then in CASES["organs"].items() if "主管部门" in "".join(then["to"])}
    assert departments == {"vertical"}


@pytest.mark.parametrize("case", CASES["wrong_names"], ids=lambda case: case["then"])
def test_a_name_that_may_not_stand(case):
    with pytest.raises(Refused) as refused:
        paragraph(remedy(outcome="deny_safety", organ=case["organ"], on=ON), names=case["names"])
    assert (refused.value.message, refused.value.basis) == (case["then"], CASES["organs"][case["organ"]]["basis"])


@pytest.mark.parametrize("case", CASES["paragraphs"], ids=lambda case: case["name"])
def test_paragraph(case):
    assert _told(case) == case["then"]


@pytest.mark.parametrize("case", CASES["paragraphs"], ids=lambda case: case["name"])
def test_a_paragraph_passes_our_own_screening(case):
    refusal = case["outcome"] in ("partial", "deny_process", "deny_enforcement_file")
    letter = f"政府信息{'不予公开' if refusal else ''}告知书\n经审查，答复如下{'：不予公开' if refusal else ''}。\n{case['then']}"
    hits = [hit.message for hit in screen(text=letter, on=ON) if hit.code.startswith("wording.")]
    assert (hits, abolished(letter, ON)) == ([], ())


def test_silence_recommends_and_never_orders():
    told = paragraph(silence(organ="township", on=ON), names=COUNTY, court=COURT)
    assert told == CASES["silence"]
    assert "应当先" not in told


def test_silence_is_settled_since_the_interpretation_of_2025():
    assert silence(organ="township", on=datetime.date(2025, 6, 1)).id == "silence"
    with pytest.raises(law.LawMissing) as missing:
        silence(organ="township", on=datetime.date(2025, 5, 31))
    assert missing.value.message == "没有2025年5月31日有效的“逾期未答复”救济途径数据。"


def test_a_third_party_is_told_the_same_ways_against_the_decision():
    assert paragraph(plain_remedy(organ="township", on=ON, act="本决定"), names=COUNTY, court=COURT) == CASES["third_party"]


def test_periods_before_2024_are_not_loaded():
    with pytest.raises(law.LawMissing) as missing:
        remedy(outcome="grant", organ="township", on=datetime.date(2023, 12, 31))
    assert missing.value.message == "没有2023年12月31日有效的“申请行政复议期限”数据。"


def test_an_unknown_kind_of_organ_is_said():
    with pytest.raises(law.LawMissing) as missing:
        remedy(outcome="grant", organ="village", on=ON)
    assert missing.value.message == "没有代号为“village”的行政复议管辖。"


@pytest.mark.parametrize(
    ("outcome", "grounds", "needed"),
    [("grant", (), True), ("deny_safety", (), False), ("partial", ("15",), True), ("partial", ("not_exist",), True)],
)
def test_a_court_is_named_where_one_may_go_there_at_once(outcome, grounds, needed):
    found = remedy(outcome=outcome, organ="township", on=ON, grounds=grounds)
    assert found.needs_court == needed
    if needed:
        with pytest.raises(Refused) as refused:
            paragraph(found, names=COUNTY, court=" ")
        assert refused.value.message == "没有写明可以提起行政诉讼的人民法院，请填写法院名称。"


def test_what_is_served_through_the_internet_names_the_channel():
    with pytest.raises(Refused) as refused:
        paragraph(remedy(outcome="grant", organ="township", on=ON), names=COUNTY, court=COURT, served_online=True)
    assert refused.value.message == "本件通过互联网送达，请写明提交行政复议申请的互联网渠道。"
    assert refused.value.basis == "recon:22.2"
