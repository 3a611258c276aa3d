"""Every write about material: hand in, take, assign, merge, decline, draft from it, add it to a draft; units and who belongs to them.

Each act on a material first locks its row, so that two people cannot both take it, or one use what the other declines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure import actions as item_actions
from gongkai.web.disclosure import queries as item_queries
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.content import Content
from gongkai.web.disclosure.material import queries
from gongkai.web.disclosure.material.models import Assignment, Decline, ItemSource, Material, Member, Merge, Unit
from gongkai.web.disclosure.material.values import Handing, Upload, checked_files, demand_harmless, free_name, kept_files
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.richtext import LONGEST
from gongkai.web.ledger.acts import Act, action
from gongkai.web.review import kept
from gongkai.web.review.actions import add_revision
from gongkai.web.settings import moment


class AlreadyHandedIn(Refused):
    """The same was handed in by the same person the same day; ``material`` is what stands."""

    def __init__(self, material: Material) -> None:
        super().__init__("这份材料今天已经交过，没有重复登记。")
        self.material = material


def _of_material(material: Material, **_: Any) -> Agency:
    return material.agency


@action("material.hand_in", agency=lambda sender, **_: sender)
def hand_in(
    act: Act, *, sender: Agency, agency: Agency, handing: Handing, unit: Unit | None = None, uploads: Sequence[Upload] = ()
) -> Material:
    """Hand material in to an organ of the same county. What bears a secrecy mark is refused before any of it is kept."""
    # Locked, so that a button pressed twice hands in once.
    Person.objects.select_for_update(no_key=True).get(pk=act.person.pk)
    _demand_own_unit(act, sender, unit)
    if not queries.receivers(sender, act.on).filter(pk=agency.pk).exists():
        raise Refused("这个机关不在本县，或者还没有人接收材料，请另选一个机关。")
    handing, files = handing.checked(uploads, on=act.on), checked_files(uploads)
    demand_harmless(handing, files, agency, act.on)
    said = {name: getattr(handing, name) for name in handing.__slots__}
    material = Material(
        agency=agency, sender=sender, unit=unit, contributor=act.person, files=kept_files(files),
        handed_in_on=act.on, handed_in_at=moment.now(), **said,
    )  # fmt: skip
    material.digest = material.computed_digest()
    same = Material.objects.filter(contributor=act.person, handed_in_on=act.on, digest=material.digest).first()
    if same is not None:
        raise AlreadyHandedIn(same)
    facts = {"to": agency.path, "unit": unit.pk if unit else None, "files": len(files)}
    material.entry = act.record(sender, change=(None, material.content()), facts=facts)
    material.save(force_insert=True)
    return material


def _demand_own_unit(act: Act, sender: Agency, unit: Unit | None) -> None:
    units = list(queries.units_of(act.person, sender, act.on))
    if unit is None and units:
        raise Refused("请选择您所在的单位，采用情况按单位统计。")
    if unit is not None and unit not in units:
        raise Refused("您不属于这个单位，请联系公开工作机构负责人把您编入。")


def _open(material: Material) -> Any:
    """The material as it is now, locked; refused when it was used, merged or declined."""
    Material.objects.select_for_update(of=("self",)).get(pk=material.pk)
    found = queries.one(Material.objects.all(), material.pk)
    assert found is not None, "a material is never deleted"
    if found.state in ("declined", "merged", "used"):
        raise Refused(f"《{found.title}》{found.state_words}，不能再办理，请刷新页面。")
    return found


def _in_hand(act: Act, material: Material) -> Any:
    """As :func:`_open`; refused also when somebody else has it and the person is not the one who assigns."""
    found = _open(material)
    if found.drafter_id not in (None, act.person.pk) and not may(act.person, "material.assign", found.agency, act.on):
        raise Refused(f"《{found.title}》已经由{found.drafter_name}办理，请找公开工作机构负责人改派。")
    return found


def _assigned(act: Act, material: Any, drafter: Person) -> Assignment:
    entry = act.record(material, facts={"drafter": drafter.pk})
    return Assignment.objects.create(material=material, drafter=drafter, follows_id=material.assignment_id, entry=entry)


@action("material.take", agency=_of_material)
def take(act: Act, *, material: Material) -> Assignment:
    """Take up a material that nobody has yet."""
    found = _open(material)
    if found.drafter_id is not None:
        raise Refused(f"《{found.title}》已经由{found.drafter_name}领取。")
    return _assigned(act, found, act.person)


@action("material.assign", agency=_of_material)
def assign(act: Act, *, material: Material, drafter: Person, known: int | None) -> Assignment:
    """Give a material to a drafter. ``known`` is the assignment the person saw: another made meanwhile is not passed over."""
    found = _open(material)
    if found.assignment_id != known:
        raise Refused(f"页面打开后，《{found.title}》已经由{found.drafter_name}办理，请核对后再分派。")
    if found.drafter_id == drafter.pk:
        raise Refused(f"《{found.title}》已经分派给{drafter.full_name}。")
    if not may(drafter, "material.draft", found.agency, act.on):
        raise Refused(f"{drafter.full_name}不是这个机关的拟稿人，请另选一人。")
    return _assigned(act, found, drafter)


@action("material.merge", agency=_of_material)
def merge(act: Act, *, material: Material, others: Sequence[Material]) -> list[Merge]:
    """Put others that tell the same together with this one; they share its fate and are credited with it."""
    if not others:
        raise Refused("请勾选要并入的材料。")
    # Locked in one order, so that two merges at once never wait for each other.
    locked = {row.pk: _in_hand(act, row) for row in sorted({material, *others}, key=lambda row: row.pk)}
    main = locked.pop(material.pk)
    done = []
    for other in locked.values():
        if other.agency_id != main.agency_id:
            raise Refused("只能合并交给同一个机关的材料。")
        if Merge.objects.filter(into=other).exists():
            raise Refused(f"《{other.title}》里已经并入了别的材料，请打开那一份，把这一份并过去。")
        entry = act.record(other, facts={"into": main.pk})
        done.append(Merge.objects.create(material=other, into=main, entry=entry))
    return done


@action("material.decline", agency=_of_material)
def decline(act: Act, *, material: Material, reason: str) -> Decline:
    """Do not use a material, and say why to who handed it in."""
    found = _in_hand(act, material)
    said = " ".join(reason.replace("\0", "").split())[:500]
    if not said:
        raise Refused("请写明不采用的理由，供稿人会看到。")
    entry = act.record(found, reason=said)
    return Decline.objects.create(material=found, reason=said, entry=entry)


@action("material.draft", agency=_of_material)
def draft_from(act: Act, *, material: Material, content: Content) -> Item:
    """Begin an item from a material and those merged into it: their files are attached, and each is credited."""
    found = _in_hand(act, material)
    if found.drafter_id is None:
        take(person=act.person, on=act.on, material=found)
    item = item_actions.draft(person=act.person, on=act.on, agency=found.agency, content=content)
    return _credited(act, item, found)


@action("material.add_to_draft", agency=_of_material)
def add_to_draft(act: Act, *, material: Material, item: Item, with_text: bool = True) -> Item:
    """Add a material to a draft that is in nobody's review: its text at the end, its files, and the credit."""
    found = _in_hand(act, material)
    if found.drafter_id is None:
        take(person=act.person, on=act.on, material=found)
    item = Item.objects.select_for_update(of=("self",)).select_related("agency", "current").get(pk=item.pk)
    state = item_queries.state_of(item_queries.with_state(Item.objects.filter(pk=item.pk)).get())
    if item.agency_id != found.agency_id or state not in ("draft", "returned"):
        raise Refused("只能并入本机关还没有提交审查的草稿，请另选一条。")
    if with_text and (text := queries.as_draft(found)["body"]):
        _append(act, item, text)
    return _credited(act, item, found)


