"""What an organ published before it used the platform comes in by one approved run, a batch an entry."""

from __future__ import annotations

import csv
import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.agencies.models import Person, Post
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.models import Delivery, Item, Publication
from gongkai.web.disclosure.past import actions as past
from gongkai.web.disclosure.past.beginnings import Begun, beginning_of, set_beginning
from gongkai.web.disclosure.past.models import Beginning, PastBatch, PastRun
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.office import administration
from gongkai.web.review.models import Revision
from tests.web.conftest import DAY, County, content, lies_at
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


def clear(county: County, run: PastRun, *, is_cleared: bool = True) -> PastRun:
    """The file looked through by the secrecy reviewer."""
    reviewer = county.person("qinghe", "secrecy_reviewer")
    cleared: PastRun = past.clear(person=reviewer, on=DAY, run=run, is_cleared=is_cleared, reason="逐条核对，没有不得公开的")
    return cleared


def approve(county: County, run: PastRun) -> PastRun:
    """The file cleared by the secrecy reviewer and approved by the head of the disclosure office."""
    run = clear(county, run)
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
        ("past.hand_in", "qinghe-drafter"), ("past.clear", "qinghe-secrecy_reviewer"), ("past.decide", "qinghe-office_head"),
        *[("past.take_in", "qinghe-office_head")] * 3,
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
    clear(county, run)
    with pytest.raises(IntegrityError, match="pastrun_four_eyes"), transaction.atomic():
        PastRun.objects.filter(pk=run.pk).update(decided_by=head, is_approved=True, decision=run.entry)


def also(county: County, name: str, duty: str) -> Person:
    """The person of that post holds one more in the township."""
    person = county.person("qinghe", name)
    Post.objects.create(person=person, agency=county.organs["qinghe"], duty=duty, from_on=datetime.date(2020, 1, 1))
    person.__dict__.pop("_posts_on", None)
    return person


class TestThreePeople:
    """One hands in, the secrecy reviewer clears, a third approves: in this order, and each of them another person."""

    def test_nobody_approves_what_was_not_cleared(self, county: County) -> None:
        run, head = hand_in(county, table(row(1))), county.person("qinghe", "office_head")
        with pytest.raises(Refused, match="还没有通过保密审查，不能批准"):
            past.decide(person=head, on=DAY, run=run, is_approved=True, reason="看过")
        with pytest.raises(IntegrityError, match="pastrun_approved_when_cleared"), transaction.atomic():
            PastRun.objects.filter(pk=run.pk).update(decided_by=head, is_approved=True, decision=run.entry)

    def test_only_the_secrecy_reviewer_clears(self, county: County) -> None:
        run = hand_in(county, table(row(1)))
        for duty in ("drafter", "office_head", "final_reviewer", "first_reviewer"):
            with pytest.raises(NotPermitted, match="没有办理这件事的岗位"):
                past.clear(person=county.person("qinghe", duty), on=DAY, run=run, is_cleared=True, reason="看过")

    def test_who_handed_it_in_does_not_clear_it(self, county: County) -> None:
        both = also(county, "drafter", "secrecy_reviewer")
        run = hand_in(county, table(row(1)))
        with pytest.raises(Refused, match="交文件的人不能自己做保密审查"):
            past.clear(person=both, on=DAY, run=run, is_cleared=True, reason="看过")
        with pytest.raises(IntegrityError, match="pastrun_three_people"), transaction.atomic():
            PastRun.objects.filter(pk=run.pk).update(cleared_by=both, is_cleared=True, clearance=run.entry)

    def test_who_cleared_it_does_not_approve_it(self, county: County) -> None:
        both = also(county, "secrecy_reviewer", "office_head")
        run = clear(county, hand_in(county, table(row(1))))
        with pytest.raises(Refused, match="做保密审查的人不能再批准"):
            past.decide(person=both, on=DAY, run=run, is_approved=True, reason="看过")
        with pytest.raises(IntegrityError, match="pastrun_three_people"), transaction.atomic():
            PastRun.objects.filter(pk=run.pk).update(decided_by=both, is_approved=True, decision=run.entry)

    def test_what_the_secrecy_reviewer_sent_back_stays_out_and_may_come_again(self, county: County) -> None:
        run = clear(county, hand_in(county, table(row(1))), is_cleared=False)
        assert run.is_refused
        head = county.person("qinghe", "office_head")
        for act, marks in ((past.decide, {"is_approved": True}), (past.clear, {"is_cleared": True})):
            person = head if act is past.decide else county.person("qinghe", "secrecy_reviewer")
            with pytest.raises(Refused, match="已经有了决定"):
                act(person=person, on=DAY, run=run, reason="看过", **marks)
        with pytest.raises(IntegrityError), transaction.atomic():
            PastRun.objects.filter(pk=run.pk).update(decided_by=head, is_approved=True, decision=run.entry)
        assert past.take_due() == 0
        assert hand_in(county, table(row(1))).pk != run.pk

    def test_a_clearance_is_given_once_and_kept(self, county: County) -> None:
        run = clear(county, hand_in(county, table(row(1))))
        with pytest.raises(Refused, match="已经通过保密审查"):
            clear(county, run)
        with pytest.raises(DatabaseError, match="保密审查的结果不能改动"), transaction.atomic():
            PastRun.objects.filter(pk=run.pk).update(is_cleared=False)
        assert list(verify()) == []

    def test_verify_names_a_file_whose_clearance_is_nobodys(self, county: County) -> None:
        run = approve(county, hand_in(county, table(row(1))))
        past.take_all(run)
        drafter = county.person("qinghe", "drafter")
        without_triggers("UPDATE disclosure_pastrun SET cleared_by_id = %s", [county.person("qinghe", "first_reviewer").pk])
        named = [broken.words for broken in verify()]
        assert f"文件“旧网站.csv（1条）”的保密审查与台账第{run.clearance.number}条不符。" in named
        assert drafter.pk == run.handed_in_by_id


