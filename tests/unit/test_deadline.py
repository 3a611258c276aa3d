"""``gongkai deadline``: what the command line says of a limit."""

from __future__ import annotations

import json

import pytest

from gongkai import cli


def said(capsys: pytest.CaptureFixture[str], *line: str) -> str:
    assert cli.main(["deadline", *line]) == 0
    return capsys.readouterr().out


def test_the_object_has_the_day_and_every_step_to_it(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said(capsys, "2024-01-22", "--days", "20", "--json"))
    assert set(told) == {"due", "provisional", "reason", "steps"}
    assert (told["due"], told["provisional"], told["reason"]) == ("2024-02-22", False, None)
    steps = told["steps"]
    assert [step["counted"] for step in steps] == [4, 0, 5, 0, 1, 5, 0, 1, 4]
    assert (steps[0]["from"], steps[-1]["until"], steps[-1]["total"]) == ("2024-01-23", "2024-02-22", 20)
    assert steps[6] == {
        "from": "2024-02-10",
        "until": "2024-02-17",
        "counted": 0,
        "total": 15,
        "words": "2024年2月10日至2月17日，春节，不计",
    }


def test_without_days_it_is_the_limit_of_the_law_of_that_day(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "2024-01-22")
    assert "期限20个工作日（《中华人民共和国政府信息公开条例》第三十三条第二款）" in told
    assert told.rstrip().endswith("期限届满日：2024-02-22")


def test_past_the_last_announced_year_it_is_provisional_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said(capsys, "2026-12-04", "--days", "20", "--json"))
    assert told["provisional"] and "暂定" in told["reason"]
    assert "（暂定）" in said(capsys, "2026-12-04", "--days", "20")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["2024-13-01"], "不是日期"),
        (["2024-01-22", "--days", "0"], "不是工作日的天数"),
        (["2024-01-22", "--days", "-3"], "不是工作日的天数"),
        (["2024-01-22", "--days", "1001"], "不是工作日的天数"),
        (["2024-01-22", "--days", "٣"], "不是工作日的天数"),
        ([], "还缺少"),
        (["1990-01-01", "--days", "3"], "没有载入"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused_in_words(capsys: pytest.CaptureFixture[str], line: list[str], words: str) -> None:
    assert cli.main(["deadline", *line]) == 2
    assert words in capsys.readouterr().err
