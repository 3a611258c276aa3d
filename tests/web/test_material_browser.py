"""A villager hands in on a phone, the township makes a draft of it and publishes, and the villager reads what became of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.test_browser import CHROMIUM, REVIEWERS, address, browser, serious, sign_in

__all__ = ["address", "browser"]  # the fixtures of the other browser tests

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt install chromium"),
]

TITLE = "柳河村便民桥通车"


@pytest.mark.timeout(300)
def test_from_a_phone_to_the_public_and_back(browser: Any, address: str) -> None:
    _handed_in(browser, address)
    item = _drafted(browser, address)
    for duty in REVIEWERS:
        page = sign_in(browser, address, f"mingshan-{duty}")
        page.goto(item)
        for box in page.get_by_role("checkbox").all():
            box.check()
        page.get_by_role("button", name=re.compile("通过")).click()
        page.wait_for_url(item)
    page = sign_in(browser, address, "mingshan-office-head")
    page.goto(item)
    page.get_by_role("button", name=re.compile("发布")).first.click()
    page.wait_for_url(item)
    _told_back(browser, address)


def _handed_in(browser: Any, address: str) -> None:
    page = sign_in(browser, address, "mingshan-contributor", width=390)
    assert serious(page) == []
    page.get_by_role("main").get_by_role("link", name="交材料").click()
    page.get_by_label(re.compile("^标题")).fill(TITLE)
    page.get_by_label(re.compile("^内容")).fill("柳河村便民桥今天通车，桥长36米。")
    page.get_by_label(re.compile("^照片和文件")).set_input_files(
        {"name": "说明.txt", "mimeType": "text/plain", "buffer": "桥长36米。".encode()}
    )
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="交上去").click()
    page.wait_for_url(re.compile(r"/office/materials/\d+/$"))
    words = page.locator("main").inner_text()
    assert "已交给明山镇" in words and "等待分派" in words
    assert serious(page) == []


def _drafted(browser: Any, address: str) -> str:
    page = sign_in(browser, address, "mingshan-drafter")
    page.get_by_role("link", name=TITLE).first.click()
    assert serious(page) == []
    page.get_by_role("link", name="用它起草信息").click()
    assert page.get_by_label(re.compile("^标题")).input_value() == TITLE
    page.get_by_label(re.compile("^公开栏目")).select_option("a21_t2")
    page.get_by_role("button", name=re.compile("保存")).first.click()
    page.wait_for_url(re.compile(r"/office/items/\d+/$"))
    words = page.locator("main").inner_text()
    assert "素材来源" in words and "明山镇柳河村" in words and "说明.txt" in words
    item: str = page.url
    page.get_by_role("button", name=re.compile("提交审查")).click()
    assert "审查中" in page.locator("main").inner_text()
    return item


def _told_back(browser: Any, address: str) -> None:
    page = sign_in(browser, address, "mingshan-contributor", width=390)
    row = page.locator(".worklist li", has_text=TITLE)
    assert "已发布" in row.inner_text()
    row.get_by_role("link", name=re.compile("看公开的页面")).click()
    assert "桥长36米" in page.locator("main").inner_text()
