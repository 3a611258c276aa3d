"""What an organ published before it used the platform comes in by one approved run, a batch an entry."""

from __future__ import annotations

import csv
import datetime
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from gongkai.errors import Refused
from gongkai.web.disclosure import queries
from gongkai.web.disclosure.models import Delivery, Item, Publication
from gongkai.web.disclosure.past import actions as past
from gongkai.web.disclosure.past.models import PastBatch, PastRun
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review.models import Revision
from tests.web.conftest import DAY, County
from tests.web.test_guards import past_guard
from tests.web.test_ledger import without_triggers
from tests.web.test_walk import client_of

HEADINGS = ["标题", "正文", "发布日期", "形成日期", "类别", "栏目", "索引号", "文号", "渠道"]
TITLE = "青禾镇{n}号通知"


def row(n: int, **changes: str) -> list[str]:
    """One line; its days are in 2019, when nothing of it was on the platform."""
    said = {
        "标题": TITLE.format(n=n), "正文": f"第{n}号通知的正文。\n请各村照办。", "发布日期": "2019-06-05", "形成日期": "2019-06-03",
        "类别": "通知公告", "栏目": "a20_07", "索引号": "", "文号": "", "渠道": "政府网站",
    }  # fmt: skip
    return [{**said, **changes}[name] for name in HEADINGS]


