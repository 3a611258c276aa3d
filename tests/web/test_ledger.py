"""The ledger: append-only, chained, and able to prove itself."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from gongkai.web.agencies.permissions import actions as permitted
from gongkai.web.disclosure import actions
from gongkai.web.ledger.acts import ACTIONS, action
from gongkai.web.ledger.digest import digest_of, sm3
from gongkai.web.ledger.models import GENESIS, LedgerEntry
from gongkai.web.ledger.proof import verify
from tests.web.conftest import DAY, County


def test_sm3_is_the_standard_one() -> None:
    # GB/T 32905-2016, appendix A, examples 1 and 2.
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_the_same_content_has_one_digest() -> None:
    assert digest_of({"b": 1, "a": "公开"}) == digest_of({"a": "公开", "b": 1})
    assert digest_of({"a": "1"}) != digest_of({"a": 1})


def test_entries_form_a_chain(county: County) -> None:
    county.published()
    entries = list(LedgerEntry.objects.order_by("number"))
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.previous for entry in entries] == [GENESIS, *(entry.digest for entry in entries[:-1])]
    assert list(verify()) == []


@pytest.mark.parametrize("sql", ["UPDATE ledger_entry SET reason = 'x'", "DELETE FROM ledger_entry"])
def test_the_database_refuses_to_change_it(county: County, sql: str) -> None:
    county.draft()
    with pytest.raises(IntegrityError, match="台账只能追加"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def without_triggers(sql: str, values: list[object] | None = None) -> None:
    """Do what only somebody who owns the database could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = origin")


@pytest.mark.parametrize(
    ("sql", "number", "words"),
    [
        ("UPDATE ledger_entry SET reason = '补写' WHERE number = 3", 3, "的内容与它的摘要不符，记录被改动。"),
        ("UPDATE ledger_entry SET occurred_on = '2026-01-05' WHERE number = 7", 7, "的内容与它的摘要不符，记录被改动。"),
        ('UPDATE review_revision SET content = \'{"title": "改过"}\'', 1, "的内容与它的摘要不符，内容被改动。"),
        ("UPDATE disclosure_publication SET published_on = '2026-01-05'", 7, "的发布日期是2026-01-05，台账记的是2026-03-02。"),
        ("UPDATE review_run SET state = 'returned'", 7, "已发布，但是没有这一稿的完整审查记录。"),
    ],
)
def test_verify_names_what_was_changed(county: County, sql: str, number: int, words: str) -> None:
    county.published()
    without_triggers(sql)
    first = next(iter(verify()))
    assert first.number == number
    assert first.words.endswith(words)


def test_verify_names_a_publication_that_is_gone(county: County) -> None:
    county.published()
    without_triggers("DELETE FROM disclosure_delivery")
    without_triggers("DELETE FROM disclosure_publication")
    assert [found.words for found in verify()] == ["台账第7条记有发布，但是找不到发布的信息。"]


def test_an_act_without_an_entry_does_not_happen(county: County) -> None:
    agency = county.organs["qinghe"]

    def forgetful(act: object, *, agency: object) -> None:
        county.organs["qinghe"].__class__.objects.filter(pk=agency.pk).update(phone="1")  # type: ignore[attr-defined]

    known = ACTIONS["disclosure.draft"]
    try:
        door = action("disclosure.draft", agency=lambda agency: agency)(forgetful)
        with pytest.raises(AssertionError, match="left no ledger entry"):
            door(person=county.person("qinghe", "drafter"), on=DAY, agency=agency)
    finally:
        ACTIONS["disclosure.draft"] = known
    agency.refresh_from_db()
    assert agency.phone == ""


def test_every_action_has_its_line_in_the_permission_table() -> None:
    assert set(ACTIONS) <= set(permitted())


def test_a_story_leaves_an_entry_for_every_act(county: County) -> None:
    """What no story drives is walked all the same: ``test_every_act`` proves the door for every action there is."""
    drafter, head = county.person("qinghe", "drafter"), county.person("qinghe", "office_head")
    item = county.draft(channels=("wechat",))
    actions.revise(person=drafter, on=DAY, item=item, content=_changed("第二稿"))
    actions.attach(person=drafter, on=DAY, item=item, name="a.txt", data=b"list")
    item.refresh_from_db()
    actions.detach(person=drafter, on=DAY, item=item, digest=item.current.content["attachments"][0]["digest"])
    named = {"item": item, "field": "body", "code": "person.id_number", "mark": sm3(b"11010519491231002X")}
    actions.answer_hit(person=drafter, on=DAY, reason="示例", **named)
    actions.mask_hit(person=drafter, on=DAY, **named)
    actions.submit(person=drafter, on=DAY, item=item)
    actions.recall(person=drafter, on=DAY, item=item, reason="再看看")
    publication = actions.publish(person=head, on=DAY, item=county.reviewed(item))
    actions.confirm_delivery(
        person=drafter, on=DAY, delivery=publication.deliveries.get(channel="wechat"), evidence="https://wechat.example/1"
    )
    actions.withdraw(person=head, on=DAY, publication=publication, reason="有误")
    actions.discard(person=drafter, on=DAY, item=county.draft(title="不用了"), reason="重复")
    done = set(LedgerEntry.objects.values_list("action", flat=True))
    reviewed = {f"review.{name}" for name in ("first", "second", "final", "secrecy")}
    driven = {
        "draft", "revise", "attach", "detach", "answer_hit", "mask", "submit", "recall", "publish", "confirm_delivery", "withdraw", "discard",
    }  # fmt: skip
    assert done == {f"disclosure.{name}" for name in driven} | reviewed
    assert list(verify()) == []


def _changed(title: str) -> actions.Content:
    from tests.web.conftest import content

    return content(title=title, channels=("wechat",), body="<p>身份证号11010519491231002X。</p>")


def test_every_index_of_the_ledger_answers_something_no_other_does(county: County) -> None:
    """Each weighs on every act: none is the beginning of another one."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, LedgerEntry._meta.db_table)
    # What is left out where a condition narrows it (the reasons) is no whole index.
    whole = [tuple(one["columns"]) for name, one in found.items() if (one["index"] or one["unique"]) and name != "ledger_entry_reason"]
    assert ("county", "person_id", "number") in whole and ("county", "agency_id", "number") in whole
    assert [one for one in whole if one in {("person_id",), ("agency_id",)}] == []
    assert len(set(whole)) == len(whole)
    assert [one for one in whole if any(other[: len(one)] == one and other != one for other in whole)] == []