def _append(act: Act, item: Item, text: str) -> None:
    before = item.current.content
    if len(before["body"]) + len(text) > LONGEST:
        raise Refused("草稿加上这份材料太长，请不要带上正文，自己摘录。")
    item.current = add_revision(act, subject=item, content={**before, "body": before["body"] + text})
    item.save(update_fields=["current"])
    act.record(item, revision=item.current.digest, change=(before, item.current.content))


def _credited(act: Act, item: Item, material: Material) -> Item:
    """The item with the files of a material and of those merged into it, each of them credited with an entry of its own."""
    for source in (material, *queries.merged_into(material)):
        for row in source.files:
            item = _attached(act, item, row)
        entry = act.record(source, facts={"item": item.pk})
        ItemSource.objects.create(item=item, material=source, entry=entry)
    return item


def _attached(act: Act, item: Item, row: dict[str, Any]) -> Item:
    """The item with that file, through the same door as any attachment; a file that it has already stays one."""
    has = item.current.content.get("attachments", [])
    if any(one["digest"] == row["digest"] for one in has):
        return item
    name = free_name(row["name"], [one["name"] for one in has])
    attached: Item = item_actions.attach(person=act.person, on=act.on, item=item, name=name, data=kept.content(row["digest"]))
    return attached


@action("material.open_unit", agency=lambda agency, **_: agency)
def open_unit(act: Act, *, agency: Agency, name: str, kind: str) -> Unit:
    """A station, village, section or department that hands in material."""
    name = " ".join(name.replace("\0", "").split())
    if not name or len(name) > 60:
        raise Refused("请填写单位名称，不超过60个字。")
    if kind not in words("unit_kinds"):
        raise Refused("请选择单位类型。")
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if Unit.objects.filter(agency=agency, name=name, until_on__isnull=True).exists():
        raise Refused(f"已经有“{name}”。")
    entry = act.record(agency, facts={"unit": name, "kind": kind})
    return Unit.objects.create(agency=agency, name=name, kind=kind, from_on=act.on, entry=entry)


