"""Duties: what an unknown name is told."""

import pytest

from gongkai.law import LawMissing
from gongkai.law.duties import duties, duty


def test_an_unknown_duty_is_said():
    with pytest.raises(LawMissing) as missing:
        duty("a20_16")
    assert missing.value.message == "没有代号为“a20_16”的主动公开内容。"


def test_an_unknown_kind_of_organ_is_said():
    with pytest.raises(LawMissing) as missing:
        duties(kind="village")
    assert missing.value.message == "没有“village”类机关主动公开内容的数据。"


def test_a_duty_does_not_change():
    with pytest.raises(AttributeError):
        duty("a20_01").title = "其他"
