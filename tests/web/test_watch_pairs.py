"""Near-duplicates and contradictions: what is found on made pairs, who sees what of them, and what is decided."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.watch import actions as watch
from gongkai.web.disclosure.watch import likeness
from gongkai.web.disclosure.watch import queries as watched_queries
from gongkai.web.disclosure.watch.models import Band, Lookalike, Signature
from gongkai.web.ledger.proof import verify
from tests.web.conftest import DAY, County, content
from tests.web.test_walk import client_of
from tests.web.watched import NOTICE, two_alike

OPENING = "为进一步改善农村人居环境，现将本年度整治工作安排公布如下，请各村（社区）遵照执行，确保各项任务按时完成，让群众得到实惠。"
POLICY = (
    "<p>一、整治范围为主要道路沿线和村庄公共区域。</p><p>二、补助标准为每户{amount}元，由财政所在验收合格后15个工作日内拨付。</p>"
    "<p>三、各村于{day}前上报名单，逾期不补。</p>"
)


def agencies(*codes: str) -> Any:
    return Agency.objects.filter(code__in=codes)


def pairs() -> list[tuple[str, tuple[str, ...]]]:
    return [(row.kind, tuple(row.differs)) for row in Lookalike.objects.order_by("pk")]


# What is found.


def test_a_copied_notice_with_the_organs_name_changed_is_found(county: County) -> None:
    body = f"<p>青禾镇人民政府通知：{OPENING}</p>{NOTICE}<p>青禾镇人民政府2026年2月27日</p>"
    county.published(title="青禾镇关于森林防火的通知", body=body)
    county.published("baishu", title="柏树乡关于森林防火的通知", body=body.replace("青禾镇", "柏树乡"))
    assert likeness.refresh() == 2
    assert pairs() == [("duplicate", ())]
    assert Lookalike.objects.get().score >= 98


def test_one_template_with_other_facts_is_no_duplicate(county: County) -> None:
    for number, (name, amount, day) in enumerate(
        (("张某", "500", "1月5日"), ("李某", "1200", "2月9日"), ("王某", "800", "2月14日")), start=1
    ):
        body = (
            f"<p>当事人{name}于2026年{day}在林区边缘焚烧秸秆，面积{number}.5亩，违反了《大气污染防治法》第七十七条的规定。经调查核实，"
            f"当事人对违法事实没有异议。依据该法第一百一十九条，决定处以罚款{amount}元。当事人应当自收到本决定书之日起15日内缴纳罚款，"
            "逾期不缴纳的，每日按罚款数额的百分之三加处罚款。</p>"
        )
        county.published(
            title=f"关于{name}焚烧秸秆的行政处罚决定", body=body, kind="penalty", column="a20_06", document_number=f"青禾罚决〔2026〕{number}号",
            details={"subject": "焚烧秸秆行政处罚", "decided_on": "2026-02-27"},
        )  # fmt: skip
    likeness.refresh()
    assert pairs() == []


def test_one_document_number_with_other_figures_is_a_contradiction(county: County) -> None:
    number = "云政发〔2026〕8号"
    county.published(title="云川县农村人居环境整治方案", body=OPENING + POLICY.format(amount=300, day="3月31日"), document_number=number)
    county.published(
        "jiaotong", title="云川县农村人居环境整治方案", body=OPENING + POLICY.format(amount=500, day="3月31日"), document_number="云政发[2026]8 号",
    )  # fmt: skip
    likeness.refresh()
    assert pairs() == [("contradiction", ("figures",))]
    pair = watched_queries.pair_seen_by(county.person("qinghe", "office_head"), Lookalike.objects.get().pk)
    assert pair is not None
    assert [side.only_here for side in pair.sides] == [["300元"], ["500元"]]


def test_one_document_number_with_another_title_or_day_is_a_contradiction(county: County) -> None:
    said = {"document_number": "云政发〔2026〕9号", "body": f"<p>{OPENING}</p>"}
    county.published(title="关于整治人居环境的通知", **said)
    county.published("baishu", title="关于春季义务植树的公告", formed_on=DAY, **said)
    likeness.refresh()
    assert pairs() == [("contradiction", ("title", "formed_on"))]


def test_the_same_document_published_by_two_organs_is_a_duplicate(county: County) -> None:
    said = {"document_number": "云政发〔2026〕9号", "body": f"<p>{OPENING}</p>", "title": "关于整治人居环境的通知"}
    county.published(**said)
    county.published("baishu", **said)
    likeness.refresh()
    assert pairs() == [("duplicate", ())]


def test_short_texts_are_not_compared(county: County) -> None:
    for organ in ("qinghe", "baishu"):
        county.published(organ, title="见附件", body="<p>见附件。</p>")
    likeness.refresh()
    assert pairs() == [] and not Band.objects.exists()


def test_refresh_goes_on_where_it_stopped(county: County) -> None:
    for number in range(5):
        county.published(title=f"第{number}号")
    assert [likeness.refresh(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert Signature.objects.count() == 5


def test_the_signatures_of_what_nobody_sees_any_more_are_dropped(county: County) -> None:
    item = county.published(body=NOTICE).item
    likeness.refresh()
    actions.revise(person=county.person("qinghe", "drafter"), on=DAY, item=item, content=content(title="更正", body=NOTICE))
    county.reviewed(item)
    likeness.refresh()
    assert Signature.objects.filter(item=item).count() == 2
    actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
    likeness.refresh()
    assert Signature.objects.filter(item=item).count() == 1


# Who sees what.


def test_only_what_is_public_crosses_from_organ_to_organ(county: County) -> None:
    county.published(title="关于森林防火的通知", body=NOTICE)
    item = county.draft("baishu", title="柏树乡内部稿", body=NOTICE)
    county.reviewed(item, organ="baishu", stop_after=0)
    likeness.refresh()
    own, other = county.person("baishu", "office_head"), county.person("qinghe", "office_head")
    pair = Lookalike.objects.get()
    seen = watched_queries.pair_seen_by(own, pair.pk)
    assert seen is not None and [agency.code for agency in seen.undecided] == ["baishu"]
    assert watched_queries.pair_seen_by(other, pair.pk) is None
    assert not watched_queries.open_pairs(agencies("qinghe")).exists()
    for address in (reverse("office:pairs"), reverse("office:home")):
        assert "柏树乡内部稿" not in client_of(other).get(address).content.decode()
    assert client_of(other).get(reverse("office:pair", args=[pair.pk])).status_code == 404
    item.refresh_from_db()
    decided = item.current.runs.get()
    for name in decided.stages:
        from gongkai.web.review.actions import decide
        from gongkai.web.review.stages import stages
        from tests.web.conftest import REVIEWERS

        decide(run=decided, person=county.person("baishu", REVIEWERS[name]), on=DAY, is_passed=True, checked=stages()[name].checklist)
    actions.publish(person=own, on=DAY, item=item)
    likeness.refresh()
    assert Lookalike.objects.count() == 1
    assert watched_queries.pair_seen_by(other, pair.pk) is not None


def test_two_unpublished_items_of_two_organs_are_no_pair(county: County) -> None:
    for organ in ("qinghe", "baishu"):
        county.reviewed(county.draft(organ, body=NOTICE), organ=organ, stop_after=0)
    likeness.refresh()
    assert pairs() == []


def test_inside_one_organ_a_draft_under_review_is_compared_too(county: County) -> None:
    county.published(body=NOTICE, title="关于森林防火的通知")
    county.reviewed(county.draft(body=NOTICE, title="关于森林防火工作的通知"), stop_after=0)
    likeness.refresh()
    assert watched_queries.open_pairs(agencies("qinghe")).count() == 1


def test_a_withdrawn_item_leaves_the_list(county: County) -> None:
    pair = two_alike(county, other="baishu")
    assert watched_queries.open_pairs(agencies("qinghe")).count() == 1
    publication = pair.other.publications.get()
    actions.withdraw(person=county.person("baishu", "office_head"), on=DAY, publication=publication, reason="重复")
    assert not watched_queries.open_pairs(agencies("qinghe")).exists()


# What is decided.


def test_each_organ_decides_for_itself(county: County) -> None:
    pair = two_alike(county, other="baishu")
    heads = {organ: county.person(organ, "office_head") for organ in ("qinghe", "baishu")}
    said = {"lookalike": pair, "verdict": "same", "burden": pair.other, "reason": "以青禾镇的为准"}
    watch.settle(person=heads["qinghe"], on=DAY, agency=county.organs["qinghe"], **said)
    assert not watched_queries.open_pairs(agencies("qinghe")).exists()
    assert watched_queries.open_pairs(agencies("baishu")).count() == 1
    page = client_of(heads["baishu"]).get(reverse("office:pair", args=[pair.pk])).content.decode()
    assert "以青禾镇的为准" in page
    assert [row.burden_id for row in watched_queries.burdened(agencies("baishu"))] == [pair.other_id]
    actions.withdraw(person=heads["baishu"], on=DAY, publication=pair.other.publications.get(), reason="与青禾镇的重复")
    assert not watched_queries.burdened(agencies("baishu")).exists()
    assert "watch.settle" in {entry.action for entry in queries.history_of(pair.one)}
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"verdict": ""}, "请选择处理结论。"),
        ({"reason": " "}, "请写明理由。另一个机关看得到您的结论和理由。"),
        ({"verdict": "same", "burden": None}, "请选择由哪一条撤回。"),
        ({"verdict": "contradiction", "burden": None}, "请选择由哪一条更正。"),
    ],
)
def test_a_decision_says_all_it_must(county: County, changes: dict[str, Any], words: str) -> None:
    pair = two_alike(county)
    said = {"lookalike": pair, "verdict": "same", "burden": pair.other, "reason": "重复", **changes}
    with pytest.raises(Refused) as caught:
        watch.settle(person=county.person("qinghe", "office_head"), on=DAY, agency=county.organs["qinghe"], **said)
    assert caught.value.message == words


def test_a_stranger_to_the_pair_decides_nothing(county: County) -> None:
    pair = two_alike(county)
    with pytest.raises(Refused) as caught:
        watch.settle(
            person=county.person("baishu", "office_head"),
            on=DAY,
            agency=county.organs["baishu"],
            lookalike=pair,
            verdict="both",
            reason="x",
        )
    assert caught.value.message == "这两条信息都不是这个机关的。"


def test_a_decision_is_made_on_the_page(county: County) -> None:
    pair = two_alike(county)
    client = client_of(county.person("qinghe", "office_head"))
    address = reverse("office:pair", args=[pair.pk])
    assert client.post(address, {"verdict": "same", "reason": ""}).status_code == 422
    assert client.post(address, {"verdict": "same", "burden": pair.one_id, "reason": "发重了"}).status_code == 302
    assert "发重了" in client.get(address).content.decode()
    assert client.post(address, {"verdict": "both", "reason": "再来"}).status_code == 404


def test_a_new_revision_is_a_new_pair(county: County) -> None:
    pair = two_alike(county)
    watch.settle(
        person=county.person("qinghe", "office_head"),
        on=DAY,
        agency=county.organs["qinghe"],
        lookalike=pair,
        verdict="both",
        reason="各有用处",
    )
    later = DAY + datetime.timedelta(days=1)
    actions.revise(person=county.person("qinghe", "drafter"), on=later, item=pair.other, content=content(title="又改了一次", body=NOTICE))
    actions.publish(person=county.person("qinghe", "office_head"), on=later, item=county.reviewed(pair.other))
    likeness.refresh()
    assert watched_queries.open_pairs(agencies("qinghe")).count() == 1
