"""Revisions, runs and steps: called by the apps that own the subject, always inside an act."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Q

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.agencies.permissions import demand
from gongkai.web.ledger.acts import Act, action
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review.authors import authors_until, wrote
from gongkai.web.review.models import (
    COMPLETED,
    NORMAL,
    OPEN,
    RECALLED,
    RETURNED,
    URGENT,
    VOID,
    WHOLE,
    Assignment,
    Revision,
    Run,
    Serial,
    Step,
)  # fmt: skip
from gongkai.web.review.plans import holders, plan_on
from gongkai.web.review.stages import approves, stages, whole_days
from gongkai.web.settings import moment


def next_number(*, agency: Agency, series: str, year: int, count: int = 1) -> int:
    """The next number of a gapless series, the last of the next ``count``; when the caller's transaction fails, they are free again."""
    Serial.objects.get_or_create(agency=agency, series=series, year=year)
    serial = Serial.objects.select_for_update().get(agency=agency, series=series, year=year)
    serial.last += count
    serial.save(update_fields=["last"])
    return serial.last


LONGEST_COMMENT = 500
# What other apps do in the same act when a subject gets a new revision.
ON_REVISION: list[Callable[[Act, Revision], None]] = []


def add_revision(act: Act, *, subject: models.Model, content: Mapping[str, Any], void_open_run: bool = False) -> Revision:
    """A new immutable revision of ``subject``. While a review is open this needs ``void_open_run``, and the review is void from now on.

    A review after the fact stays: it is about what was published.
    """
    kind = subject._meta.label_lower
    last = Revision.objects.filter(subject_kind=kind, subject_id=subject.pk).order_by("-number").first()
    under_way = _locked(Run.objects.filter(subject_kind=kind, subject_id=subject.pk, state=OPEN, makes_up__isnull=True))
    if under_way and not void_open_run:
        raise Refused("正在审查，内容已锁定。请先撤回审查；或者确认保存后审查作废、要重新提交，再保存。")
    revision = Revision.objects.create(
        agency=act.agency,
        subject_kind=kind,
        subject_id=subject.pk,
        number=last.number + 1 if last else 1,
        content=dict(content),
        digest=digest_of(content),
        made_by=act.person,
        made_at=moment.now(),
    )
    Run.objects.filter(pk__in=[run.pk for run in under_way]).update(state=VOID)
    for told in ON_REVISION:
        told(act, revision)
    return revision


def _locked(runs: Any) -> list[Run]:
    """The runs, locked in one order everywhere, so that two acts at once never wait for each other."""
    return list(runs.order_by("pk").select_for_update(of=("self",)))


def open_run(
    act: Act,
    *,
    revision: Revision,
    entry: LedgerEntry,
    approver: Person | None = None,
    joined: Mapping[Agency, Person | None] | None = None,
) -> Run:
    """Open the review of that revision, with the stages in force today. Its drafter is who made the revision.

    With ``approver`` it takes the urgent lane; every organ of ``joined`` reviews the same revision with its own stages, in the urgent
    lane before the approver that stands beside it.
    """
    same = Run.objects.filter(subject_kind=revision.subject_kind, subject_id=revision.subject_id, state=OPEN, makes_up__isnull=True)
    if same.exists():
        raise Refused("这份内容正在审查，不能重复提交。")
    others = joined or {}
    if approver is not None:
        _demand_approvers(act, revision, {revision.agency: approver, **others})
    lead = _opened(act, revision, entry, agency=revision.agency, approver=approver)
    for agency, named in others.items():
        _opened(act, revision, entry, agency=agency, lead=lead, approver=named)
    return lead


def _demand_approvers(act: Act, revision: Revision, named: Mapping[Agency, Person | None]) -> None:
    """Every organ of an urgent review has an approver of its own, who holds the post there and wrote none of it."""
    authors = authors_until(revision)
    for agency, approver in named.items():
        of = f"{agency.short_name}" if len(named) > 1 else ""
        if approver is None:
            raise Refused(f"{of}还没有指定审批人。走应急通道的，每个机关都要指定。")
        if approver.pk in authors:
            raise Refused("拟稿人不能审批自己的稿件，请指定没有写过这份内容的审批人。")
        if approver not in holders(agency, approves(), act.on):
            raise Refused(f"{of}指定的审批人要担任“{stages()[approves()].title}”的岗位。")
    if len(set(named.values())) < len(named):
        raise Refused("一个人不能替两个机关审批，请每个机关指定不同的审批人。")


