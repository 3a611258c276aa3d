"""A township's information in a real browser: drafted, reviewed by four other people, published, and read by the public."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gongkai.web.demo.people import PASSWORD

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's own Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def _free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port: int = place.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the platform answers."""
    with served(tmp_path_factory.mktemp("served")) as address:
        yield address


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The platform as ``gongkai serve --demo`` starts it, in a process of its own; gives its address."""
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "GONGKAI_DATA")}
    command = [sys.executable, "-m", "gongkai.cli", "serve", "--demo", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(900):
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not answer within three minutes")


def sign_in(browser: Any, address: str, username: str, *, width: int = 1280) -> Any:
    page = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{address}/office/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{address}/office/")
    return page


def serious(page: Any) -> list[str]:
    """What axe finds serious or critical on the page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{row['id']}: {row['nodes'][0]['html'][:120]}" for row in found if row["impact"] in ("serious", "critical")]


REVIEWERS = ("first-reviewer", "second-reviewer", "final-reviewer", "secrecy-reviewer")


@pytest.mark.timeout(300)
def test_five_people_publish_an_item(browser: Any, address: str) -> None:
    item = _drafted(browser, address)
    for duty in REVIEWERS:
        _reviewed(browser, address, item, duty)
    page = sign_in(browser, address, "mingshan-office-head")
    page.goto(item)
    page.get_by_role("button", name=re.compile("发布")).first.click()
    page.wait_for_url(item)
    assert "已发布" in page.locator("main").inner_text()
    _read_by_the_public(browser, address)


def _drafted(browser: Any, address: str) -> str:
    """The drafter fills in the form, masks what screening found and submits; gives the item's address."""
    page = sign_in(browser, address, "mingshan-drafter")
    assert serious(page) == []
    page.goto(f"{address}/office/items/new/")
    assert serious(page) == []
    page.get_by_label(re.compile("^标题")).fill("明山镇低保对象公示")
    page.get_by_label(re.compile("^类别")).select_option("notice")
    page.get_by_label(re.compile("^公开栏目")).select_option("a21_t8")
    page.get_by_label(re.compile("^形成或者变更之日")).fill("2026-03-02")
    page.get_by_role("textbox", name=re.compile("^正文")).fill("经审核，下列对象享受农村低保。\n王某，身份证号11010519491231002X。")
    page.get_by_role("button", name=re.compile("保存")).first.click()
    page.wait_for_url(re.compile(r"/office/items/\d+/$"))
    item: str = page.url
    assert page.get_by_role("heading", level=1).inner_text() == "明山镇低保对象公示"
    assert serious(page) == []

    # The ID number keeps it from review until it is masked.
    assert page.get_by_role("button", name=re.compile("提交审查")).count() == 0
    page.get_by_role("button", name="遮盖").click()
    page.wait_for_url(item)
    assert "11010519491231002X" not in page.locator("main").inner_text()
    page.get_by_role("button", name=re.compile("提交审查")).click()
    assert "审查中" in page.locator("main").inner_text()
    return item


def _reviewed(browser: Any, address: str, item: str, duty: str) -> None:
    """One reviewer, on a phone, finds the item on the home page, checks every line and passes it."""
    page = sign_in(browser, address, f"mingshan-{duty}", width=390)
    page.get_by_role("link", name=re.compile("明山镇低保对象公示")).first.click()
    page.wait_for_url(item)
    for box in page.get_by_role("checkbox").all():
        box.check()
    assert serious(page) == []
    page.get_by_role("button", name=re.compile("通过")).click()
    page.wait_for_url(item)


def _read_by_the_public(browser: Any, address: str) -> None:
    public = browser.new_page(locale="zh-CN")
    public.goto(f"{address}/")
    assert serious(public) == []
    public.get_by_role("link", name=re.compile("明山镇低保对象公示")).first.click()
    assert "下列对象享受农村低保" in public.locator("main").inner_text()
    assert "11010519491231002X" not in public.content()
    assert serious(public) == []


@pytest.mark.timeout(120)
def test_wrong_passwords_lock_the_account(browser: Any, address: str) -> None:
    page = browser.new_page(locale="zh-CN")
    for _ in range(6):
        page.goto(f"{address}/account/login/")
        if not page.get_by_label("用户名").count():
            break
        page.get_by_label("用户名").fill("caohe-drafter")
        page.get_by_label("密码").fill("wrong-wrong-wrong")
        page.get_by_role("button", name="登录").click()
    assert "锁定" in page.locator("body").inner_text()