class TestBeforeTheBeginning:
    """Only what is from before the organ's day of beginning comes in by a file."""

    def begins(self, county: County, day: datetime.date, **changes: Any) -> Beginning:
        said = {"agency": county.organs["qinghe"], "begins_on": day, "reason": "县政府办开通通知〔2026〕1号", **changes}
        made: Beginning = set_beginning(person=county.person("yunchuan", "authority"), on=DAY, **said)
        return made

    def test_yesterday_does_not_come_in_by_a_file(self, county: County) -> None:
        """The organ published here before: what is dated from then on goes through its reviews."""
        county.published()
        for day in (DAY, DAY - datetime.timedelta(days=1)):
            late = table(row(1), row(2, 发布日期=str(day), 形成日期=str(day)))
            if day == DAY:
                with pytest.raises(past.NotTaken) as refusal:
                    hand_in(county, late)
                [fault] = refusal.value.faults
                assert (fault.line, fault.column, fault.what) == (3, "发布日期", "2026-03-02不早于本机关开始使用平台的日期2026-03-02")
                assert fault.advice == "从那天起的信息要在平台上起草、审查、发布，请删去这一行。"
            else:
                assert hand_in(county, late).begins_on == DAY

    def test_the_first_act_in_the_organ_is_the_beginning(self, county: County) -> None:
        first = datetime.date(2025, 11, 3)
        actions.draft(person=county.person("qinghe", "drafter"), on=first, agency=county.organs["qinghe"], content=content(formed_on=first))
        county.published()
        assert beginning_of(county.organs["qinghe"], DAY).day == first
        with pytest.raises(past.NotTaken, match="有1处要改"):
            hand_in(county, table(row(1, 发布日期="2025-11-03", 形成日期="2025-11-03")))
        hand_in(county, table(row(1, 发布日期="2025-11-02", 形成日期="2025-11-02")))

    def test_an_organ_begins_when_it_was_made_here(self, county: County) -> None:
        admin, day = county.person("yunchuan", "system_admin"), datetime.date(2026, 2, 9)
        values = {"name": "云川县白沙镇人民政府", "short_name": "白沙镇"}
        made = administration.add_agency(person=admin, on=day, parent=county.root, code="baisha", kind="township", values=values)
        assert beginning_of(made, DAY).day == day

    def test_an_organ_without_any_act_begins_with_its_first_file(self, county: County) -> None:
        organ = county.organs["qinghe"]
        assert beginning_of(organ, DAY).day == DAY
        hand_in(county, table(row(1)))
        later = DAY + datetime.timedelta(days=30)
        assert beginning_of(organ, later).day == DAY

    def test_the_county_says_it_once(self, county: County) -> None:
        made = self.begins(county, datetime.date(2019, 6, 5))
        assert beginning_of(county.organs["qinghe"], DAY) == Begun(datetime.date(2019, 6, 5), made)
        with pytest.raises(past.NotTaken, match="有1处要改"):
            hand_in(county, table(row(1)))
        hand_in(county, table(row(1, 发布日期="2019-06-04")))
        with pytest.raises(Refused, match="开始使用平台的日期已经定为2019-06-05，只能定一次"):
            self.begins(county, DAY)
        for statement in ("UPDATE disclosure_beginning SET begins_on = '2026-03-01'", "DELETE FROM disclosure_beginning"):
            with pytest.raises(DatabaseError, match="只能定一次"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert list(verify()) == []

    def test_what_it_may_not_be(self, county: County) -> None:
        with pytest.raises(Refused, match="不能晚于今天"):
            self.begins(county, DAY + datetime.timedelta(days=1))
        with pytest.raises(Refused, match="请写明依据"):
            self.begins(county, DAY, reason=" ")
        hand_in(county, table(row(1)))
        with pytest.raises(Refused, match=r"交来的文件“旧网站.csv”里有2019-06-05发布的信息，不早于2019-06-05"):
            self.begins(county, datetime.date(2019, 6, 5))
        early = datetime.date(2026, 2, 2)
        item = actions.draft(
            person=county.person("qinghe", "drafter"), on=early, agency=county.organs["qinghe"], content=content(formed_on=early)
        )
        county.reviewed(item)
        actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
        assert self.begins(county, DAY).begins_on == DAY

    def test_not_after_the_first_publication_here(self, county: County) -> None:
        county.published()
        later = DAY + datetime.timedelta(days=9)
        said = {"agency": county.organs["qinghe"], "begins_on": later, "reason": "通知"}
        with pytest.raises(Refused, match="青禾镇人民政府2026-03-02已经在平台上发布信息，开始使用平台的日期不能晚于这一天"):
            set_beginning(person=county.person("yunchuan", "authority"), on=later, **said)

    def test_only_the_county_says_it(self, county: County) -> None:
        for organ, duty in (("qinghe", "office_head"), ("qinghe", "drafter"), ("yunchuan", "system_admin"), ("yunchuan", "office_head")):
            with pytest.raises(NotPermitted, match="没有办理这件事的岗位"):
                set_beginning(person=county.person(organ, duty), on=DAY, agency=county.organs["qinghe"], begins_on=DAY, reason="通知")

    def test_the_database_takes_nothing_from_the_beginning_on(self, county: County) -> None:
        """Past the actions: an approved file, its batch, and a publication dated on the day of beginning."""
        run = approve(county, hand_in(county, table(row(1))))
        assert run.begins_on == DAY
        batch = PastBatch.objects.create(run=run, number=1, n_items=1, digest="0" * 64, entry=run.decision)
        item = county.draft()
        said = {"item": item, "revision": item.current, "primary_channel": "site", "entry": run.entry, "batch": batch}
        at = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
        with pytest.raises(DatabaseError, match="只能由批准的导入写入"), transaction.atomic():
            Publication.objects.create(**said, published_at=at, published_on=DAY)
        Publication.objects.create(**said, published_at=at, published_on=DAY - datetime.timedelta(days=1))
        with pytest.raises(DatabaseError, match="不能改动或者删除"), transaction.atomic():
            PastRun.objects.filter(pk=run.pk).update(begins_on=datetime.date(2030, 1, 1))

    def test_the_database_takes_nothing_of_a_file_that_was_not_cleared(self, county: County) -> None:
        run = hand_in(county, table(row(1)))
        batch = PastBatch.objects.create(run=run, number=1, n_items=1, digest="0" * 64, entry=run.entry)
        item = county.draft()
        said = {"item": item, "revision": item.current, "primary_channel": "site", "entry": run.entry, "batch": batch}
        with pytest.raises(DatabaseError, match="只能由批准的导入写入"), transaction.atomic():
            Publication.objects.create(
                **said, published_at=datetime.datetime(2019, 6, 5, tzinfo=datetime.UTC), published_on=datetime.date(2019, 6, 5)
            )

    def test_verify_names_what_was_put_in_after_the_beginning(self, county: County) -> None:
        past.take_all(approve(county, hand_in(county, table(row(1)))))
        without_triggers("UPDATE disclosure_publication SET published_on = %s", [DAY])
        assert f"“{TITLE.format(n=1)}”的发布日期2026-03-02不早于开始使用平台的日期2026-03-02。" in [broken.words for broken in verify()]

    def test_verify_names_a_beginning_that_was_changed(self, county: County) -> None:
        made = self.begins(county, datetime.date(2026, 1, 5))
        without_triggers("UPDATE disclosure_beginning SET begins_on = %s", [DAY])
        assert [broken.words for broken in verify()] == [f"“青禾镇人民政府自2026-03-02起使用平台”与台账第{made.entry.number}条不符。"]

    def test_the_screen_tells_the_day_and_lets_the_county_say_it(self, county: County) -> None:
        organ = county.organs["qinghe"]
        address = reverse("office:beginning", args=[organ.pk])
        head, authority = client_of(county.person("qinghe", "office_head")), client_of(county.person("yunchuan", "authority"))
        text = head.get(address).content.decode()
        assert "县里没有确定过" in text and "只能定一次" not in text
        assert address in head.get(reverse("office:past")).content.decode()
        assert head.post(address, {"begins_on": "2026-01-05", "reason": "通知"}).status_code == 404
        assert "由县里确定，只能定一次" in authority.get(address).content.decode()
        assert authority.post(address, {"begins_on": "2999-01-05", "reason": "通知"}).status_code == 422
        assert authority.post(address, {"begins_on": "2026-01-05", "reason": "开通通知〔2026〕1号"}).status_code == 302
        text = head.get(address).content.decode()
        assert "2026-01-05" in text and "开通通知〔2026〕1号" in text and "县里没有确定过" not in text


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


def test_a_file_that_fails_keeps_no_other_waiting_and_its_failure_rises(county: County, small: int) -> None:
    broken = approve(county, hand_in(county, table(*(row(n, 索引号=f"旧/{n}") for n in range(1, 5)))))
    sound = approve(county, hand_in(county, table(*(row(n) for n in range(11, 15))), file_name="旧公众号.csv"))
    # What stands in its way came past the platform's own numbering.
    taken = county.draft()
    without_triggers("UPDATE disclosure_item SET index_number = '旧/4' WHERE id = %s", [taken.pk])
    assert [past.take_due(), past.take_due(), past.take_due()] == [3, 3, 1]
    assert (past.taken_of(broken), past.taken_of(sound)) == (3, 4)
    with pytest.raises(past.NotTaken, match="有1处要改"):
        past.take_due()
    # What stood in its way is mended: it goes on where it stopped.
    without_triggers("UPDATE disclosure_item SET index_number = '旧/5' WHERE id = %s", [taken.pk])
    assert (past.take_due(), past.take_due()) == (1, 0)


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
    assert [broken.words for broken in verify()] == ["旧网站.csv（1条） 第1批的内容与台账第4条不符。"]


def test_a_past_publication_is_withdrawn_like_any_other(county: County) -> None:
    past.take_all(approve(county, hand_in(county, table(row(1)))))
    actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=Publication.objects.get(), reason="内容已失效")
    assert queries.public_items().count() == 0
    assert list(verify()) == []