def _opened(act: Act, revision: Revision, entry: LedgerEntry, *, agency: Agency, **more: Any) -> Run:
    lane = URGENT if more.get("approver") else NORMAL
    plan, general = plan_on(agency, lane, act.on), plan_on(agency, NORMAL, act.on)
    later = [name for name in general.stages if name not in plan.stages]
    return Run.objects.create(
        agency=agency, subject_kind=revision.subject_kind, subject_id=revision.subject_id, revision=revision,
        drafter=revision.made_by, stages=list(plan.stages), days={**general.days, **plan.days}, later=later,
        lane=lane, opened_on=act.on, entry=entry, **more,
    )  # fmt: skip


def make_up(act: Act, *, run: Run, entry: LedgerEntry) -> Run | None:
    """Open the review after the fact (事后补审) of what an urgent run let out; ``None`` when it left no stage out."""
    if not run.later:
        return None
    return Run.objects.create(
        agency=run.agency, subject_kind=run.subject_kind, subject_id=run.subject_id, revision=run.revision, drafter=run.drafter,
        stages=run.later, days={**run.days, WHOLE: whole_days()}, opened_on=act.on, makes_up=run, entry=entry,
    )  # fmt: skip


def recall_run(run: Run, *, state: str = RECALLED) -> None:
    """Take an open run back, and those of the organs that review with it; the caller records the act.

    With ``state`` it is returned instead, by an act that is no reviewer's step.
    """
    group = _locked(Run.objects.filter(Q(pk=run.pk) | Q(lead=run.pk)))
    if not any(one.state == OPEN for one in group):
        raise Refused(f"审查{group[0].get_state_display()}，不能撤回。")
    _close(group, state)


def _close(group: Sequence[Run], state: str) -> None:
    """Give every run of the group that is still open its last state."""
    Run.objects.filter(pk__in=[one.pk for one in group if one.state == OPEN]).update(state=state)


def _decide(act: Act, *, run: Run, is_passed: bool, checked: Sequence[str] = (), comment: str = "", return_to: str = "") -> Step:
    """One reviewer's decision on the stage the run waits for: pass, return to the drafter, or to the earlier stage ``return_to``."""
    leading = run.lead_id or run.pk
    group = _locked(Run.objects.filter(Q(pk=leading) | Q(lead=leading) | Q(pk=run.pk)).select_related("revision"))
    run = next(one for one in group if one.pk == run.pk)
    stage = run.waits_for()
    if stage is None or stages()[stage].action != act.name:
        raise Refused(f"现在不轮到这一审：{run.get_state_display() if stage is None else '等待' + stages()[stage].title}。")
    _demand_other_eyes(act, run, stage)
    _demand_told(run, stage, is_passed, checked, comment, return_to)
    told = {"stage": stage, "passed": is_passed, "subject": subject_of(run), **({"returned_to": return_to} if return_to else {})}
    entry = act.record(run, revision=run.revision.digest, reason=comment.strip(), facts=told)
    step = Step.objects.create(
        run=run, stage=stage, person=act.person, drafter_id=run.drafter_id, is_passed=is_passed, returned_to=return_to,
        checked=list(checked), comment=comment.strip(), entry=entry,
    )  # fmt: skip
    if not is_passed and not return_to:
        # What one organ returns is returned to the drafter as a whole.
        _close(group if run.makes_up_id is None else [run], RETURNED)
    elif run.waits_for() is None:
        _close([run], COMPLETED)
    return step


def _demand_other_eyes(act: Act, run: Run, stage: str) -> None:
    """Four eyes: nobody who wrote any of it, nobody at two stages (nor at one before and one after an urgent publication), the named approver."""
    if act.person.pk == run.drafter_id:
        raise Refused("拟稿人不能审查自己的稿件，请由其他人审查。")
    if wrote(act.person, run):
        raise Refused("您写过或者修改过这份内容（包括附件），不能审查，请由其他人审查。")
    if has_passed_another(run, act.person, stage):
        raise Refused("同一个人在一次审查中只能审一道，请由其他人审查。")
    if run.approver_id and stage == approves():
        named = named_for(run, stage)
        if named is not None and act.person.pk != named.pk:
            raise Refused(f"应急通道指定由{named.full_name}审批，请由其办理，或者先转办。")


