"""The clock of a request (答复期限): by which day the organ must reply, from what happened. Nothing of it is ever stored.

>>> import datetime
>>> day = datetime.date(2024, 1, 22)
>>> standing = follow(day, [], as_of=datetime.date(2024, 2, 1), table=Workdays())
>>> standing.state, standing.due
('running', datetime.date(2024, 2, 22))
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import singledispatchmethod

from gongkai.clock.events import (
    Consulted,
    Deferred,
    Event,
    ExplanationAsked,
    Extended,
    FeeAsked,
    FeePaid,
    Reopened,
    Replied,
    SupplementAsked,
    Supplemented,
)
from gongkai.clock.workdays import Workdays, add_workdays, workdays_between
from gongkai.errors import Refused
from gongkai.law import at, cite
from gongkai.law.requests.timing import consultation, provision

_DAY = datetime.timedelta(days=1)
# In one day a paper arrives before another goes out: a supplement, a payment or a judgment before what the organ does with it.
_ORDER = (Reopened, Supplemented, FeePaid, SupplementAsked, Consulted, ExplanationAsked, Deferred, Extended, FeeAsked, Replied)


@dataclass(frozen=True, slots=True)
class Breach:
    """An act that the law does not allow as it was done: what it was, in Chinese, and the article. It has no effect on the count unless said."""

    code: str
    words: str
    basis: str
    on: datetime.date


@dataclass(frozen=True, slots=True)
class Pause:
    """Days from ``first`` to ``last`` that are not counted, and whom the organ asked."""

    first: datetime.date
    last: datetime.date
    kind: str


@dataclass(frozen=True, slots=True)
class Count:
    """A count that leads to a day: ``n`` working days after ``begins_on``, the pauses left out, or a day that was set."""

    begins_on: datetime.date
    n: int
    pauses: tuple[Pause, ...]
    basis: str
    set_until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the time of a request stands on the day ``as_of``.

    ``state``        running · consulting (somebody is asked and has not answered) · awaiting_supplement · supplement_lapsed ·
                     awaiting_fee · fee_lapsed · replied
    ``due``          the last day to reply; ``None`` while the organ waits for the requester. While somebody is asked it is the day
                     that would hold if he answered today
    ``waits_until``  until when the requester, or the last of those who were asked, may take; ``None`` where nobody is waited for
    ``n_used``       working days counted until ``as_of`` or the reply, ``left`` those from ``as_of`` until the last one, below zero when late
    ``provisional`` and ``reason`` as in :class:`gongkai.clock.Due`
    """

    state: str
    due: datetime.date | None
    provisional: bool
    reason: str | None
    waits_until: datetime.date | None
    is_late: bool
    n_used: int
    left: int | None
    as_of: datetime.date
    count: Count
    breaches: tuple[Breach, ...]
    told: tuple[tuple[datetime.date, str, str], ...]


def follow(received_on: datetime.date, events: Iterable[Event], *, as_of: datetime.date, table: Workdays) -> Standing:
    """How the time of a request stands, from its day of receipt and what happened until ``as_of``; later events are left out.

    An act that the law does not allow is told as a breach and moves nothing; only a notice of supplement that went out too late still
    lets the count begin again, for the requester must not suffer by it. :class:`gongkai.law.LawMissing` for days without law or days off.
    Source: 《政府信息公开条例》第三十条至第三十五条; 《政府信息公开信息处理费管理办法》第六条.
    """
    known = [event for event in events if event.on <= as_of]
    run = _Run(table, received_on)
    for event in sorted(known, key=lambda event: (event.on, _ORDER.index(type(event)))):
        run.take(event)
    return run.standing(as_of)


def demand(received_on: datetime.date, events: Sequence[Event], act: Event, *, table: Workdays) -> Standing:
    """How the time stands after the act; :class:`Refused` with its article where the law does not allow it. A late reply is let through."""
    before = {(breach.code, breach.on) for breach in follow(received_on, events, as_of=act.on, table=table).breaches}
    after = follow(received_on, [*events, act], as_of=act.on, table=table)
    for breach in after.breaches:
        if (breach.code, breach.on) not in before and breach.code != "reply_late":
            raise Refused(breach.words, basis=breach.basis)
    return after


