"""Every address of the office, walked as every post of the own and of a foreign organ, and as a stranger.

The table below says who gets in, written from the law's division of work and not from the code: 404 hides what is not one's
business, 302 after a POST means that the person was let through to the act (which may still be refused with words).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from gongkai.web.agencies.permissions import post_kinds
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.registers import actions as register_actions
from gongkai.web.ledger.models import LedgerEntry
from tests.web.conftest import DAY, County

WORKERS = {"drafter", "first_reviewer", "second_reviewer", "final_reviewer", "secrecy_reviewer", "office_head", "report_officer"}
ALL = set(post_kinds())
# Who sees the registers of an organ.
SIGHTED = WORKERS | {"authority"}
# Who keeps the registers that the annual report counts.
KEEPERS = {"drafter", "report_officer", "office_head"}
# Who sees all organs of the county.
SEERS = {"authority", "system_admin", "security_admin", "auditor"}
# Address → (arguments, method, posts of the own organ that get in, posts of the county above that get in).
TABLE: dict[str, tuple[tuple[str, ...], str, set[str], set[str]]] = {
    "office:home": ((), "get", ALL, ALL),
    "office:items": ((), "get", ALL, ALL),
    "office:draft": ((), "get", {"drafter", "office_head"}, {"drafter", "office_head"}),
    "office:item": (("item",), "get", WORKERS, {"authority"}),
    "office:revise": (("item",), "get", {"drafter", "office_head"}, set()),
    "office:submit": (("item",), "post", WORKERS, {"authority"}),
    "office:recall": (("item",), "post", WORKERS, {"authority"}),
    "office:discard": (("item",), "post", WORKERS, {"authority"}),
    "office:review": (("item",), "post", WORKERS, {"authority"}),
    "office:attach": (("item",), "post", WORKERS, {"authority"}),
    "office:detach": (("item",), "post", WORKERS, {"authority"}),
    "office:attachment": (("item", "digest"), "get", WORKERS, {"authority"}),
    "office:answer_hit": (("item",), "post", WORKERS, {"authority"}),
    "office:mask_hit": (("item",), "post", WORKERS, {"authority"}),
    "office:publish": (("item",), "post", WORKERS, {"authority"}),
    "office:withdraw": (("item", "publication"), "post", WORKERS, {"authority"}),
    "office:delivery": (("delivery",), "get", {"drafter", "office_head"}, set()),
    "office:registers": ((), "get", SIGHTED, SIGHTED),
    "office:register_add": ((), "get", KEEPERS, KEEPERS),
    "office:register_import": ((), "get", KEEPERS - {"drafter"}, KEEPERS - {"drafter"}),
    "office:register_export": ((), "get", SIGHTED, SIGHTED),
    "office:declared": ((), "get", SIGHTED, SIGHTED),
    "office:nil_returns": ((), "get", SIGHTED, SIGHTED),
    "office:table_two": ((), "get", SIGHTED, SIGHTED),
    "office:register_correct": (("register", "row"), "get", KEEPERS, set()),
    "office:register_strike": (("register", "row"), "post", WORKERS, {"authority"}),
    "office:organs": ((), "get", ALL, ALL),
    "office:organ": (("organ",), "get", ALL, SEERS),
    "office:change_organ": (("organ",), "get", {"office_head", "system_admin"}, {"system_admin"}),
    "office:add_organ": (("organ",), "post", ALL, SEERS),
    "office:add_person": (("organ",), "post", ALL, SEERS),
    "office:appoint": (("organ",), "post", ALL, SEERS),
    "office:dismiss": (("organ", "post"), "post", ALL, SEERS),
    "office:unlock": (("organ",), "post", ALL, SEERS),
    "office:ledger": ((), "get", {"office_head", "authority", "auditor"}, {"office_head", "authority", "auditor"}),
}


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def things(county: County) -> dict[str, Any]:
    item = county.draft(channels=("wechat",))
    actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name="名单.txt", data="植树点名单".encode())
    item = county.reviewed(item.__class__.objects.get(pk=item.pk))
    publication = actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
    delivery = publication.deliveries.get(channel="wechat")
    return {
        "item": publication.item_id,
        "publication": publication.pk,
        "digest": publication.revision.content["attachments"][0]["digest"],
        "delivery": delivery.pk,
        "register": "penalty",
        "row": penalty(county).pk,
        "organ": county.organs["qinghe"].pk,
        "post": county.person("qinghe", "drafter").posts.get().pk,
        "person": county.person("qinghe", "drafter").pk,
    }


def penalty(county: County) -> Any:
    """A penalty decision in the township's register."""
    values = {"number": "青禾罚决〔2026〕1号", "decided_on": DAY, "matter": "焚烧秸秆", "is_published": True}
    keeper = county.person("qinghe", "report_officer")
    return register_actions.register_row(person=keeper, on=DAY, agency=county.organs["qinghe"], register="penalty", values=values)