@action("material.close_unit", agency=lambda unit, **_: unit.agency)
def close_unit(act: Act, *, unit: Unit) -> Unit:
    """Close a unit; what it handed in stays credited to it."""
    unit = Unit.objects.select_for_update(of=("self",)).select_related("agency").get(pk=unit.pk)
    if unit.until_on is not None:
        raise Refused(f"“{unit}”已经撤销。")
    unit.ended_by, unit.until_on = act.record(unit, facts={"unit": unit.name}), act.on
    unit.save(update_fields=["ended_by", "until_on"])
    return unit


@action("material.join_unit", agency=lambda unit, **_: unit.agency)
def join_unit(act: Act, *, unit: Unit, newcomer: Person) -> Member:
    """Put a contributor of the organ into a unit: what he hands in is credited to it."""
    unit = Unit.objects.select_for_update(of=("self",)).select_related("agency").get(pk=unit.pk)
    if unit.until_on is not None:
        raise Refused(f"“{unit}”已经撤销。")
    if not may(newcomer, "material.hand_in", unit.agency, act.on):
        raise Refused(f"{newcomer.full_name}不是这个机关的供稿人，请先由安全管理员安排“供稿人”岗位。")
    if Member.objects.filter(unit=unit, person=newcomer, until_on__isnull=True).exists():
        raise Refused(f"{newcomer.full_name}已经在“{unit}”。")
    entry = act.record(unit, facts={"joins": newcomer.pk})
    return Member.objects.create(unit=unit, person=newcomer, from_on=act.on, entry=entry)


@action("material.leave_unit", agency=lambda member, **_: member.unit.agency)
def leave_unit(act: Act, *, member: Member) -> Member:
    """Take a contributor out of a unit."""
    member = Member.objects.select_for_update(of=("self",)).select_related("unit", "person").get(pk=member.pk)
    if member.until_on is not None:
        raise Refused(f"{member.person.full_name}已经移出“{member.unit}”。")
    member.ended_by, member.until_on = act.record(member.unit, facts={"leaves": member.person_id}), act.on
    member.save(update_fields=["ended_by", "until_on"])
    return member
