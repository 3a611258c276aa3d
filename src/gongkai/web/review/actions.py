"""Revisions, runs and steps: called by the apps that own the subject, always inside an act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.ledger.acts import Act, action
from gongkai.web.ledger.digest import digest_of
from gongkai.web.review.models import COMPLETED, OPEN, RECALLED, RETURNED, VOID, Revision, Run, Serial, Step
from gongkai.web.review.stages import default_stages, stages
from gongkai.web.settings import moment


def next_number(*, agency: Agency, series: str, year: int) -> int:
    """The next number of a gapless series, taken inside the caller's transaction: when that fails, the number is free again."""
    Serial.objects.get_or_create(agency=agency, series=series, year=year)
    serial = Serial.objects.select_for_update().get(agency=agency, series=series, year=year)
    serial.last += 1
    serial.save(update_fields=["last"])
    return serial.last


def add_revision(act: Act, *, subject: models.Model, content: Mapping[str, Any]) -> Revision:
    """A new immutable revision of ``subject``; an open run on an older one is void from now on."""
    kind = subject._meta.label_lower
    last = Revision.objects.filter(subject_kind=kind, subject_id=subject.pk).order_by("-number").first()
    Run.objects.filter(subject_kind=kind, subject_id=subject.pk, state=OPEN).update(state=VOID)
    return Revision.objects.create(
        agency=act.agency,
        subject_kind=kind,
        subject_id=subject.pk,
        number=last.number + 1 if last else 1,
        content=dict(content),
        digest=digest_of(content),
        made_by=act.person,
        made_at=moment.now(),
    )


def open_run(act: Act, *, revision: Revision) -> Run:
    """Open the review of that revision. Its drafter is who made the revision."""
    if Run.objects.filter(subject_kind=revision.subject_kind, subject_id=revision.subject_id, state=OPEN).exists():
        raise Refused("这份内容正在审查，不能重复提交。")
    return Run.objects.create(
        agency=revision.agency,
        subject_kind=revision.subject_kind,
        subject_id=revision.subject_id,
        revision=revision,
        drafter=revision.made_by,
        stages=default_stages(),
        opened_on=act.on,
    )


def recall_run(run: Run) -> None:
    """Take an open run back; the caller records the act."""
    if run.state != OPEN:
        raise Refused(f"审查{run.get_state_display()}，不能撤回。")
    run.state = RECALLED
    run.save(update_fields=["state"])


def _decide(act: Act, *, run: Run, is_passed: bool, checked: Sequence[str] = (), comment: str = "") -> Step:
    """One reviewer's decision on the stage the run waits for."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    stage = run.waits_for()
    if stage is None or stages()[stage].action != act.name:
        raise Refused(f"现在不轮到这一审：{run.get_state_display() if stage is None else '等待' + stages()[stage].title}。")
    if act.person.pk == run.drafter_id:
        raise Refused("拟稿人不能审查自己的稿件，请由其他人审查。")
    if run.steps.filter(person=act.person, is_passed=True).exists():
        raise Refused("同一个人在一次审查中只能审一道，请由其他人审查。")
    missing = [line for line in stages()[stage].checklist if line not in checked] if is_passed else []
    if missing:
        raise Refused(f"还有{len(missing)}项没有核对：{'；'.join(missing)}。")
    if not is_passed and not comment.strip():
        raise Refused("退回时请写明理由，拟稿人才知道改什么。")
    entry = act.record(
        run, revision=run.revision.digest, reason=comment.strip(), facts={"stage": stage, "passed": is_passed, "subject": subject_of(run)}
    )
    step = Step.objects.create(
        run=run, stage=stage, person=act.person, drafter_id=run.drafter_id, is_passed=is_passed,
        checked=list(checked), comment=comment.strip(), entry=entry,
    )  # fmt: skip
    if not is_passed or run.waits_for() is None:
        run.state = COMPLETED if is_passed else RETURNED
        run.save(update_fields=["state"])
    return step


def subject_of(run: Run) -> str:
    """The subject as the ledger names it."""
    return f"{run.subject_kind}:{run.subject_id}"


def _organ(run: Run, **_: Any) -> Agency:
    return run.agency


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
