"""The editor of the body in a real browser: typing, pasting from Word, tables, and a page on which no script runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from gongkai.web.demo.people import PASSWORD
from tests.web.test_browser import address, browser, pytestmark, serious, sign_in  # noqa: F401 - the fixtures are used by their names
from tests.web.test_richtext import WORD

pytestmark = [*pytestmark, pytest.mark.timeout(180)]

PASTE = """(html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def drafting(browser: Any, address: str) -> Iterator[Any]:  # noqa: F811 - the fixture comes from the other browser tests
    """The page of a new draft; nothing on it may be refused by the browser."""
    page = sign_in(browser, address, "mingshan-drafter")
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.goto(f"{address}/office/items/new/")
    yield page
    assert refused == []


def saved(page: Any) -> str:
    """Fill in the rest and save; gives the body as the item's page shows it."""
    page.get_by_label(re.compile("^标题")).fill("编辑试验")
    page.get_by_label(re.compile("^类别")).select_option("notice")
    page.get_by_label(re.compile("^公开栏目")).select_option("a21_t8")
    page.get_by_label(re.compile("^形成或者变更之日")).fill("2026-03-02")
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url(re.compile(r"/office/items/\d+/$"))
    shown: str = page.locator(".item-body .prose").inner_html()
    return shown


def test_what_is_typed_is_kept_as_it_was_set(drafting: Any) -> None:
    page = drafting
    body = page.get_by_role("textbox", name=re.compile("^正文"))
    body.click()
    page.get_by_role("button", name="小标题").click()
    page.keyboard.type("一、范围")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="加粗").click()
    page.keyboard.type("全镇")
    page.get_by_role("button", name="加粗").click()
    page.keyboard.type("各村")
    assert page.get_by_role("button", name="加粗").get_attribute("aria-pressed") == "false"
    page.get_by_role("button", name="表格").click()
    page.keyboard.type("村名")
    assert serious(page) == []
    shown = saved(page)
    assert shown.startswith("<h2>一、范围</h2><p><strong>全镇</strong>各村</p><table><tbody><tr><th>村名</th>")
    # Opened again and saved as it is, nothing has changed.
    page.get_by_role("link", name="修改内容").first.click()
    page.get_by_role("button", name="保存新的一稿").click()
    assert "内容没有变化，不用保存新的一稿。" in page.locator(".summary").inner_text()


def test_a_paste_from_word_arrives_clean_and_pictures_are_told_of(drafting: Any) -> None:
    page = drafting
    page.get_by_role("textbox", name=re.compile("^正文")).click()
    page.evaluate(PASTE, WORD.replace("<!--EndFragment-->", '<p><img src="file:///C:/1.png"></p><!--EndFragment-->'))
    assert "没有放进正文" in page.locator(".editor-told").inner_text()
    assert saved(page) == (
        "<h2>一、植树地点</h2><p>　　全镇在东山、西坡两处植树，各村按照分工负责，<strong>三月底前</strong>完成1200亩。</p><p>1. 领取树苗</p>"
    )


def test_a_kind_shows_what_it_asks(drafting: Any) -> None:
    page = drafting
    assert not page.get_by_label(re.compile("^公告种类")).is_visible()
    page.get_by_label(re.compile("^类别")).select_option("procurement")
    assert page.get_by_label(re.compile("^公告种类")).is_visible()
    assert not page.get_by_label(re.compile("^决定事项")).is_visible()


def test_without_scripts_the_text_box_serves(browser: Any, address: str) -> None:  # noqa: F811 - the fixture comes from the other browser tests
    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    page.goto(f"{address}/office/items/new/")
    page.get_by_label("用户名").fill("mingshan-drafter")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto(f"{address}/office/items/new/")
    page.get_by_role("textbox", name=re.compile("^正文")).fill("第一段\n　　第二段")
    assert saved(page) == "<p>第一段</p><p>　　第二段</p>"


def test_the_day_of_approval_is_shown_where_a_limit_counts_from_it(drafting: Any) -> None:
    page = drafting
    group, day = page.locator("[data-limit-parts]"), page.get_by_label("批准、批复或者收到批准文件之日")
    kind, column = page.get_by_label(re.compile("^类别")), page.get_by_label(re.compile("^公开栏目"))
    assert not group.is_visible()
    kind.select_option("notice")
    column.select_option("a21_t5")
    assert day.is_visible()
    assert page.locator("[name=matter] option:not([hidden])").all_text_contents() == [
        "按类别和栏目确定", "主动公开的政府信息", "征收土地公告",
    ]  # fmt: skip
    kind.select_option("news")
    assert not group.is_visible()
    kind.select_option("penalty")
    # A penalty counts from its own day, which its kind asks for; that it is none may still be said.
    assert page.locator("[name=matter]").is_visible() and not day.is_visible()
    kind.select_option("budget")
    assert day.is_visible()
