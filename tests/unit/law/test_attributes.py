"""Attributes, grounds, validity, fields and channels: the lists in full, their bases, and errors."""

import pytest

from gongkai import law
from gongkai.law.attributes import (
    attribute,
    attributes,
    catalogue_fields,
    channel,
    channels,
    exemption,
    exemptions,
    guide_fields,
    override_words,
    validities,
    validity,
)


def test_attributes():
    assert [(entry.id, entry.label, entry.needs_reason) for entry in attributes()] == [
        ("proactive", "主动公开", False),
        ("on_request", "依申请公开", True),
        ("withheld", "不予公开", True),
    ]
    assert attribute("withheld").reason_basis == "openness-2016:attributes"
    assert (attribute("on_request").reason_basis, attribute("on_request").confidence) == (None, "setting")


@pytest.mark.parametrize(
    ("ground", "basis", "duty", "overrides"),
    [
        ("14a", "reg:14", "must_not", ()),
        ("14b", "reg:14", "must_not", ()),
        ("14c", "reg:14", "must_not", ()),
        ("15", "reg:15", "must_not", ("consent", "public_interest")),
        ("16-1a", "reg:16.1", "may_withhold", ()),
        ("16-1b", "reg:16.1", "may_withhold", ()),
        ("16-1c", "reg:16.1", "may_withhold", ()),
        ("16-2a", "reg:16.2", "may_withhold", ("statute",)),
        ("16-2b", "reg:16.2", "may_withhold", ("statute",)),
        ("16-2c", "reg:16.2", "may_withhold", ("statute",)),
        ("16-2d", "reg:16.2", "may_withhold", ("statute",)),
        ("16-3", "reg:16.2", "may_withhold", ("statute",)),
    ],
)
def test_exemption(ground, basis, duty, overrides):
    found = exemption(ground)
    assert (found.basis, found.duty, found.overrides) == (basis, duty, overrides)
    assert set(found.overrides) <= set(override_words())


def test_the_grounds_name_what_the_articles_name():
    named = {entry.id: entry.title for entry in exemptions()}
    assert len(named) == 12
    words = {
        "14a": ["国家秘密"],
        "14b": ["法律、行政法规禁止公开"],
        "14c": ["国家安全", "公共安全", "经济安全", "社会稳定"],
        "15": ["商业秘密", "个人隐私"],
        "16-1a": ["人事管理"],
        "16-1b": ["后勤管理"],
        "16-1c": ["内部工作流程"],
        "16-2a": ["讨论记录"],
        "16-2b": ["过程稿"],
        "16-2c": ["磋商信函"],
        "16-2d": ["请示报告"],
        "16-3": ["行政执法案卷"],
    }
    assert all(word in named[ground] for ground, expected in words.items() for word in expected)


def test_validities():
    assert [(entry.id, entry.label, entry.needs_day, entry.basis) for entry in validities()] == [
        ("in_force", "有效", False, None),
        ("lapsed", "失效", True, None),
        ("repealed", "废止", True, None),
    ]


def test_required_fields():
    assert [entry.label for entry in guide_fields()] == [
        "政府信息的分类",
        "政府信息的编排体系",
        "政府信息的获取方式",
        "政府信息公开工作机构的名称",
        "办公地址",
        "办公时间",
        "联系电话",
        "传真号码",
        "互联网联系方式",
    ]
    assert [entry.label for entry in catalogue_fields()] == ["索引", "名称", "内容概述", "生成日期"]
    assert {entry.basis for entry in guide_fields()} == {"reg:12.2"}
    assert {entry.basis for entry in catalogue_fields()} == {"reg:12.3"}


def test_channels():
    assert {entry.id: entry.basis for entry in channels()} == {
        **dict.fromkeys(["site", "gazette", "press_conference", "newspaper", "radio", "tv", "wechat", "weibo"], "reg:23"),
        **dict.fromkeys(["notice_board", "led_screen"], "reg:25.2"),
        "service_window": "reg:25.1",
        **dict.fromkeys(["archive", "library"], "reg:25.3"),
        **dict.fromkeys(["leaflet", "oa"], None),
    }
    assert {entry.id for entry in channels() if entry.place == "handover"} == {"archive", "library"}
    assert {entry.id for entry in channels() if entry.place == "site"} == {"notice_board", "led_screen", "service_window"}


def test_every_basis_can_be_cited_and_every_id_stands_once():
    for entries in (attributes(), exemptions(), validities(), guide_fields(), catalogue_fields(), channels()):
        assert len({entry.id for entry in entries}) == len(entries)
        assert all(law.cite(entry.basis).startswith("《") for entry in entries if entry.basis)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (attribute, "没有代号为“secret”的公开属性。"),
        (exemption, "没有代号为“secret”的不予公开情形。"),
        (validity, "没有代号为“secret”的有效性。"),
        (channel, "没有代号为“secret”的发布渠道。"),
    ],
)
def test_an_unknown_id_is_said(ask, message):
    with pytest.raises(law.LawMissing) as missing:
        ask("secret")
    assert missing.value.message == message
