"""Requests from the day received: which day that is, what may be done on which day, who sees what, and that nothing is lost."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from gongkai.errors import Refused
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.disclosure.watch.callers import opens
from gongkai.web.inforequest import actions
from gongkai.web.inforequest.models import HandlingEvent, Inforequest
from gongkai.web.inforequest.requester import opened, opened_party
from gongkai.web.inforequest.standing import case_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from tests.web.conftest import County
from tests.web.requested import MONDAY, PERSON, WANTED, entered, filed, requester

D = datetime.date
LAST = D(2026, 2, 28)


def officer(county: County) -> Any:
    return county.person("qinghe", "request_officer")


def head(county: County) -> Any:
    return county.person("qinghe", "office_head")


class TestIntake:
    def test_the_receipt_on_the_screen_confirms_it_for_both_sides(self, county: County) -> None:
        row, code = filed(county)
        assert row.number == "qinghe-20260126-001"
        case = case_of(row, MONDAY)
        assert (case.receipt.day, case.state) == (MONDAY, "running")
        assert case.clock is not None and case.clock.due == LAST
        assert opens(row.number, code, row.code_digest)
        assert opens(row.number, code.lower(), row.code_digest)
        assert not opens(row.number, "AAAAAAAAAA", row.code_digest)
        assert list(verify()) == []

    @pytest.mark.parametrize(
        ("came_by", "received"),
        [
            ({"channel": "in_person"}, MONDAY),
            ({"channel": "oral"}, MONDAY),
            ({"channel": "registered_mail", "submitted_on": D(2026, 1, 22), "signed_on": D(2026, 1, 26)}, MONDAY),
            ({"channel": "ordinary_mail"}, None),
            ({"channel": "email"}, None),
            ({"channel": "fax"}, None),
        ],
    )
    def test_the_day_of_receipt_follows_from_the_channel(
        self, county: County, came_by: dict[str, Any], received: datetime.date | None
    ) -> None:
        row = entered(county, **came_by)
        case = case_of(row, MONDAY)
        assert case.receipt.day == received
        if received is None:
            assert case.state == "unconfirmed"
            actions.confirm(person=officer(county), on=D(2026, 1, 27), inforequest=row)
            after = case_of(row, D(2026, 1, 27))
            assert (after.receipt.day, after.state) == (D(2026, 1, 27), "running")
            assert after.receipt.is_late == (came_by["channel"] == "ordinary_mail")

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"name": " "}, "姓名"), ({"id_number": ""}, "身份证明"), ({"phone": "", "address": "", "email": ""}, "联系方式"),
            ({"email": "nobody"}, "电子邮箱"), ({"kind": "total"}, "类别"), ({"kind": "commercial_enterprise"}, "联系人"),
        ],
    )  # fmt: skip
    def test_what_the_law_asks_for_is_asked_for(self, county: County, changes: dict[str, str], words: str) -> None:
        with pytest.raises(Refused, match=words) as refusal:
            filed(county, **changes)
        assert refusal.value.basis == "reg:29"
        assert Inforequest.objects.count() == 0

    def test_the_purpose_is_asked_for_nowhere(self) -> None:
        names = {field.name for field in Inforequest._meta.get_fields()} | set(PERSON)
        assert not {name for name in names if "purpose" in name or "use" in name}

    @pytest.mark.parametrize(
        "came_by",
        [
            {"channel": "online"}, {"channel": "registered_mail"}, {"channel": "in_person", "signed_on": MONDAY},
            {"channel": "in_person", "submitted_on": D(2026, 1, 27)},
            {"channel": "registered_mail", "submitted_on": D(2026, 1, 26), "signed_on": D(2026, 1, 22)},
        ],
    )  # fmt: skip
    def test_days_that_cannot_be_are_refused(self, county: County, came_by: dict[str, Any]) -> None:
        with pytest.raises(Refused):
            entered(county, **came_by)
        assert Inforequest.objects.count() == 0

    def test_many_from_one_address_are_told_which_ways_stay_open(self, county: County) -> None:
        for _ in range(10):
            filed(county)
        with pytest.raises(actions.TooMany, match="当面或者邮寄"):
            filed(county)
        filed(county, ip="192.0.2.8")
        filed(county, on=D(2026, 1, 27))
        filed(county, "baishu")
        assert [row.number[-3:] for row in Inforequest.objects.filter(agency=county.organs["qinghe"]).order_by("pk")][-2:] == ["011", "012"]


class TestPrivacy:
    def test_who_asks_stands_nowhere_in_the_clear(self, county: County) -> None:
        row, code = filed(county)
        with connection.cursor() as cursor:
            for table in (model._meta.db_table for model in (Inforequest, HandlingEvent, LedgerEntry)):
                cursor.execute(f"SELECT * FROM {table}")
                told = repr(cursor.fetchall())
                for secret in (PERSON["name"], PERSON["id_number"], PERSON["phone"], PERSON["address"], code, "192.0.2.7"):
                    assert secret not in told
        assert opened(row.requester, row.number) == requester()
        assert opened(row.requester, "qinghe-20260126-002") is None  # bound to its row

    def test_the_same_requester_is_recognized_and_shown_masked(self, county: County) -> None:
        first, second, other = filed(county)[0], filed(county, id_number="1101 0519 4912 31002x")[0], filed(county, id_number="3")[0]
        assert first.requester_mark == second.requester_mark != other.requester_mark
        masked = requester().masked()
        assert (masked.name, masked.id_number, masked.phone) == ("王**", "1****************X", "1*********0")
        assert requester(kind="other_org", name="青禾镇商会", person="李四").masked().name == "青禾镇商会"

    def test_unmasking_needs_a_reason_that_the_ledger_keeps(self, county: County) -> None:
        row, _ = filed(county)
        with pytest.raises(Refused, match="为什么"):
            actions.unmask(person=officer(county), on=MONDAY, inforequest=row, reason=" ")
        assert actions.unmask(person=officer(county), on=MONDAY, inforequest=row, reason="寄送答复") == requester()
        entry = LedgerEntry.objects.get(action="inforequest.unmask")
        assert (entry.reason, entry.object_id) == ("寄送答复", row.pk)

    def test_a_stranger_may_do_nothing_with_it(self, county: County) -> None:
        row, _ = filed(county)
        for organ, duty in (("baishu", "request_officer"), ("baishu", "office_head"), ("qinghe", "drafter"), ("yunchuan", "authority")):
            with pytest.raises(NotPermitted):
                actions.unmask(person=county.person(organ, duty), on=MONDAY, inforequest=row, reason="看看")
            with pytest.raises(NotPermitted):
                actions.confirm(person=county.person(organ, duty), on=MONDAY, inforequest=row)
        with pytest.raises(NotPermitted):  # the head agrees to a longer time, nobody else
            actions.extend(person=officer(county), on=MONDAY, inforequest=row, n=10, reason="材料多")


class TestClock:
    def test_supplement_then_third_party_then_ten_days_more(self, county: County) -> None:
        """Every day counted by hand from the notice for 2026, as the comments say."""
        row, _ = filed(county)
        who = officer(county)
        # Seven working days after 26 January end on 4 February.
        actions.ask_supplement(person=who, on=D(2026, 1, 28), inforequest=row, unclear="哪一年、哪条路", until=D(2026, 2, 11))
        assert case_of(row, D(2026, 2, 1)).state == "awaiting_supplement"
        with pytest.raises(Refused, match="等待补正") as refusal:
            actions.extend(person=head(county), on=D(2026, 1, 29), inforequest=row, n=5, reason="材料多")
        assert refusal.value.basis == "reg:33.2"
        actions.record_supplement(person=who, on=D(2026, 2, 2), inforequest=row, wanted=WANTED)
        # From 3 February: 3-6 four, 9-13 nine, worked Saturday 14 ten, 24-27 fourteen, worked Saturday 28 fifteen, March 2-6 twenty.
        clock = case_of(row, D(2026, 2, 3)).clock
        assert clock is not None and clock.due == D(2026, 3, 6)
        asked_of = actions.consult(person=who, on=D(2026, 2, 5), inforequest=row, kind="third_party", party="柳河建筑有限公司")
        assert case_of(row, D(2026, 2, 9)).state == "consulting"
        actions.record_opinion(person=who, on=D(2026, 2, 12), inforequest=row, consultation=asked_of, opinion="refuses", reason="商业秘密")
        # 6 and 9-12 February are five days left out: five more after 6 March.
        clock = case_of(row, D(2026, 2, 13)).clock
        assert clock is not None and (clock.state, clock.due) == ("running", D(2026, 3, 13))
        actions.extend(person=head(county), on=D(2026, 3, 12), inforequest=row, n=10, reason="需要核对三年的凭证")
        clock = case_of(row, D(2026, 3, 13)).clock
        assert clock is not None and (clock.due, clock.left) == (D(2026, 3, 27), 10)
        assert opened_party(asked_of.facts["party"], row.number) == "柳河建筑有限公司"
        assert list(verify()) == []

    def test_what_the_law_does_not_allow_is_refused_with_its_article_and_leaves_nothing(self, county: County) -> None:
        row, _ = filed(county)
        who, boss = officer(county), head(county)

        def refused(basis: str, act: Any, on: datetime.date, person: Any = who, **said: Any) -> None:
            before = (HandlingEvent.objects.count(), LedgerEntry.objects.count())
            with pytest.raises(Refused) as refusal:
                act(person=person, on=on, inforequest=row, **said)
            assert refusal.value.basis == basis
            assert (HandlingEvent.objects.count(), LedgerEntry.objects.count()) == before

        late = D(2026, 2, 5)  # the eighth working day
        refused("reg:30", actions.ask_supplement, late, unclear="哪条路", until=D(2026, 2, 20))
        refused("reg:30", actions.record_supplement, late, wanted=WANTED)
        refused("fee:6", actions.record_payment, late)
        refused("reg:31", actions.confirm, late)
        refused("reg:33.2", actions.extend, late, boss, n=21, reason="材料多")
        refused("reg:33.2", actions.extend, D(2026, 3, 2), boss, n=5, reason="材料多")  # it was due on 28 February
        refused("reg:35", actions.defer, late, boss, until=D(2026, 5, 6), reason="数量多")
        actions.extend(person=boss, on=late, inforequest=row, n=5, reason="材料多")
        refused("reg:33.2", actions.extend, D(2026, 2, 6), boss, n=5, reason="材料多")
        refused("reg:45", actions.consult, D(2026, 2, 4), kind="third_party", party="柳河公司")  # before what was done last
        assert list(verify()) == []

    def test_a_fee_that_is_not_paid_ends_it_and_one_that_is_begins_the_time_anew(self, county: County) -> None:
        paid, unpaid = filed(county)[0], filed(county)[0]
        for row in (paid, unpaid):
            actions.charge(person=head(county), on=D(2026, 1, 28), inforequest=row, n_pages=68)
            assert case_of(row, D(2026, 2, 27)).state == "awaiting_fee"
        actions.record_payment(person=officer(county), on=D(2026, 2, 4), inforequest=paid)
        # From 5 February: 5 and 6 two, 9-13 seven, 14 eight, 24-28 thirteen, March 2-6 eighteen, 9 and 10 twenty.
        clock = case_of(paid, D(2026, 2, 5)).clock
        assert clock is not None and clock.due == D(2026, 3, 10)
        # The notice is taken to have come on 31 January; twenty working days from the next end on 5 March.
        waiting = case_of(unpaid, D(2026, 3, 5)).clock
        assert waiting is not None and (waiting.state, waiting.waits_until) == ("awaiting_fee", D(2026, 3, 5))
        assert case_of(unpaid, D(2026, 3, 6)).state == "fee_lapsed"


class TestArrivals:
    def test_the_time_of_who_is_asked_is_counted_from_the_day_the_letter_arrived(self, county: County) -> None:
        row, _ = filed(county)
        who = officer(county)
        letter = actions.consult(person=who, on=D(2026, 1, 27), inforequest=row, kind="third_party", party="柳河公司")
        # Taken to have come on 30 January: fifteen working days are 2-6 five, 9-13 ten, 14 eleven, 24-27 fifteen.
        waiting = case_of(row, D(2026, 2, 9)).clock
        assert waiting is not None and waiting.waits_until == D(2026, 2, 27)
        actions.record_arrival(person=who, on=D(2026, 2, 9), inforequest=row, letter=letter, arrived_on=D(2026, 2, 3))
        # From 3 February: 4-6 three, 9-13 eight, 14 nine, 24-27 thirteen, 28 fourteen, 2 March fifteen.
        waiting = case_of(row, D(2026, 2, 9)).clock
        assert waiting is not None and (waiting.state, waiting.waits_until) == ("consulting", D(2026, 3, 2))
        for arrived_on in (D(2026, 1, 26), D(2026, 2, 10)):
            with pytest.raises(Refused, match="送达日期"):
                actions.record_arrival(person=who, on=D(2026, 2, 9), inforequest=row, letter=letter, arrived_on=arrived_on)
        with pytest.raises(Refused, match="已经登记"):
            actions.record_arrival(person=who, on=D(2026, 2, 9), inforequest=row, letter=letter, arrived_on=D(2026, 2, 4))
        assert list(verify()) == []

    def test_nothing_is_done_before_the_letter_was_signed_for(self, county: County) -> None:
        row = entered(county, channel="registered_mail", submitted_on=D(2026, 1, 20), signed_on=MONDAY)
        with pytest.raises(Refused, match="不能早于"):
            actions.confirm(person=officer(county), on=D(2026, 1, 23), inforequest=row)


class TestFees:
    def test_the_notice_holds_the_calculation(self, county: County) -> None:
        row, _ = filed(county)
        notice = actions.charge(person=head(county), on=MONDAY, inforequest=row, n_pages=68)
        # Pages 31 to 68 at ten yuan; the first thirty are free.
        assert notice.facts == {"method": "page", "lines": [[1, 30, 0, 0], [31, 68, 10, 380]], "amount": 380}

    def test_what_is_free_cannot_be_charged(self, county: County) -> None:
        row, _ = filed(county)
        for pages in (1, 30, None):
            with pytest.raises(Refused, match="不能收费"):
                actions.charge(person=head(county), on=MONDAY, inforequest=row, n_pages=pages)
        for pages in (-1, 100_001):
            with pytest.raises(Refused, match="页数"):
                actions.charge(person=head(county), on=MONDAY, inforequest=row, n_pages=pages)

    def test_the_eleventh_of_a_month_costs_a_hundred_yuan_whoever_else_asks_and_whatever_came_in_other_months(self, county: County) -> None:
        filed(county, on=D(2026, 1, 5), id_number="11010519491231003X")
        filed(county, on=D(2025, 12, 31))
        rows = [filed(county, on=D(2026, 1, 6 + number), ip=f"192.0.2.{number}")[0] for number in range(11)]
        with pytest.raises(Refused, match="不能收费"):
            actions.charge(person=head(county), on=D(2026, 1, 20), inforequest=rows[9])
        notice = actions.charge(person=head(county), on=D(2026, 1, 20), inforequest=rows[10])
        assert (notice.facts["method"], notice.facts["amount"]) == ("item", 100)


class TestKept:
    def test_no_row_is_changed_or_removed_whatever_is_asked(self, county: County) -> None:
        row, _ = filed(county)
        event = row.events.get()
        for change in (
            lambda: Inforequest.objects.filter(pk=row.pk).update(wanted="别的"), lambda: row.delete(),
            lambda: HandlingEvent.objects.filter(pk=event.pk).update(on=D(2020, 1, 1)), lambda: event.delete(),
        ):  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic():
                change()
        assert Inforequest.objects.get().wanted == WANTED

    def test_the_database_itself_lets_a_supplement_be_asked_once(self, county: County) -> None:
        row, _ = filed(county)
        event = actions.ask_supplement(person=officer(county), on=MONDAY, inforequest=row, unclear="哪条路", until=D(2026, 2, 6))
        with pytest.raises(IntegrityError), transaction.atomic():
            HandlingEvent.objects.create(inforequest=row, kind="supplement_asked", on=MONDAY, facts={}, entry=event.entry)

    def test_verify_names_a_request_without_its_entry(self, county: County) -> None:
        row, _ = filed(county)
        entry = LedgerEntry.objects.get(pk=row.entry_id)
        row.pk, row.number, row.entry = None, "qinghe-20260126-009", entry
        with pytest.raises(IntegrityError), transaction.atomic():  # an entry proves one row
            row.save(force_insert=True)