def table(*rows: list[str]) -> bytes:
    """The lines as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADINGS, *rows])
    return out.getvalue().encode()


def hand_in(county: County, data: bytes, **changes: Any) -> PastRun:
    """The file handed in by the drafter."""
    said = {"agency": county.organs["qinghe"], "file_name": "旧网站.csv", "source": "原网站2026年2月导出", **changes}
    run: PastRun = past.hand_in(person=county.person("qinghe", "drafter"), on=DAY, data=data, **said)
    return run


def approve(county: County, run: PastRun) -> PastRun:
    """The file approved by the head of the disclosure office."""
    decided: PastRun = past.decide(
        person=county.person("qinghe", "office_head"), on=DAY, run=run, is_approved=True, reason="抽查50条，与原网站一致"
    )
    return decided


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """Batches of three, so that a file of seven takes three of them."""
    monkeypatch.setattr(past, "BATCH", 3)
    return 3


def test_an_approved_file_becomes_publications_of_their_own_days(county: County, small: int) -> None:
    run = approve(county, hand_in(county, table(*(row(n) for n in range(1, 8)))))
    assert past.take_all(run) == 7
    assert [batch.n_items for batch in run.batches.all()] == [3, 3, 1]
    published = list(Publication.objects.order_by("pk").select_related("item", "revision"))
    assert [row.item.title for row in published] == [TITLE.format(n=n) for n in range(1, 8)]
    assert {row.published_on for row in published} == {datetime.date(2019, 6, 5)}
    assert {row.item.formed_on for row in published} == {datetime.date(2019, 6, 3)}
    assert [row.item.index_number for row in published] == [f"qinghe/2019-{n:05d}" for n in range(1, 8)]
    assert published[0].revision.content["body"] == "<p>第1号通知的正文。</p><p>请各村照办。</p>"
    assert Delivery.objects.filter(channel="site", confirmed_on=datetime.date(2019, 6, 5)).count() == 7
    assert queries.public_items().count() == 7
    assert list(verify()) == []


def test_one_entry_a_batch_names_who_approved(county: County, small: int) -> None:
    run = approve(county, hand_in(county, table(*(row(n) for n in range(1, 8)))))
    past.take_all(run)
    entries = LedgerEntry.objects.filter(action__startswith="past.").order_by("number")
    assert [(entry.action, entry.person.username) for entry in entries] == [
        ("past.hand_in", "qinghe-drafter"), ("past.decide", "qinghe-office_head"), *[("past.take_in", "qinghe-office_head")] * 3,
    ]  # fmt: skip


def test_nothing_is_public_before_somebody_else_approved(county: County) -> None:
    run = hand_in(county, table(row(1)))
    with pytest.raises(Refused, match="还没有批准"):
        past.take_in(person=county.person("qinghe", "office_head"), on=DAY, run=run)
    assert not Item.objects.exists()


def test_who_handed_it_in_cannot_approve_it(county: County) -> None:
    head = county.person("qinghe", "office_head")
    run = past.hand_in(person=head, on=DAY, agency=county.organs["qinghe"], file_name="旧网站.csv", data=table(row(1)), source="原网站")
    with pytest.raises(Refused, match="不能自己批准"):
        past.decide(person=head, on=DAY, run=run, is_approved=True, reason="看过")
    with pytest.raises(IntegrityError), transaction.atomic():
        PastRun.objects.filter(pk=run.pk).update(decided_by=head, is_approved=True, decision=run.entry)


def test_a_refused_file_stays_out_and_may_come_again(county: County) -> None:
    run = hand_in(county, table(row(1)))
    past.decide(person=county.person("qinghe", "office_head"), on=DAY, run=run, is_approved=False, reason="日期有误")
    with pytest.raises(Refused, match="还没有批准"):
        past.take_in(person=county.person("qinghe", "office_head"), on=DAY, run=run)
    assert hand_in(county, table(row(1))).pk != run.pk


def test_a_stop_in_the_middle_goes_on_where_it_ended(county: County, small: int) -> None:
    run = approve(county, hand_in(county, table(*(row(n) for n in range(1, 8)))))
    past.take_in(person=county.person("qinghe", "office_head"), on=DAY, run=run)
    assert past.taken_of(run) == 3
    assert past.take_due() == 3
    assert past.take_due() == 1
    assert past.take_due() == 0
    assert Item.objects.count() == 7
    with pytest.raises(Refused, match="已经全部导入"):
        past.take_in(person=county.person("qinghe", "office_head"), on=DAY, run=run)


def test_a_batch_that_fails_leaves_nothing(county: County, small: int) -> None:
    run = approve(county, hand_in(county, table(*(row(n, 索引号=f"旧/{n}") for n in range(1, 5)))))
    past_guard("disclosure_item_no_update", "UPDATE disclosure_item SET index_number = '旧/4' WHERE id = %s", [county.draft().pk])
    past.take_in(person=county.person("qinghe", "office_head"), on=DAY, run=run)
    with pytest.raises(past.NotTaken, match="有1处要改"):
        past.take_in(person=county.person("qinghe", "office_head"), on=DAY, run=run)
    assert (past.taken_of(run), Publication.objects.count(), Revision.objects.count()) == (3, 3, 4)


def test_every_fault_is_told_with_its_line(county: County) -> None:
    data = table(
        row(1, 索引号="旧/1"), row(2, 索引号="旧/1"), row(3, 类别="小道消息"), row(4, 形成日期="2019-07-01"), row(5, 正文="<p> </p>")
    )
    with pytest.raises(past.NotTaken) as refusal:
        hand_in(county, data)
    assert [(fault.line, fault.what) for fault in refusal.value.faults] == [
        (3, "索引号“旧/1”与第2行相同"),
        (4, "没有“小道消息”这个类别"),
        (5, "形成日期2019-07-01晚于发布日期2019-06-05"),
        (6, "正文没有文字"),
    ]
    assert not PastRun.objects.exists()


def test_a_secrecy_mark_keeps_the_line_out(county: County) -> None:
    with pytest.raises(past.NotTaken) as refusal:
        hand_in(county, table(row(1), row(2, 正文="机密★5年\n关于有关工作的安排。")))
    assert [fault.line for fault in refusal.value.faults] == [3]


def test_the_approver_is_told_what_screening_found(county: County) -> None:
    run = hand_in(county, table(row(1), row(2, 正文="联系人手机13800138000，请来电。")))
    assert (run.outline["first"], run.outline["kinds"]) == ("2019-06-05", {"notice": 2})
    assert [(hit["n"], hit["lines"]) for hit in run.outline["hits"]] == [(1, [3])]


def test_the_same_file_is_not_taken_twice(county: County) -> None:
    hand_in(county, table(row(1)))
    with pytest.raises(Refused, match="已经交过"):
        hand_in(county, table(row(1)))


def test_the_database_takes_no_past_publication_without_an_approved_file(county: County) -> None:
    run = hand_in(county, table(row(1)))
    batch = PastBatch.objects.create(run=run, number=1, n_items=1, digest="0" * 64, entry=run.entry)
    item = county.draft()
    said = {"item": item, "revision": item.current, "primary_channel": "site", "published_on": DAY, "entry": run.entry}
    at = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
    with pytest.raises(DatabaseError, match="只能由批准的导入写入"), transaction.atomic():
        Publication.objects.create(**said, published_at=at, batch=batch)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(**said, published_at=at)


def test_verify_names_a_batch_whose_text_was_changed(county: County) -> None:
    run = approve(county, hand_in(county, table(row(1))))
    past.take_all(run)
    revision = Revision.objects.get()
    revision.content["title"] = "换过的标题"
    changed = json.dumps(revision.content)
    without_triggers("UPDATE review_revision SET content = %s", [changed])
    assert [broken.words for broken in verify() if "摘要" in broken.words] == [
        f"{revision}（编号{revision.pk}）的内容与它的摘要不符，内容被改动。"
    ]
    without_triggers("UPDATE review_revision SET digest = %s", [revision.computed_digest()])
    assert [broken.words for broken in verify()] == ["旧网站.csv（1条） 第1批的内容与台账第3条不符。"]


def test_a_past_publication_is_withdrawn_like_any_other(county: County) -> None:
    from gongkai.web.disclosure import actions

    past.take_all(approve(county, hand_in(county, table(row(1)))))
    actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=Publication.objects.get(), reason="内容已失效")
    assert queries.public_items().count() == 0
    assert list(verify()) == []


def test_the_history_of_a_past_item_names_its_batch(county: County) -> None:
    past.take_all(approve(county, hand_in(county, table(row(1)))))
    assert [entry.action for entry in queries.history_of(Item.objects.get())] == ["past.take_in"]


def test_the_screens_take_a_file_tell_its_faults_and_let_another_approve(county: County) -> None:
    drafter, head = client_of(county.person("qinghe", "drafter")), client_of(county.person("qinghe", "office_head"))
    said = {"agency": county.organs["qinghe"].pk, "source": "原网站"}
    wrong = drafter.post("/office/past/", {**said, "file": SimpleUploadedFile("旧网站.csv", table(row(1, 类别="小道消息")))})
    assert wrong.status_code == 422
    upload = SimpleUploadedFile("旧网站.csv", table(row(1), row(2)))
    assert drafter.post("/office/past/", {**said, "file": upload}).status_code == 302
    run = PastRun.objects.get()
    assert "批准导入" not in drafter.get(f"/office/past/{run.pk}/").content.decode()
    assert "批准导入" in head.get(f"/office/past/{run.pk}/").content.decode()
    head.post(f"/office/past/{run.pk}/decide/", {"verdict": "approve", "reason": "抽查一致"})
    assert past.take_due() == 2
    assert "已导入 2 条，共 2 条" in head.get(f"/office/past/{run.pk}/").content.decode()