@dataclass
class _Run:
    """The count as it is followed from event to event."""

    table: Workdays
    begins_on: datetime.date
    received_on: datetime.date = field(init=False)
    n: int = field(init=False)
    basis: str = field(init=False)
    asked: list[Consulted] = field(default_factory=list)
    supplement: SupplementAsked | None = None
    fee: FeeAsked | None = None
    waits_for: str = ""
    waits_until: datetime.date | None = None
    is_extended: bool = False
    is_explained: bool = False
    set_until: datetime.date | None = None
    replied_on: datetime.date | None = None
    breaches: list[Breach] = field(default_factory=list)
    told: list[tuple[datetime.date, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.received_on = self.begins_on
        self._begin(self.begins_on, "收到申请")

    def _begin(self, day: datetime.date, why: str, n: int | None = None, basis: str | None = None) -> None:
        """The whole time from ``day`` on, which is not counted."""
        limit = at(day).value("reply_limit")
        self.begins_on, self.n, self.basis = day, limit.n if n is None else n, basis or limit.basis
        self.waits_for, self.waits_until, self.set_until, self.replied_on = "", None, None, None
        self.told.append((day, f"{_words(day)}{why}，当日不计入，自次日起计算{self.n}个工作日（{cite(self.basis)}）。", self.basis))

    def _wrong(self, code: str, on: datetime.date, words: str, basis: str) -> None:
        self.breaches.append(Breach(code, words, basis, on))

    # The day that the count leads to.

    def pauses(self, now: datetime.date) -> list[tuple[Pause, bool]]:
        """Days that are not counted as seen on ``now``, and whether somebody may still answer."""
        found = []
        for asked in self.asked:
            if asked.on >= now:
                continue
            last = self.latest(asked)
            is_open = (asked.answered is None or asked.answered > now) and (last is None or now <= last)
            end = now if asked.answered is None else min(asked.answered, now)
            end = end if last is None else min(end, last)
            if end > self.begins_on:
                found.append((Pause(max(asked.on, self.begins_on) + _DAY, end, asked.kind), is_open))
        return found

    def latest(self, asked: Consulted) -> datetime.date | None:
        """The last day of somebody's time to answer; ``None`` where the law gives him no number of days."""
        limit = consultation(asked.kind, on=asked.on).limit
        if limit is None:
            return None
        got = asked.received or asked.on + _DAY * at(asked.on).value("delivery_assumed").n
        return add_workdays(start=got, n=limit.n, table=self.table).day

    def due(self, now: datetime.date) -> datetime.date:
        """The last day to reply as seen on ``now``."""
        if self.set_until is not None:
            return self.set_until
        spans = _union([pause for pause, _ in self.pauses(now)])
        left_out, last = -1, self.begins_on
        # What is left out moves the last day, and the last day tells what lies before it: it only ever grows, and stops.
        found = 0
        while found != left_out:
            left_out = found
            last = add_workdays(start=self.begins_on, n=self.n + left_out, table=self.table).day
            found = sum(self._worked(first, min(end, last)) for first, end in spans if first <= last)
        return last

    def _worked(self, first: datetime.date, last: datetime.date) -> int:
        return workdays_between(start=first - _DAY, end=last, table=self.table).n_workdays

    # What each event does.

    @singledispatchmethod
    def take(self, event: Event) -> None:
        """Follow one event."""
        raise TypeError(f"{type(event).__name__} is no event of a request")

    def _is_over(self, event: Event, what: str) -> bool:
        """Whether the reply is given already, so that nothing more can be done to its time."""
        if self.replied_on is None:
            return False
        self._wrong("after_reply", event.on, f"{_words(self.replied_on)}已经答复，不能再{what}。", self.basis)
        return True

    @take.register
    def _(self, event: SupplementAsked) -> None:
        limit = at(event.on).value("supplement_notice_limit")
        if self._is_over(event, "要求补正"):
            return
        if self.supplement is not None:
            self._wrong("supplement_twice", event.on, f"补正只能一次性告知，{_words(self.supplement.on)}已经告知过。", limit.basis)
            return
        last = add_workdays(start=self.received_on, n=limit.n, table=self.table).day
        if event.on > last:
            self._wrong("supplement_late", event.on, f"告知补正应当在收到申请之日起{limit.words}内，即{_words(last)}以前。", limit.basis)
        if event.until <= event.on:
            self._wrong("supplement_short", event.on, "补正的期限应当合理，不能在告知的当日或者以前截止。", limit.basis)
        self.supplement, self.waits_for, self.waits_until = event, "supplement", event.until
        self.told.append(
            (event.on, f"{_words(event.on)}一次性告知补正，申请人应当在{_words(event.until)}以前补正，期间等待申请人。", limit.basis)
        )

    @take.register
    def _(self, event: Supplemented) -> None:
        known = provision("supplemented", on=event.on)
        if self._is_over(event, "登记补正"):
            return
        if self.waits_for != "supplement" or self.waits_until is None:
            self._wrong("supplement_unasked", event.on, "没有告知申请人补正，或者已经补正过，期限不重新计算。", known.basis)
        elif event.on > self.waits_until and not event.is_excused:
            words = f"补正期限到{_words(self.waits_until)}，没有正当理由逾期的，视为放弃申请，期限不重新计算。"
            self._wrong("supplement_overdue", event.on, words, provision("unsupplemented", on=event.on).basis)
        else:
            self._begin(event.on, "收到补正后的申请", basis=known.basis)

    @take.register
    def _(self, event: Consulted) -> None:
        known = consultation(event.kind, on=event.on)
        if self._is_over(event, "征求意见"):
            return
        self.asked.append(event)
        self.told.append((event.on, f"{_words(event.on)}发出{known.words}的书面材料，自次日起至收到意见之日不计入期限。", known.basis))

    @take.register
    def _(self, event: Extended) -> None:
        limit = at(event.on).value("extension_limit")
        if self._is_over(event, "延长期限") or self._waits(event, "延长"):
            return
        due = self.due(event.on)
        for code, is_wrong, words in (
            ("extension_after_deferral", self.set_until is not None, "已经确定延迟答复的期限，不能再延长；仍然不够的，另行确定更晚的日期。"),
            ("extension_twice", self.is_extended, "答复期限只能延长一次，这件申请已经延长过。"),
            ("extension_too_long", not 1 <= event.n <= limit.n, f"延长的期限最长{limit.words}。"),
            ("extension_after_due", max(event.on, event.approved) > due, f"期限到{_words(due)}届满，应当在届满以前经负责人同意并告知申请人。"),
            ("extension_unapproved", event.approved > event.on, "延长期限应当先经负责人同意，再告知申请人。"),
        ):  # fmt: skip
            if is_wrong:
                self._wrong(code, event.on, words, limit.basis)
                return
        self.is_extended, self.n = True, self.n + event.n
        words = f"经负责人{_words(event.approved)}同意、{_words(event.on)}告知申请人，延长{event.n}个工作日，共{self.n}个工作日。"
        self.told.append((event.on, words, limit.basis))

    def _waits(self, event: Event, what: str) -> bool:
        if self.waits_for:
            self._wrong("nothing_runs", event.on, f"正在等待申请人，没有在计算的期限可以{what}。", self.basis)
        return bool(self.waits_for)

    @take.register
    def _(self, event: ExplanationAsked) -> None:
        known = provision("explanation", on=event.on)
        if not self._is_over(event, "要求说明理由"):
            self.is_explained = True
            self.told.append((event.on, f"{_words(event.on)}要求申请人说明理由，{known.words}。", known.basis))

    @take.register
    def _(self, event: Deferred) -> None:
        basis = provision("deferred", on=event.on).basis
        if self._is_over(event, "确定延迟答复的期限") or self._waits(event, "延迟"):
            return
        due = self.due(event.on)
        if not self.is_explained:
            self._wrong("deferral_unexplained", event.on, "要先要求申请人说明理由，理由合理的才能确定延迟答复的期限。", basis)
        elif event.on > due or event.until <= due:
            words = f"期限到{_words(due)}届满，应当在届满以前告知申请人，并且确定更晚的日期。"
            self._wrong("deferral_wrong_day", event.on, words, basis)
        else:
            self.set_until = event.until
            self.told.append((event.on, f"{_words(event.on)}告知申请人延迟到{_words(event.until)}以前答复。", basis))

    @take.register
    def _(self, event: FeeAsked) -> None:
        limit = at(event.on).value("fee_payment_limit")
        if self._is_over(event, "收费") or self._waits(event, "收费"):
            return
        due = self.due(event.on)
        if self.fee is not None:
            self._wrong("fee_twice", event.on, f"{_words(self.fee.on)}已经发出收费通知。", limit.basis)
        elif event.on > due:
            self._wrong("fee_after_due", event.on, f"收费通知应当在处理期限内发出，期限到{_words(due)}届满。", limit.basis)
        else:
            got = event.received or event.on + _DAY * at(event.on).value("delivery_assumed").n
            last = add_workdays(start=got, n=limit.n, table=self.table).day
            self.fee, self.waits_for, self.waits_until = event, "fee", last
            words = f"{_words(event.on)}发出收费通知，申请人应当自收到次日起{limit.words}内、即{_words(last)}以前缴纳，期间等待申请人。"
            self.told.append((event.on, words, limit.basis))

    @take.register
    def _(self, event: FeePaid) -> None:
        known = provision("paid", on=event.on)
        if self._is_over(event, "登记缴费"):
            return
        if self.waits_for != "fee" or self.waits_until is None:
            self._wrong("fee_unasked", event.on, "没有发出收费通知，或者已经缴费，期限不重新计算。", known.basis)
        elif event.on > self.waits_until:
            words = f"缴费期限到{_words(self.waits_until)}，逾期的视为放弃申请，期限不重新计算。"
            self._wrong("fee_overdue", event.on, words, provision("unpaid", on=event.on).basis)
        else:
            self._begin(event.on, "申请人缴费", basis=known.basis)

    @take.register
    def _(self, event: Replied) -> None:
        if self._is_over(event, "答复"):
            return
        if not self.waits_for and event.on > (due := self.due(event.on)):
            self._wrong("reply_late", event.on, f"期限到{_words(due)}届满，{_words(event.on)}才答复。", self.basis)
        self.replied_on = event.on
        self.told.append((event.on, f"{_words(event.on)}答复。", self.basis))

    @take.register
    def _(self, event: Reopened) -> None:
        known = provision("reopened", on=event.on)
        if self.replied_on is None:
            self._wrong("reopened_unanswered", event.on, "还没有答复，不用重新处理。", known.basis)
            return
        self.asked, self.fee = [], None
        self.is_extended = self.is_explained = False
        self._begin(event.on, "收到责令重新处理的决定或者判决", n=event.n, basis=known.basis)

    # How it stands.

    def standing(self, as_of: datetime.date) -> Standing:
        """The outcome as seen on ``as_of``."""
        now = self.replied_on or as_of
        seen = self.pauses(now)
        state, waits_until = self._state(as_of, [pause for pause, is_open in seen if is_open])
        due = None if self.waits_for else self.due(now)
        reason = self.table.caveat(day=due) if due is not None else None
        pauses = tuple(pause for pause, _ in seen)
        count = Count(self.begins_on, self.n, pauses, self.basis, self.set_until)
        used = self._worked(self.begins_on + _DAY, now) if now > self.begins_on else 0
        used -= sum(self._worked(first, min(end, now)) for first, end in _union(pauses) if first <= now)
        left = workdays_between(start=now, end=due, table=self.table).n_workdays if due is not None else None
        return Standing(
            state=state, due=due, provisional=reason is not None, reason=reason, waits_until=waits_until,
            is_late=due is not None and now > due, n_used=used, left=left, as_of=as_of, count=count,
            breaches=tuple(self.breaches), told=tuple(self.told),
        )  # fmt: skip

    def _state(self, as_of: datetime.date, open_pauses: list[Pause]) -> tuple[str, datetime.date | None]:
        if self.replied_on is not None:
            return "replied", None
        if self.waits_for and self.waits_until is not None:
            is_lapsed = as_of > self.waits_until
            return {"supplement": ("awaiting_supplement", "supplement_lapsed"), "fee": ("awaiting_fee", "fee_lapsed")}[self.waits_for][
                is_lapsed
            ], self.waits_until
        if open_pauses:
            ends = [self.latest(asked) for asked in self.asked if asked.answered is None or asked.answered > as_of]
            known = [end for end in ends if end is not None]
            return "consulting", max(known) if known and len(known) == len(ends) else None
        return "running", None


def _union(pauses: Sequence[Pause]) -> list[tuple[datetime.date, datetime.date]]:
    """The days of the pauses, each day once."""
    found: list[tuple[datetime.date, datetime.date]] = []
    for first, last in sorted((pause.first, pause.last) for pause in pauses if pause.first <= pause.last):
        if found and first <= found[-1][1] + _DAY:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _words(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