def _answer(client: Client, name: str, things: dict[str, Any]) -> int:
    arguments, method, _, _ = TABLE[name]
    address = reverse(name, args=[things[argument] for argument in arguments])
    somebody = {"appointee": things["person"], "locked": things["person"]} if method == "post" else {}
    answer = getattr(client, method)(address, somebody)
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end, a file closes itself
    status: int = answer.status_code
    return status


def test_the_table_names_every_address() -> None:
    patterns = get_resolver().url_patterns
    office = next(pattern for pattern in patterns if str(pattern.pattern) == "office/")
    assert {f"office:{pattern.name}" for pattern in office.url_patterns} == set(TABLE)


@pytest.mark.parametrize("duty", sorted(ALL))
def test_own_organ(county: County, things: dict[str, Any], duty: str) -> None:
    client = client_of(county.person("qinghe", duty))
    for name, (_, method, own, above) in TABLE.items():
        # A supervisor's reach begins in his own organ.
        lets_in = own | (above & {"authority"})
        expected = (302 if method == "post" else 200) if duty in lets_in else 404
        assert (name, _answer(client, name, things)) == (name, expected)


@pytest.mark.parametrize("duty", sorted(ALL))
def test_foreign_organ(county: County, things: dict[str, Any], duty: str) -> None:
    before = LedgerEntry.objects.count()
    client = client_of(county.person("baishu", duty))
    for name, (arguments, _, own, _) in TABLE.items():
        expected = 200 if duty in own and not arguments else 404
        assert (name, _answer(client, name, things)) == (name, expected)
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("duty", sorted(ALL))
def test_the_county_above(county: County, things: dict[str, Any], duty: str) -> None:
    """The county's own officers are strangers in a township; only those that supervise see it, and none of them acts there."""
    # The security administrator may unlock an account, and nothing else.
    acts = LedgerEntry.objects.exclude(action="people.unlock")
    before = acts.count()
    client = client_of(county.person("yunchuan", duty))
    for name, (_, method, _, above) in TABLE.items():
        expected = (302 if method == "post" else 200) if duty in above else 404
        assert (name, _answer(client, name, things)) == (name, expected)
    assert acts.count() == before


def test_a_stranger_is_sent_to_sign_in(county: County, things: dict[str, Any]) -> None:
    for name, (arguments, method, _, _) in TABLE.items():
        address = reverse(name, args=[things[argument] for argument in arguments])
        answer = getattr(Client(), method)(address)
        assert (name, answer.status_code, answer["Location"].split("?")[0]) == (name, 302, "/account/login/")


