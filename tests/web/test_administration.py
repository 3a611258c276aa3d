"""Organs, people and posts: who may make them, and that the three powers stay apart."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.agencies.permissions import NotPermitted, post_kinds
from gongkai.web.ledger.acts import ACTIONS
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.office import administration
from tests.web.conftest import DAY, County
from tests.web.test_walk import client_of


def refusal(act: object, **arguments: object) -> str:
    with pytest.raises((Refused, NotPermitted)) as caught:
        act(on=DAY, **arguments)  # type: ignore[operator]
    return caught.value.message


def test_an_account_can_do_nothing_until_it_has_a_post(county: County) -> None:
    system, security = county.person("yunchuan", "system_admin"), county.person("yunchuan", "security_admin")
    organ = county.organs["qinghe"]
    made = administration.add_person(person=system, on=DAY, agency=organ, username="Zhao.Min ", full_name="赵敏")
    assert made.person.username == "zhao.min"
    assert made.person.check_password(made.password)
    assert Agency.objects.seen_by(made.person, "disclosure.view", DAY).count() == 0
    administration.appoint(person=security, on=DAY, agency=organ, appointee=made.person, duty="drafter", from_on=DAY)
    fresh = Person.objects.get(pk=made.person.pk)
    assert [agency.code for agency in Agency.objects.seen_by(fresh, "disclosure.view", DAY)] == ["qinghe"]
    assert made.password not in "".join(str(entry.content()) for entry in LedgerEntry.objects.all())


def test_a_post_ends_with_its_last_day(county: County) -> None:
    drafter = county.person("qinghe", "drafter")
    security = county.person("yunchuan", "security_admin")
    post = drafter.posts.get()
    assert refusal(administration.dismiss, person=security, post=post, until_on=DAY, reason=" ") == "请写明免去的理由。"
    administration.dismiss(person=security, on=DAY, post=post, until_on=DAY, reason="调离")
    fresh = Person.objects.get(pk=drafter.pk)
    assert [len(fresh.posts_on(day)) for day in (DAY, DAY + datetime.timedelta(days=1))] == [1, 0]
    assert refusal(administration.dismiss, person=security, post=post, until_on=DAY, reason="再来") == "这个岗位已经免去。"


@pytest.mark.parametrize("first", ["system_admin", "security_admin", "auditor", "drafter"])
@pytest.mark.parametrize("second", ["system_admin", "security_admin", "auditor", "drafter"])
def test_the_powers_stay_apart(county: County, first: str, second: str) -> None:
    """In words from the action, and by the database when somebody goes around it."""
    security = Person.objects.create(username="other-security", password="!", full_name="另一名安全管理员")
    security.posts.create(agency=county.root, duty="security_admin", from_on=DAY)
    person = county.person("yunchuan", first)
    arguments = {"person": security, "agency": county.root, "appointee": person, "duty": second, "from_on": DAY}
    if first == second:
        assert refusal(administration.appoint, **arguments) == f"{person.full_name}已经担任这个岗位。"
        return
    assert refusal(administration.appoint, **arguments) == "同一个人不能同时担任不同权限类别的岗位（三权分立），请先免去原来的岗位。"
    with pytest.raises(IntegrityError, match="三权分立"), transaction.atomic():
        person.posts.create(agency=county.root, duty=second, from_on=DAY)


def test_nobody_gives_himself_a_post(county: County) -> None:
    security = county.person("yunchuan", "security_admin")
    words = refusal(
        administration.appoint, person=security, agency=county.organs["qinghe"], appointee=security, duty="office_head", from_on=DAY
    )
    assert words == "不能给自己安排岗位，请由另一名安全管理员办理。"


@pytest.mark.parametrize("duty", sorted(name for name, duty in post_kinds().items() if duty.only_in))
def test_posts_of_the_county_are_held_in_the_county(county: County, duty: str) -> None:
    security = county.person("yunchuan", "security_admin")
    person = Person.objects.create(username="nobody", password="!", full_name="无岗")
    words = refusal(administration.appoint, person=security, agency=county.organs["qinghe"], appointee=person, duty=duty, from_on=DAY)
    assert words == f"“{post_kinds()[duty].title}”只设在县（市、区）政府。"


def test_the_office_keeps_its_contact_and_not_its_name(county: County) -> None:
    head, organ = county.person("qinghe", "office_head"), county.organs["qinghe"]
    administration.change_agency(person=head, on=DAY, agency=organ, values={"phone": "0790-5550199"})
    organ.refresh_from_db()
    assert organ.phone == "0790-5550199"
    assert refusal(administration.change_agency, person=head, agency=organ, values={"name": "换个名字"}) == "全称由系统管理员修改。"
    assert refusal(administration.change_agency, person=head, agency=organ, values={"phone": "0790-5550199"}) == "没有修改任何内容。"


def test_a_new_organ_stands_below_its_parent(county: County) -> None:
    system = county.person("yunchuan", "system_admin")
    values = {"name": "云川县东街街道办事处", "short_name": "东街街道"}
    made = administration.add_agency(person=system, on=DAY, parent=county.root, code="dongjie", kind="street", values=values)
    assert made.path == "yunchuan/dongjie/"
    again = refusal(administration.add_agency, person=system, parent=county.root, code="dongjie", kind="street", values=values)
    assert "已存在" in again
    assert (
        refusal(administration.add_agency, person=system, parent=county.root, code="x", kind="county", values=values)
        == "请选择机关类型；县级政府只在安装时建立。"
    )


@pytest.mark.parametrize("duty", ["drafter", "office_head", "authority", "system_admin", "auditor"])
def test_only_the_security_administrator_appoints(county: County, duty: str) -> None:
    who = county.person("yunchuan", duty)
    person = Person.objects.create(username="nobody", password="!", full_name="无岗")
    words = refusal(administration.appoint, person=who, agency=county.organs["qinghe"], appointee=person, duty="drafter", from_on=DAY)
    assert words == "您在这个机关没有办理这件事的岗位。如果工作需要，请联系安全管理员安排岗位。"


def test_every_action_of_the_administrators_leaves_an_entry(county: County) -> None:
    system, security = county.person("yunchuan", "system_admin"), county.person("yunchuan", "security_admin")
    made = administration.add_person(person=system, on=DAY, agency=county.root, username="a", full_name="甲").person
    post = administration.appoint(person=security, on=DAY, agency=county.organs["qinghe"], appointee=made, duty="drafter", from_on=DAY)
    administration.dismiss(person=security, on=DAY, post=post, until_on=DAY, reason="试用结束")
    administration.unlock(person=security, on=DAY, agency=county.root, locked=made)
    values = {"name": "云川县东街街道办事处", "short_name": "东街街道"}
    street = administration.add_agency(person=system, on=DAY, parent=county.root, code="dongjie", kind="street", values=values)
    administration.change_agency(person=system, on=DAY, agency=street, values={"phone": "0790-5550100"})
    done = set(LedgerEntry.objects.values_list("action", flat=True))
    assert done == {name for name in ACTIONS if name.startswith(("agencies.", "people."))}


def test_unlocking_stands_in_the_ledger(county: County) -> None:
    locked = county.person("qinghe", "drafter")
    administration.unlock(person=county.person("yunchuan", "security_admin"), on=DAY, agency=county.organs["qinghe"], locked=locked)
    assert LedgerEntry.objects.get().facts == {"attempts": 0, "sessions": 0}


def test_somebody_may_hold_posts_in_hundreds_of_organs(county: County) -> None:
    """A condition a post would be more than SQLite takes."""
    head = county.person("qinghe", "office_head")
    organs = Agency.objects.bulk_create(
        Agency(parent=county.root, code=f"o{n}", path=f"yunchuan/o{n}/", kind="township", name=f"云川县{n}镇", short_name=f"{n}镇")
        for n in range(400)
    )
    Post.objects.bulk_create(
        Post(person=head, agency=organ, duty="office_head", power="work", from_on=datetime.date(2020, 1, 1)) for organ in organs
    )
    head.__dict__.pop("_posts_on", None)
    assert Agency.objects.seen_by(head, "disclosure.view").count() == 401
    assert client_of(head).get("/office/").status_code == 200
