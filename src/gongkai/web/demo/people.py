"""The demo's county, organs, people and posts.

The county and its three administrators were there before anybody could act, as after ``gongkai install``; organs and posts are acts of
theirs. The accounts share one public password, so they are put in as rows, each with an entry that says so.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.demo.lives import at
from gongkai.web.demo.texts import table
from gongkai.web.office.administration import add_agency, appoint
from gongkai.web.office.installing import POWERS, founded
from gongkai.web.settings import moment

# The demo's people all sign in with this; it is printed, and only the demo knows it.
PASSWORD = "mingshan-2026-demo"  # noqa: S105 - shown to whoever loads the demo
FIRST_DAY = datetime.date(2019, 5, 15)
WHY = "演示数据：账号共用一个公开的密码，没有逐个办理"


def county_and_people() -> tuple[Agency, list[tuple[str, str, str]]]:
    """The county, and user name, full name and post of every account; what is there already stays."""
    with moment.at(at(FIRST_DAY, 8)), transaction.atomic():
        password = make_password(PASSWORD)  # one for all: hashing is slow on purpose
        county = _county(table("county")["county"])
        people = [_account(county, duty, name, password) for duty, name in _administrators_first()]
        for row in table("county")["agencies"]:
            _organ(county, row)
        people += [_account(agency, duty, name, password) for agency, duty, name in _staff()]
    return county, [(person.username, person.full_name, str(person.posts_on(moment.today())[0])) for person in people]


def _county(row: Mapping[str, Any]) -> Agency:
    county = Agency.objects.filter(path=f"{row['code']}/").first()
    if county is None:
        county = Agency.objects.create(**row)
        founded(county, "演示数据", {"path": county.path, "name": county.name})
    return county


def _administrators_first() -> list[tuple[str, str]]:
    staff = table("county")["county_staff"]
    return [(duty, staff[duty]) for duty in (*POWERS, *(duty for duty in staff if duty not in POWERS))]


def _organ(county: Agency, row: Mapping[str, Any]) -> None:
    if not Agency.objects.filter(path=f"{county.path}{row['code']}/").exists():
        said = {name: value for name, value in row.items() if name not in ("code", "kind")}
        system = Person.objects.get(username=f"{county.code}-system-admin")
        add_agency(person=system, on=FIRST_DAY, parent=county, code=row["code"], kind=row["kind"], values=said)


def _staff() -> Iterator[tuple[Agency, str, str]]:
    for number, row in enumerate(table("county")["agencies"]):
        agency = Agency.objects.get(code=row["code"])
        for duty, names in table("county")["staff"].items():
            yield agency, duty, names[number]


def _account(agency: Agency, duty: str, name: str, password: str) -> Person:
    username = f"{agency.code}-{duty.replace('_', '-')}"
    person = Person.objects.filter(username=username).first()
    if person is not None:
        return person
    person = Person.objects.create(username=username, password=password, full_name=name, home=agency, password_set_on=FIRST_DAY)
    founded(person, WHY, {"username": username})
    if duty in POWERS:
        post = Post.objects.create(person=person, agency=agency, duty=duty, from_on=FIRST_DAY)
        founded(post, "演示数据", {"appointee": person.pk, "duty": duty, "from": FIRST_DAY.isoformat()})
    else:
        security = Person.objects.get(username=f"{agency.county_path.rstrip('/')}-security-admin")
        appoint(person=security, on=FIRST_DAY, agency=agency, appointee=person, duty=duty, from_on=FIRST_DAY)
    return person