def test_the_history_of_a_past_item_names_its_batch(county: County) -> None:
    past.take_all(approve(county, hand_in(county, table(row(1)))))
    assert [entry.action for entry in queries.history_of(Item.objects.get())] == ["past.take_in"]


def test_the_screens_take_a_file_tell_its_faults_and_let_another_approve(county: County) -> None:
    drafter, head = client_of(county.person("qinghe", "drafter")), client_of(county.person("qinghe", "office_head"))
    secrecy = client_of(county.person("qinghe", "secrecy_reviewer"))
    said = {"agency": county.organs["qinghe"].pk, "source": "原网站"}
    wrong = drafter.post("/office/past/", {**said, "file": SimpleUploadedFile("旧网站.csv", table(row(1, 类别="小道消息")))})
    assert wrong.status_code == 422
    upload = SimpleUploadedFile("旧网站.csv", table(row(1), row(2)))
    assert drafter.post("/office/past/", {**said, "file": upload}).status_code == 302
    run = PastRun.objects.get()
    assert "批准导入" not in drafter.get(f"/office/past/{run.pk}/").content.decode()
    assert "批准导入" not in head.get(f"/office/past/{run.pk}/").content.decode()
    assert "保密审查通过</button>" in secrecy.get(f"/office/past/{run.pk}/").content.decode()
    assert "保密审查通过</button>" not in head.get(f"/office/past/{run.pk}/").content.decode()
    secrecy.post(f"/office/past/{run.pk}/clear/", {"verdict": "approve", "reason": "没有不得公开的"})
    assert "批准导入" in head.get(f"/office/past/{run.pk}/").content.decode()
    assert "批准导入" not in secrecy.get(f"/office/past/{run.pk}/").content.decode()
    head.post(f"/office/past/{run.pk}/decide/", {"verdict": "approve", "reason": "抽查一致"})
    assert past.take_due() == 2
    assert "已导入 2 条，共 2 条" in head.get(f"/office/past/{run.pk}/").content.decode()


def test_a_file_that_was_changed_or_is_gone_takes_nothing_in(county: County, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    run = approve(county, hand_in(county, table(row(1))))
    lies_at(run.file_digest).write_bytes(table(row(2)))
    with pytest.raises(Refused) as caught:
        past.take_all(run)
    assert caught.value.message == "保存的文件已被改动或者损坏，不能使用。请告诉系统管理员核对备份。"
    lies_at(run.file_digest).unlink()
    with pytest.raises(Refused, match="文件找不到"):
        past.take_all(run)
    assert [found.words for found in verify()] == [f"以前发布的信息（编号{run.pk}）的文件“旧网站.csv”不见了。"]
    assert not Publication.objects.exists()
