"""Publication at a set time: what may be set, what happens when the time comes, and what ends the waiting."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from gongkai.errors import Refused
from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.schedule import actions as schedule_actions
from gongkai.web.disclosure.schedule.actions import publish_due
from gongkai.web.disclosure.schedule.models import Scheduled
from gongkai.web.disclosure.schedule.queries import failed_for, schedule_of, scheduled_for
from gongkai.web.disclosure.schedule.witness import schedules_hold
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County, content

MORNING = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=moment.ZONE)
SET = datetime.datetime(2026, 3, 3, 8, 30, tzinfo=moment.ZONE)
LATER = SET + datetime.timedelta(minutes=1)


def ready(county: County, **changes: object) -> Item:
    return county.reviewed(county.draft(**changes))


def timed(county: County, item: Item, at: datetime.datetime = SET) -> Scheduled:
    with moment.at(MORNING):
        return schedule_actions.schedule(person=county.person("qinghe", "office_head"), item=item, publish_at=at)


def come(at: datetime.datetime = LATER) -> int:
    with moment.at(at):
        return publish_due()


def the(row: Scheduled) -> Scheduled:
    return Scheduled.objects.select_related("failed", "cancelled", "done").get(pk=row.pk)


def test_it_goes_out_at_its_time_once_in_the_name_of_who_set_it(county: County) -> None:
    item = ready(county)
    row = timed(county, item)
    head = county.person("qinghe", "office_head")
    with moment.at(MORNING):
        assert [waiting.pk for waiting in scheduled_for(head)] == [row.pk]
        # Nothing is left to do for a person.
        assert queries.ready_for(head) == []
    assert come(SET - datetime.timedelta(seconds=1)) == 0
    assert not Publication.objects.exists()
    assert come() == 1
    publication = Publication.objects.get()
    assert (publication.revision_id, publication.published_on) == (item.current_id, datetime.date(2026, 3, 3))
    assert publication.entry.person == head
    assert the(row).done == publication
    assert come() == 0
    assert Publication.objects.count() == 1
    assert list(scheduled_for(head)) == []
    assert list(verify()) == []


def test_a_change_cancels_it_with_words(county: County) -> None:
    item = ready(county)
    row = timed(county, item)
    actions.revise(person=county.person("qinghe", "drafter"), on=DAY, item=item, content=content(title="换了标题"))
    words = "内容有新的修改，原定2026年3月3日08:30的发布取消"
    ended = the(row)
    assert ended.cancelled is not None
    assert (ended.cancelled.action, ended.cancelled.reason) == ("disclosure.revise", words)
    assert come() == 0
    assert not Publication.objects.exists()
    found = schedule_of(Item.objects.get(pk=item.pk))
    assert found is not None and found.cancelled is not None
    county.reviewed(Item.objects.get(pk=item.pk))
    timed(county, item)
    assert come() == 1
    assert schedule_of(Item.objects.get(pk=item.pk)) is None
    assert list(schedules_hold()) == []


def test_a_person_takes_it_back(county: County) -> None:
    item = ready(county)
    row = timed(county, item)
    schedule_actions.unschedule(person=county.person("qinghe", "drafter"), on=DAY, item=item, reason="等上级通知")
    assert the(row).cancelled is not None
    assert come() == 0
    assert [ready.pk for ready in queries.ready_for(county.person("qinghe", "office_head"))] == [item.pk]
    with pytest.raises(Refused) as caught:
        schedule_actions.unschedule(person=county.person("qinghe", "drafter"), on=DAY, item=item)
    assert caught.value.message == "这条信息没有等待发布的时间，可能已经发布或者取消，请刷新页面。"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (MORNING, "发布时间要晚于现在，并且在一年以内。要马上发布，请用“发布”。"),
        (MORNING + datetime.timedelta(days=400), "发布时间要晚于现在，并且在一年以内。要马上发布，请用“发布”。"),
    ],
)
def test_a_time_that_cannot_be(county: County, at: datetime.datetime, words: str) -> None:
    with pytest.raises(Refused) as caught:
        timed(county, ready(county), at)
    assert caught.value.message == words


def test_only_what_was_reviewed_gets_a_time_and_only_one(county: County) -> None:
    half = county.reviewed(county.draft(), stop_after=2)
    with pytest.raises(Refused) as caught:
        timed(county, half)
    assert caught.value.message == "审查还没有全部通过，不能发布。"
    item = ready(county, title="青禾镇2026年夏季植树安排")
    timed(county, item)
    with pytest.raises(Refused) as caught:
        timed(county, item)
    assert caught.value.message == "已经定了发布时间。要改时间，请先取消原来的。"


def test_a_post_that_ended_keeps_it_from_going_out(county: County) -> None:
    item = ready(county)
    row = timed(county, item)
    head = county.person("qinghe", "office_head")
    head.posts.update(until_on=DAY)
    words = "设定时间的qinghe-office_head到时已经没有发布的岗位，请由有岗位的人重新定时，或者直接发布。"
    assert come() == 0
    failed = the(row)
    assert failed.failure == words
    assert failed.failed is not None
    assert (failed.failed.action, failed.failed.person, failed.failed.reason) == ("disclosure.schedule", None, words)
    assert not Publication.objects.exists()
    # Nobody tries again until a person does.
    assert come(LATER + datetime.timedelta(days=1)) == 0
    assert LedgerEntry.objects.filter(facts__failed=True).count() == 1
    drafter = county.person("qinghe", "drafter")
    assert [unsent.pk for unsent in failed_for(drafter)] == [row.pk]
    # It stands on the home page once.
    assert queries.ready_for(drafter) == []
    actions.publish(person=drafter, on=DAY + datetime.timedelta(days=2), item=item)
    assert list(failed_for(drafter)) == []
    assert list(verify()) == []


def test_a_withdrawal_in_between_keeps_it_from_going_out(county: County) -> None:
    publication = county.published()
    item = publication.item
    actions.revise(person=county.person("qinghe", "drafter"), on=DAY, item=item, content=content(title="更正"))
    row = timed(county, county.reviewed(Item.objects.get(pk=item.pk)))
    actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="处罚决定被撤销")
    assert come() == 0
    assert the(row).failure == "定时以后，原来发布的一稿被撤回，请核对后重新办理。"


def test_published_by_hand_before_its_time_it_is_not_published_again(county: County) -> None:
    item = ready(county)
    row = timed(county, item)
    publication = actions.publish(person=county.person("qinghe", "drafter"), on=DAY, item=item)
    assert list(scheduled_for(county.person("qinghe", "office_head"))) == []
    come()
    assert the(row).done == publication
    assert Publication.objects.count() == 1


def test_a_fault_of_the_program_fails_one_and_not_the_others(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ready(county), ready(county, title="青禾镇2026年防汛安排")
    broken, whole = timed(county, first), timed(county, second)

    def publish(*, person: object, item: Item) -> Publication:
        if item.pk == first.pk:
            raise ZeroDivisionError
        return actions.publish(person=person, item=item)

    monkeypatch.setattr(schedule_actions, "publish", publish)
    assert come() == 1
    assert the(broken).failure == "发布时程序出错，已记入运行日志。请联系系统管理员。"
    assert the(whole).done is not None


def test_the_database_keeps_what_was_set(county: County) -> None:
    item = ready(county)
    row = timed(county, item)
    for change in ({"publish_at": LATER}, {"set_by": county.person("qinghe", "drafter")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Scheduled.objects.filter(pk=row.pk).update(**change)
    come()
    for change in ({"done": None}, {"cancelled": row.entry}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Scheduled.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Scheduled.objects.filter(pk=row.pk).delete()


def test_the_screens_set_and_take_back_and_tell_what_failed(county: County) -> None:
    item = ready(county)
    client = Client()
    client.force_login(county.person("qinghe", "drafter"), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = f"/office/items/{item.pk}/"
    assert "datetime-local" in client.get(page).content.decode()
    wrong = client.post(f"{page}schedule/", {"publish_at": "明天"}, follow=True).content.decode()
    assert "请填写完整的发布日期和时间，例如2026-03-02 08:30。" in wrong
    soon = moment.now().astimezone(moment.ZONE) + datetime.timedelta(hours=2)
    told = client.post(f"{page}schedule/", {"publish_at": f"{soon:%Y-%m-%dT%H:%M}"}, follow=True).content.decode()
    assert f"已定在{schedule_actions.said(soon)}发布。" in told
    assert f"{soon:%Y-%m-%d %H:%M}" in client.get("/office/").content.decode()
    assert "已取消原定" in client.post(f"{page}unschedule/", follow=True).content.decode()
    timed(county, Item.objects.get(pk=item.pk))
    county.person("qinghe", "office_head").posts.update(until_on=DAY)
    come()
    for address in ("/office/", page):
        assert "到时已经没有发布的岗位" in client.get(address).content.decode()
    assert "定时发布没有成功" in client.get(page).content.decode()