def _demand_told(run: Run, stage: str, is_passed: bool, checked: Sequence[str], comment: str, return_to: str) -> None:
    missing = [line for line in stages()[stage].checklist if line not in checked] if is_passed else []
    if missing:
        raise Refused(f"还有{len(missing)}项没有核对：{'；'.join(missing)}。")
    if not is_passed and not comment.strip():
        raise Refused("退回时请写明理由，拟稿人才知道改什么。")
    if len(comment.strip()) > LONGEST_COMMENT:
        raise Refused(f"意见有{len(comment.strip())}个字，请缩短到{LONGEST_COMMENT}个字以内。")
    if return_to and (is_passed or return_to not in run.stages[: run.stages.index(stage)]):
        raise Refused("只能退回到前面已经通过的环节，或者退回拟稿人。")


def heads_office(person: Person, agency: Agency, on: datetime.date) -> bool:
    """Whether that person heads the disclosure office of the organ, and so may replace a reviewer who is away."""
    return any(post.duty == "office_head" and post.agency_id == agency.pk for post in person.posts_on(on))


def has_passed_another(run: Run, person: Person, stage: str) -> bool:
    """Whether that person ever passed another stage of the run, or of the urgent run that it makes up for."""
    steps = [*run.steps.all(), *(run.makes_up.steps.all() if run.makes_up else ())]
    return any(step.person_id == person.pk and step.is_passed and step.stage != stage for step in steps)


def named_for(run: Run, stage: str) -> Person | None:
    """Who should pass that stage: to whom it was handed over last, or the named approver; ``None`` for anybody in the post."""
    handed = [row for row in run.assignments.all() if row.stage == stage]
    if handed:
        return max(handed, key=lambda row: row.pk).person
    return run.approver if stage == approves() else None


def _organ(run: Run, **_: Any) -> Agency:
    return run.agency


@action("review.hand_over", agency=_organ)
def hand_over(act: Act, *, run: Run, to: Person, reason: str) -> Assignment:
    """Name who should pass the stage that waits, in place of somebody who is away. ``to`` needs the post all the same."""
    run = _locked(Run.objects.filter(pk=run.pk).select_related("agency", "revision"))[0]
    stage = run.waits_for()
    if stage is None:
        raise Refused(f"审查{run.get_state_display()}，没有等待审查的环节。")
    if not heads_office(act.person, run.agency, act.on):
        demand(act.person, stages()[stage].action, run.agency, act.on)
    if to not in holders(run.agency, stage, act.on):
        raise Refused(f"只能转给本机关担任“{stages()[stage].title}”岗位的人。")
    if to.pk == run.drafter_id:
        raise Refused("不能转给拟稿人，拟稿人不能审查自己的稿件。")
    if wrote(to, run):
        raise Refused(f"{to.full_name}写过或者修改过这份内容（包括附件），不能审查。")
    if has_passed_another(run, to, stage):
        raise Refused(f"{to.full_name}在这次审查中已经审过一道，不能再审。")
    if named_for(run, stage) == to:
        raise Refused(f"这一道已经由{to.full_name}办理。")
    if not reason.strip():
        raise Refused("请写明转办的理由。")
    reason = reason.strip()[:LONGEST_COMMENT]
    facts = {"stage": stage, "to": to.pk, "name": to.full_name, "subject": subject_of(run)}
    entry = act.record(run, revision=run.revision.digest, reason=reason, facts=facts)
    return Assignment.objects.create(run=run, stage=stage, person=to, reason=reason, entry=entry)


def subject_of(run: Run) -> str:
    """The subject as the ledger names it."""
    return f"{run.subject_kind}:{run.subject_id}"


for _stage in stages().values():
    action(_stage.action, agency=_organ)(_decide)


def decide(*, run: Run, **arguments: Any) -> Step:
    """Pass or return the stage the run waits for; the stage names the action that the permission table is asked for."""
    from gongkai.web.ledger.acts import ACTIONS

    stage = run.waits_for()
    if stage is None:
        raise Refused(f"审查{run.get_state_display()}，没有等待审查的环节。")
    step: Step = ACTIONS[stages()[stage].action](run=run, **arguments)
    return step