@pytest.mark.parametrize("duty", sorted(ALL))
def test_only_who_may_act_acts(county: County, duty: str) -> None:
    """Posting every act on a draft under review: the ledger grows only by the act that the post allows."""
    item = county.draft()
    county.reviewed(item, stop_after=0)
    run = item.current.runs.get()
    client = client_of(county.person("qinghe", duty))
    known = set(LedgerEntry.objects.values_list("pk", flat=True))
    for name in ("submit", "publish", "discard", "answer_hit", "mask_hit"):
        client.post(reverse(f"office:{name}", args=[item.pk]), {"reason": "试一试"})
    client.post(reverse("office:review", args=[item.pk]), {"run": run.pk, "verdict": "return", "comment": "试一试"})
    client.post(reverse("office:recall", args=[item.pk]), {"reason": "试一试"})
    done = list(LedgerEntry.objects.exclude(pk__in=known).values_list("action", flat=True))
    assert done == {"first_reviewer": ["review.first"], "drafter": ["disclosure.recall"], "office_head": ["disclosure.recall"]}.get(
        duty, []
    )


def test_lists_and_choosers_show_the_own_organ_only(county: County) -> None:
    county.published(title="青禾镇的信息")
    county.published("baishu", title="柏树乡的信息")
    client = client_of(county.person("qinghe", "drafter"))
    page = client.get(reverse("office:items")).content.decode()
    assert "青禾镇的信息" in page
    assert "柏树乡" not in page
    assert "柏树乡" not in client.get(reverse("office:draft")).content.decode()
    ledger = client_of(county.person("qinghe", "office_head")).get(reverse("office:ledger")).content.decode()
    assert "baishu" not in ledger and "柏树乡" not in ledger
    above = client_of(county.person("yunchuan", "authority")).get(reverse("office:items")).content.decode()
    assert "青禾镇的信息" in above and "柏树乡的信息" in above


def test_a_draft_cannot_be_slipped_into_a_foreign_organ(county: County) -> None:
    client = client_of(county.person("qinghe", "drafter"))
    county.person("baishu", "drafter")
    values = {
        "agency": county.organs["baishu"].pk, "title": "越权", "kind": "notice", "column": "a20_13", "formed_on": "2026-03-01",
        "body": "<p>x</p>", "primary_channel": "site", "attribute": "proactive",
    }  # fmt: skip
    assert client.post(reverse("office:draft"), values).status_code == 422
    assert not LedgerEntry.objects.exists()


def test_a_person_without_access_any_more_is_out(county: County) -> None:
    drafter = county.person("qinghe", "drafter")
    client = client_of(drafter)
    drafter.is_active = False
    drafter.save()
    assert client.get(reverse("office:home")).status_code == 302


@pytest.mark.parametrize("duty", sorted(ALL - {"system_admin", "security_admin"}))
def test_only_administrators_change_people_and_organs(county: County, duty: str) -> None:
    """Posting every act of the administrators leaves nothing behind, from the own organ and from the county above."""
    organ = county.organs["qinghe"]
    post = county.person("qinghe", "report_officer" if duty == "drafter" else "drafter").posts.get()
    for place in ("qinghe", "yunchuan"):
        client = client_of(county.person(place, duty))
        known = LedgerEntry.objects.count()
        values = {
            "code": "xin", "kind": "township", "name": "新镇", "short_name": "新镇", "username": "xin", "full_name": "新人",
            "appointee": post.person_id, "duty": "office_head", "from_on": "2026-03-02", "until_on": "2026-03-02", "reason": "试", "locked": post.person_id,
        }  # fmt: skip
        for name in ("add_organ", "add_person", "appoint", "unlock"):
            client.post(reverse(f"office:{name}", args=[organ.pk]), values)
        client.post(reverse("office:dismiss", args=[organ.pk, post.pk]), values)
        assert LedgerEntry.objects.count() == known


@pytest.mark.parametrize("address", ["signup/", "email/", "password/reset/", "password/reset/done/", "password/set/"])
def test_nobody_makes_or_recovers_an_account_himself(address: str) -> None:
    assert Client().get(f"/account/{address}").status_code == 404
