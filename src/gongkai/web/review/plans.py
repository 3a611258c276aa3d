"""Which stages an organ reviews with: its own plan of the day, or the general one; and who would pass them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.agencies.permissions import actions
from gongkai.web.ledger.acts import Act, action
from gongkai.web.review.models import LANES, NORMAL, URGENT, StagePlan
from gongkai.web.review.stages import Stage, always, approves, default_stages, fewest, stages

MOST_DAYS = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """The stages of one lane in order with their working days. ``from_on`` is ``None`` for the general plan."""

    lane: str
    stages: tuple[str, ...]
    days: Mapping[str, int]
    from_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Chair:
    """One stage, and who may pass it in an organ on a day."""

    stage: Stage
    days: int
    holders: list[Person] = field(default_factory=list)


def plan_on(agency: Agency, lane: str, on: datetime.date) -> Plan:
    """The plan in force in that organ on that day."""
    row = StagePlan.objects.filter(agency=agency, lane=lane, from_on__lte=on).order_by("-from_on", "-pk").first()
    names = tuple(row.stages) if row else tuple(default_stages(lane))
    own: Mapping[str, int] = row.days if row else {}
    return Plan(lane, names, {name: own.get(name, stages()[name].days) for name in names}, row.from_on if row else None)


@action("review.set_stages", agency=lambda agency, **_: agency)
def set_stages(act: Act, *, agency: Agency, lane: str, names: Sequence[str], days: Mapping[str, int], from_on: datetime.date) -> StagePlan:
    """Set the stages of a lane from a day on. Reviews that are open keep those they were opened with."""
    if lane not in LANES:
        raise Refused("没有这种程序。")
    if from_on < act.on:
        raise Refused("起用日期不能早于今天，已经开始的审查不改环节。")
    _demand_sound(agency, lane, names, from_on)
    own = {name: n for name, n in days.items() if name in names and n != stages()[name].days}
    if any(not 1 <= n <= MOST_DAYS for n in own.values()):
        raise Refused(f"每一道的期限在1到{MOST_DAYS}个工作日之间。")
    before = plan_on(agency, lane, from_on)
    if (before.stages, dict(before.days)) == (tuple(names), {name: own.get(name, stages()[name].days) for name in names}):
        raise Refused("审查环节没有变化，不用保存。")
    change = {"stages": list(before.stages), "days": dict(before.days)}, {"stages": list(names), "days": own}
    facts = {"lane": lane, "stages": list(names), "days": own, "from": from_on.isoformat()}
    entry = act.record(agency, change=change, facts=facts)
    return StagePlan.objects.create(agency=agency, lane=lane, stages=list(names), days=own, from_on=from_on, entry=entry)


def _demand_sound(agency: Agency, lane: str, names: Sequence[str], from_on: datetime.date) -> None:
    """:class:`Refused` with everything that is wrong with a list of stages."""
    missing = [stages()[name].title for name in always() if name not in names]
    approving = stages()[approves()].title
    other = plan_on(agency, NORMAL if lane == URGENT else URGENT, from_on)
    shorter, longer = (len(names), len(other.stages)) if lane == URGENT else (len(other.stages), len(names))
    problems = [
        ("有不认识的环节", any(name not in stages() for name in names)),
        ("同一道环节不能排两次", len(set(names)) < len(names)),
        (f"不能没有{'、'.join(missing)}", bool(missing)),
        (f"至少要有{fewest()}道，由不同的人审查", len(names) < fewest()),
        (f"应急通道要有{approving}，由指定的审批人办理", lane == URGENT and approves() not in names),
        ("应急通道的环节要比一般程序少", shorter >= longer),
    ]
    wrong = [words for words, is_wrong in problems if is_wrong]
    if wrong:
        raise Refused("；".join(wrong) + "。")


def duties_of(stage: str) -> list[str]:
    """The kinds of post that may pass a stage."""
    return list(actions()[stages()[stage].action])


def holders(agency: Agency, stage: str, on: datetime.date) -> list[Person]:
    """Who may pass that stage in that organ on that day."""
    posts = Post.objects.filter(Post.held_on(on), agency=agency, duty__in=duties_of(stage), person__is_active=True)
    return list(Person.objects.filter(pk__in=posts.values("person_id")))


def chairs(agency: Agency, plan: Plan, on: datetime.date) -> list[Chair]:
    """Every stage of a plan with who may pass it."""
    return [Chair(stages()[name], plan.days[name], holders(agency, name, on)) for name in plan.stages]


def warnings(filled: Sequence[Chair]) -> list[str]:
    """What would stop a review with these chairs: nobody in a post, or too few different people."""
    empty = [f"{chair.stage.title}没有人担任，审查到这一道会停住" for chair in filled if not chair.holders]
    if not empty and len(_seated(filled)) < len(filled):
        return [
            f"{len(filled)}道环节一共只有{len({p.pk for chair in filled for p in chair.holders})}个人能审，一个人只能审一道，审查会停住"
        ]
    return empty


def _seated(filled: Sequence[Chair]) -> dict[int, int]:
    """Person → chair, as many chairs as different people can fill (augmenting paths)."""
    taken: dict[int, int] = {}

    def seat(at: int, tried: set[int]) -> bool:
        for person in filled[at].holders:
            if person.pk in tried:
                continue
            tried.add(person.pk)
            if person.pk not in taken or seat(taken[person.pk], tried):
                taken[person.pk] = at
                return True
        return False

    for at in range(len(filled)):
        seat(at, set())
    return taken