def test_keys_lead_through_a_list_and_can_be_switched_off(browser: Any, address: str) -> None:
    page = sign_in(browser, address, "mingshan-drafter")
    page.goto(f"{address}/office/items/")
    titles = page.locator("main tbody th a")
    here = "document.activeElement.textContent"
    page.keyboard.press("j")
    assert page.evaluate(here) == titles.nth(0).text_content()
    page.keyboard.press("j")
    assert page.evaluate(here) == titles.nth(1).text_content()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("k")
    assert page.evaluate(here) == titles.nth(0).text_content()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "words"
    page.keyboard.type("jk/")
    assert page.locator("#words").input_value() == "jk/"
    page.get_by_role("button", name="关闭快捷键").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "words"
    page.reload()
    assert page.get_by_role("button", name="打开快捷键").is_visible()


def test_the_skip_link_leads_past_the_navigation(browser: Any, address: str) -> None:
    page = sign_in(browser, address, "mingshan-drafter")
    page.goto(f"{address}/office/items/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("place", ["/office/items/", "/office/ledger/"])
def test_what_is_printed_is_the_list_alone(browser: Any, address: str, place: str) -> None:
    page = sign_in(browser, address, "mingshan-office-head")
    page.goto(address + place)
    page.emulate_media(media="print")
    for gone in (".top", ".tabs-bar", ".foot", ".filter", ".keys"):
        assert not any(part.is_visible() for part in page.locator(gone).all()), gone
    assert page.locator("main .table.list").first.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.timeout(300)
def test_a_pattern_of_index_numbers_is_explained_while_it_is_typed(browser: Any, address: str) -> None:
    page = sign_in(browser, address, "mingshan-office-head")
    page.goto(f"{address}/office/organs/")
    page.get_by_role("link", name=re.compile("明山镇")).first.click()
    page.get_by_role("link", name="索引号格式").click()
    assert serious(page) == []
    page.get_by_label(re.compile("^机构代码")).fill("A1")
    page.get_by_label(re.compile("^格式")).fill("{code}〔{YYYY}〕{n:03}")
    page.locator("#preview strong").wait_for()
    assert re.fullmatch(r"A1〔\d{4}〕001", page.locator("#preview strong").inner_text())
    page.get_by_label(re.compile("^格式")).fill("{code}〔{YYYY}〕")
    page.locator("#preview .due").wait_for()
    assert page.locator("#preview").inner_text().strip() == "编号格式应当有且只有一个顺序号“{n}”。"
    assert serious(page) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_citizen_finds_reads_takes_home_and_reports(browser: Any, address: str, width: int) -> None:
    """With nothing but the keyboard of a telephone or a desk: search, open, download, report an error, read the number."""
    page = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", accept_downloads=True).new_page()
    page.goto(address)
    _found(page, "低保")
    page.locator("a.row-title").first.click()
    title = page.locator("h1").inner_text()
    assert "低保" in title and page.locator("article .facts").get_by_text("索引号").is_visible()
    for words, ending in (("下载 Word", ".docx"), ("下载 PDF", ".pdf")):
        with page.expect_download() as waited:
            page.get_by_role("link", name=words).click()
        assert waited.value.suggested_filename == title + ending
    page.get_by_text("分享", exact=True).click()
    assert page.get_by_alt_text("本页地址的二维码").is_visible()
    page.get_by_role("link", name="这里有错").click()
    page.get_by_label("有什么错").fill("第二段的日期写错了，应当是3月31日。")
    page.get_by_role("button", name="提交").click()
    assert "已收到，等待答复" in page.locator("h1").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width and serious(page) == []


def _found(page: Any, words: str) -> None:
    """Search until the index, which the worker builds in the background, knows the demo."""
    for _ in range(60):
        page.get_by_role("searchbox").fill(words)
        page.get_by_role("button", name="查找").click()
        if page.locator("a.row-title").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"nothing was found for {words}")


def test_large_type_and_contrast_stay_switched_on(browser: Any, address: str) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{address}/o/mingshan/")
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    before = page.evaluate(size)
    page.get_by_role("button", name="长者模式").click()
    page.get_by_role("button", name="高对比度").click()
    assert page.url == f"{address}/o/mingshan/" and page.evaluate(size) >= before * 1.25
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 and serious(page) == []
    page.goto(address)
    assert page.get_by_role("button", name="长者模式").get_attribute("aria-pressed") == "true"
