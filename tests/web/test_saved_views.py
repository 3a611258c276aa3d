"""Saved views: own ones only, saved, renamed, opened by default, deleted."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.web.agencies.models import Person
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.office.lists import saved
from gongkai.web.office.models import SavedView
from tests.web.conftest import County
from tests.web.test_walk import client_of

ITEMS = "/office/items/"


@pytest.fixture
def drafter(county: County) -> Person:
    return county.person("qinghe", "drafter")


@pytest.fixture
def client(drafter: Person) -> Client:
    return client_of(drafter)


def told(client: Client, address: str, values: dict[str, str]) -> tuple[str, str]:
    """Where one lands, and what is said there."""
    answer = client.post(address, values, follow=True)
    return answer.redirect_chain[0][0], " ".join(str(message) for message in answer.context["messages"])


def change(view: SavedView) -> str:
    return reverse("office:change_view", args=[view.pk])


def test_a_filter_is_saved_and_opened_with_one_click(client: Client, drafter: Person) -> None:
    where, said = told(client, reverse("office:save_view"), {"query": "state=ready&kind=notice&nonsense=1", "name": " 等我 发布的 "})
    assert (where, said) == (f"{ITEMS}?kind=notice&state=ready", "已存为常用筛选“等我 发布的”，以后在列表上方一点就是。")
    view = SavedView.objects.get()
    assert (view.person, view.query) == (drafter, "kind=notice&state=ready")
    page = client.get(where).content.decode()
    assert '<a href="/office/items/?kind=notice&amp;state=ready" aria-current="true" lang="zh-Hans">等我 发布的</a>' in page
    assert not LedgerEntry.objects.exists()


def test_it_may_open_by_default_and_stops_doing_so(client: Client, drafter: Person) -> None:
    view = saved.save(person=drafter, name="草稿", query="state=draft")
    other = saved.save(person=drafter, name="待发布", query="state=ready")
    told(client, change(view), {"what": "default"})
    answer = client.get(ITEMS)
    assert (answer.status_code, answer["Location"]) == (302, f"{ITEMS}?state=draft")
    assert client.get(f"{ITEMS}?all=1").status_code == 200
    told(client, change(other), {"what": "default"})
    assert client.get(ITEMS)["Location"] == f"{ITEMS}?state=ready"
    _, said = told(client, change(other), {"what": "default"})
    assert said == "以后打开信息列表时不再自动筛选。"
    assert client.get(ITEMS).status_code == 200


def test_it_is_renamed_and_deleted(client: Client, drafter: Person) -> None:
    view = saved.save(person=drafter, name="草稿", query="state=draft")
    assert told(client, change(view), {"what": "rename", "name": "我的草稿"})[1] == "已改名为“我的草稿”。"
    assert told(client, change(view), {"what": "delete"}) == (f"{ITEMS}?all=1", "已删去常用筛选。")
    assert not SavedView.objects.exists()


def test_what_cannot_be_saved_is_said(client: Client, drafter: Person) -> None:
    save = reverse("office:save_view")
    view = saved.save(person=drafter, name="草稿", query="state=draft")
    assert told(client, save, {"query": "state=ready", "name": "草稿"})[1] == "已经有名为“草稿”的常用筛选，请换一个名称。"
    assert told(client, save, {"query": "", "name": "全部"})[1] == "还没有筛选条件，请先筛选再保存。"
    assert told(client, save, {"query": "state=ready", "name": " "})[1] == "请给这个筛选起一个名称，不超过30个字。"
    assert told(client, save, {"query": "published_from=x", "name": "坏日期"})[1].startswith("日期要写成2026-03-02的样子")
    assert told(client, change(view), {"what": "?"})[1] == "请选择要怎样修改。"
    for number in range(saved.MOST - 1):
        saved.save(person=drafter, name=f"第{number}个", query="state=ready")
    assert told(client, save, {"query": "state=ready", "name": "又一个"})[1] == "常用筛选最多20个，请先删去不用的。"


def test_somebody_elses_view_is_not_there(county: County, drafter: Person) -> None:
    view = saved.save(person=drafter, name="草稿", query="state=draft")
    colleague = client_of(county.person("qinghe", "office_head"))
    for what in ("rename", "default", "delete"):
        assert colleague.post(change(view), {"what": what, "name": "别的"}).status_code == 404
    view.refresh_from_db()
    assert (view.name, view.is_default) == ("草稿", False)
    assert "草稿</a>" not in colleague.get(ITEMS).content.decode()


def test_a_view_shows_no_more_than_its_owner_may_see_now(county: County, drafter: Person, client: Client) -> None:
    county.draft("baishu", title="柏树乡的草稿")
    saved.save(person=drafter, name="柏树", query="agency=yunchuan%2Fbaishu%2F")
    assert "柏树乡的草稿" not in client.get(f"{ITEMS}?agency=yunchuan%2Fbaishu%2F").content.decode()
