"""The clock of a request against a slow one that walks from day to day, over histories made at random."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.clock import Workdays, demand, events, follow, is_workday
from gongkai.clock.derivation import days_of
from gongkai.errors import Refused

TABLE = Workdays()
DAY = datetime.timedelta(days=1)
# The numbers of the statute, written here by hand: the slow clock must not ask the fast one's data.
REPLY, LONGER, SUPPLEMENT, OPINION, PAY, POST = 20, 20, 7, 15, 20, 3
CAPPED = ("third_party", "co_organ")


class Slow:
    """Everything is counted by walking over the days; what a day is worth is looked at one day at a time."""

    def __init__(self, received: datetime.date) -> None:
        self.received = self.zero = received
        self.allowed = REPLY
        self.letters: list[events.Consulted] = []
        self.faults: list[str] = []
        self.waits: tuple[str, datetime.date] | None = None
        self.told_to_supplement = self.longer = self.reasons = self.fee = False
        self.fixed: datetime.date | None = None
        self.reply: datetime.date | None = None

    @staticmethod
    def walk(start: datetime.date, n: int) -> datetime.date:
        day = start
        while n:
            day += DAY
            n -= is_workday(day=day, table=TABLE)
        return day

    def quiet(self, day: datetime.date, now: datetime.date) -> bool:
        """Whether that day belongs to somebody who is asked, as far as is known on ``now``."""
        return any(letter.on < day <= self.end(letter, now) for letter in self.letters)

    def end(self, letter: events.Consulted, now: datetime.date) -> datetime.date:
        ends = [now] + ([letter.answered] if letter.answered else [])
        if letter.kind in CAPPED:
            ends.append(self.walk(letter.received or letter.on + POST * DAY, OPINION))
        return min(ends)

    def due(self, now: datetime.date) -> datetime.date:
        if self.fixed:
            return self.fixed
        day, counted = self.zero, 0
        while counted < self.allowed:
            day += DAY
            counted += is_workday(day=day, table=TABLE) and not self.quiet(day, now)
        return day

    def restart(self, day: datetime.date, n: int = REPLY) -> None:
        self.zero, self.allowed, self.waits, self.fixed, self.reply = day, n, None, None, None

    def take(self, event: Any) -> None:
        name = type(event).__name__
        if self.reply and name != "Reopened":
            self.faults.append("after_reply")
        elif name in ("Extended", "Deferred", "FeeAsked"):
            if self.waits:
                self.faults.append("nothing_runs")
            else:
                self.change(event, name)
        elif name in ("Supplemented", "FeePaid"):
            self.come_back(event, {"Supplemented": "supplement", "FeePaid": "fee"}[name])
        else:
            getattr(self, name)(event)

    def SupplementAsked(self, event: Any) -> None:  # noqa: N802 - called by the name of the event
        if self.told_to_supplement:
            self.faults.append("supplement_twice")
            return
        if event.on > self.walk(self.received, SUPPLEMENT):
            self.faults.append("supplement_late")
        if event.until <= event.on:
            self.faults.append("supplement_short")
        self.told_to_supplement, self.waits = True, ("supplement", event.until)

    def come_back(self, event: Any, kind: str) -> None:
        if not self.waits or self.waits[0] != kind:
            self.faults.append(f"{kind}_unasked")
        elif event.on > self.waits[1] and not getattr(event, "is_excused", False):
            self.faults.append(f"{kind}_overdue")
        else:
            self.restart(event.on)

    def Consulted(self, event: Any) -> None:  # noqa: N802 - as above
        self.letters.append(event)

    def ExplanationAsked(self, event: Any) -> None:  # noqa: N802 - as above
        self.reasons = True

    def Replied(self, event: Any) -> None:  # noqa: N802 - as above
        if not self.waits and event.on > self.due(event.on):
            self.faults.append("reply_late")
        self.reply = event.on

    def Reopened(self, event: Any) -> None:  # noqa: N802 - as above
        if not self.reply:
            self.faults.append("reopened_unanswered")
            return
        self.letters, self.longer, self.fee, self.reasons = [], False, False, False
        self.restart(event.on, REPLY if event.n is None else event.n)

    def change(self, event: Any, name: str) -> None:
        on, due = event.on, self.due(event.on)
        if name == "Extended":
            fault = (
                "extension_after_deferral" if self.fixed else "extension_twice" if self.longer else "extension_too_long" if event.n > LONGER
                else "extension_after_due" if on > due or event.approved > due
                else "extension_unapproved" if event.approved > on else ""
            )  # fmt: skip
            if not fault:
                self.longer = True
                self.allowed += event.n
        elif name == "Deferred":
            fault = "deferral_unexplained" if not self.reasons else "deferral_wrong_day" if on > due or event.until <= due else ""
            self.fixed = self.fixed if fault else event.until
        else:
            fault = "fee_twice" if self.fee else "fee_after_due" if on > due else ""
            if not fault:
                self.fee, self.waits = True, ("fee", self.walk(event.received or on + POST * DAY, PAY))
        self.faults += [fault] if fault else []


def after(start: datetime.date, most: int) -> st.SearchStrategy[datetime.date]:
    return st.integers(0, most).map(lambda n: start + n * DAY)


def _letters(on: datetime.date) -> st.SearchStrategy[events.Consulted]:
    return st.builds(
        events.Consulted, on=st.just(on), kind=st.sampled_from([*CAPPED, "other_organ"]), received=st.none() | after(on, 6),
        answered=st.none() | after(on, 40),
    )  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> tuple[datetime.date, list[Any], datetime.date]:
    """A day of receipt, up to seven events on days of their own, and the day on which somebody asks."""
    received = draw(st.dates(datetime.date(2021, 1, 4), datetime.date(2026, 3, 1)))
    days = sorted(draw(st.sets(st.integers(0, 60), max_size=7)))
    made: list[Any] = []
    for n in days:
        on = received + n * DAY
        made.append(
            draw(
                st.one_of(
                    st.builds(events.SupplementAsked, on=st.just(on), until=after(on, 30)),
                    st.builds(events.Supplemented, on=st.just(on), is_excused=st.booleans()),
                    *[_letters(on)] * 4,  # most often, for only those of several people overlap
                    st.builds(events.Extended, on=st.just(on), n=st.integers(1, 22), approved=after(on - 3 * DAY, 4)),
                    st.builds(events.ExplanationAsked, on=st.just(on)),
                    st.builds(events.Deferred, on=st.just(on), until=after(on, 90)),
                    st.builds(events.FeeAsked, on=st.just(on), received=st.none() | after(on, 6)),
                    st.builds(events.FeePaid, on=st.just(on)),
                    st.builds(events.Replied, on=st.just(on)),
                    st.builds(events.Reopened, on=st.just(on), n=st.none() | st.integers(1, 60)),
                )
            )
        )  # fmt: skip
    return received, made, draw(after(received, 150))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_the_fast_clock_says_what_the_slow_one_says(history: tuple[datetime.date, list[Any], datetime.date]) -> None:
    received, made, as_of = history
    slow = Slow(received)
    for event in made:
        if event.on <= as_of:
            slow.take(event)
    standing = follow(received, made, as_of=as_of, table=TABLE)
    now = slow.reply or as_of
    assert standing.due == (None if slow.waits else slow.due(now))  # nothing runs while the applicant is waited for, answered or not
    assert [breach.code for breach in standing.breaches] == slow.faults
    assert (standing.state == "replied") == bool(slow.reply)
    assert standing.is_late == (standing.due is not None and now > standing.due)
    if slow.waits and not slow.reply:
        assert standing.waits_until == slow.waits[1]
        assert standing.state.endswith("_lapsed") == (as_of > slow.waits[1])
    elif not slow.fixed and standing.due is not None:
        day, used = slow.zero, 0
        while day < now:
            day += DAY
            used += is_workday(day=day, table=TABLE) and not slow.quiet(day, now)
        assert standing.n_used == used


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_the_derivation_ends_on_the_due_day_and_counts_every_day_once(history: tuple[datetime.date, list[Any], datetime.date]) -> None:
    received, made, as_of = history
    standing = follow(received, made, as_of=as_of, table=TABLE)
    if standing.due is None or standing.count.set_until is not None:
        return
    told = list(days_of(begins_on=standing.count.begins_on, n=standing.count.n, table=TABLE, pauses=standing.count.pauses))
    assert told[-1].day == standing.due
    assert [day.number for day in told if day.number is not None] == list(range(1, standing.count.n + 1))
    assert [day.day for day in told] == [standing.count.begins_on + n * DAY for n in range(1, len(told) + 1)]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_an_act_is_refused_exactly_when_it_would_be_a_breach(history: tuple[datetime.date, list[Any], datetime.date]) -> None:
    received, made, _ = history
    if not made:
        return
    *before, act = made
    new = follow(received, made, as_of=act.on, table=TABLE).breaches
    faults = [breach.code for breach in new if breach.on == act.on and breach.code != "reply_late"]
    try:
        demand(received, before, act, table=TABLE)
    except Refused as refusal:
        assert faults and refusal.basis
    else:
        assert not faults
