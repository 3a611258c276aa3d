"""The law of requests: data that point to what exists, and errors that say what is wrong."""

import datetime
import string
from itertools import combinations

import pytest

from gongkai import law
from gongkai.law.attributes import exemptions
from gongkai.law.citation import cite_all
from gongkai.law.requests import letter, outcome, outcomes
from gongkai.law.requests.periods import holding
from gongkai.law.screening import sentence_around
from gongkai.law.store import load

ON = datetime.date(2026, 3, 2)
OUTCOMES = load("requests/outcomes")["outcomes"]
LETTERS = load("requests/letters")["letters"]
REMEDIES = load("requests/remedies")
DATED = [
    *((basis, entry["from"]) for entry in OUTCOMES for basis in entry["bases"]),
    *(
        (basis, entry["from"])
        for entry in LETTERS
        for basis in (entry["basis"], *(entry["articles"] if isinstance(entry["articles"], list) else []))
    ),
    *((entry["basis"], entry["from"]) for entry in (*load("requests/fees")["methods"], *REMEDIES["organs"], REMEDIES["first"])),
    *((basis, REMEDIES["classes"]["silence"]["from"]) for basis in REMEDIES["classes"]["silence"]["bases"]),
]


@pytest.mark.parametrize(("basis", "day"), sorted(set(DATED)))
def test_a_basis_binds_from_the_day_of_its_entry(basis, day):
    assert law.instrument(basis.partition(":")[0]).is_in_force(day=day)
    assert law.cite(basis).startswith("《")


@pytest.mark.parametrize("entry", OUTCOMES, ids=lambda entry: f"{entry['code']} {entry['from']}")
def test_an_outcome_points_to_what_exists(entry):
    found = outcome(entry["code"], on=entry["from"])
    assert letter(found.letter, on=entry["from"]).remedy == "by_outcome"
    assert set(found.grounds) <= {ground.id for ground in exemptions()}
    assert set(found.parts) <= {other.code for other in outcomes(on=entry["from"])} - {found.code}
    assert found.remedy not in found.remedy_others
    assert (found.remedy == "by_ground") == bool(found.parts)
    assert (found.remedy == "R2") == (not found.grounds)
    assert set(found.unsure) <= {"row", "letter", "remedy"} and set(found.unsure.values()) <= {"setting", "memory-high"}
    for edition, row in found.rows.items():
        assert next(known for known in law.report_format(edition).table("t3").rows if known.id == row).leaf


def test_no_code_stands_twice_on_one_day():
    for first, second in combinations(OUTCOMES, 2):
        if first["code"] == second["code"]:
            assert first["until"] + datetime.timedelta(days=1) == second["from"]


def test_a_form_without_the_row_is_said():
    with pytest.raises(law.LawMissing) as missing:
        outcome("grant", on=ON).row("pre2019")
    assert missing.value.message == "pre2019版年度报告格式中没有“予以公开”对应的行。"


def test_the_only_ground_is_taken_and_others_are_put_in_order():
    assert outcome("deny_safety", on=ON).chosen(()) == ("14c",)
    assert outcome("grant", on=ON).chosen(()) == ()
    assert outcome("partial", on=ON).chosen(["not_exist", "16-3", "14a"]) == ("14a", "16-3", "not_exist")


def test_a_reply_rests_on_its_article_and_its_grounds_once():
    assert outcome("deny_process", on=ON).rests_on(["16-2a", "16-2c"], on=ON) == ("reg:16.2",)
    assert outcome("partial", on=ON).rests_on(["16-1a", "repeat"], on=ON) == ("reg:37", "reg:16.1", "reg:36(6)")


def test_roles_sentences_and_values_of_remedies_fit_together():
    assert {role for entry in REMEDIES["organs"] for role in entry["to"]} == set(REMEDIES["roles"])
    for told in REMEDIES["classes"].values():
        asked = {name for _, name, _, _ in string.Formatter().parse(told["sentence"]) if name}
        assert asked - {"what", "act", "to", "court"} == set(told["values"])
        assert ("court" in asked) == ("litigation_direct_limit" in told["values"])


def test_grounds_that_come_first_are_those_of_the_exemptions():
    articles = {ground.basis.partition(".")[0] for ground in exemptions()}
    assert articles == set(REMEDIES["first"]["grounds"])


def test_several_bases_name_an_instrument_once():
    assert cite_all(["reg:36(4)"]) == "《中华人民共和国政府信息公开条例》第三十六条第（四）项"
    assert cite_all(["litig:46", "recon:23", "recon:20", "recon:23"]) == (
        "《中华人民共和国行政诉讼法》第四十六条和《中华人民共和国行政复议法》第二十条、第二十三条"
    )


def test_an_entry_of_another_day_is_named():
    entries = [{"id": "a", "words": "甲", "from": datetime.date(2020, 1, 1), "until": datetime.date(2020, 12, 31)}]
    assert holding(entries, key="id", name="a", on=datetime.date(2020, 12, 31), what="事项") is entries[0]
    for day in (datetime.date(2019, 12, 31), datetime.date(2021, 1, 1)):
        with pytest.raises(law.LawMissing) as missing:
            holding(entries, key="id", name="a", on=day, what="事项")
        assert missing.value.message == f"没有{day.year}年{day.month}月{day.day}日有效的事项“甲”。"


def test_a_sentence_ends_at_its_signs():
    text = "甲。乙丙丁；戊"
    assert sentence_around(text, 3, 4) == "乙丙丁"
    assert sentence_around("字" * 1000, 500, 501) == "字" * 401
