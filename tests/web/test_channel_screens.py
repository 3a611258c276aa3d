"""The screens of the channels, used as an officer does, and the parcels that stations are handed."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.demo.evidence import picture
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.channels.models import Attempt, Endpoint, Evidence, TransferList
from gongkai.web.disclosure.channels.outgoing import deliver_due
from gongkai.web.disclosure.channels.parcels import parcel, safe_name
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County
from tests.web.test_channels import anew, confirm, delivery_of
from tests.web.test_walk import client_of


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.PUSH_NETWORKS = ()


@pytest.fixture
def client(county: County) -> Client:
    return client_of(county.person("qinghe", "drafter"))


def page(client: Client, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = client.get(reverse(f"office:{name}", args=args, query=asked))
    assert answer.status_code == status
    text: str = answer.content.decode()
    return text


def photo(name: str = "公开栏.png", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if data is None else data)


class TestDelivery:
    """From the home page to the evidence."""

    def test_posted_and_confirmed_with_two_photographs(self, county: County, client: Client) -> None:
        row = delivery_of(county.published(title="植树安排", channels=("notice_board",)), "notice_board")
        home = page(client, "home")
        assert "植树安排" in home and "<b>公开栏</b> 发布" in home and reverse("office:delivery", args=[row.pk]) in home
        text = page(client, "delivery", row.pk)
        assert '<pre class="copy"' in text and "植树安排\n\n现将本镇2026年春季植树安排予以公开。" in text
        assert "要有照片，其他的可以不填。" in text
        address = reverse("office:delivery", args=[row.pk])
        answer = client.post(address, {"photos": [photo("东.png"), photo("西.png")], "said": "两处都贴了"})
        assert answer.status_code == 302
        assert [piece.text for piece in Evidence.objects.order_by("pk")] == ["东.png", "西.png"]
        text = page(client, "delivery", row.pk)
        assert "两处都贴了；照片2张" in text and "东.png" in text and "补充凭证" in text
        assert client.post(reverse("office:add_evidence", args=[row.pk]), {"number": "2026-9"}).status_code == 302
        assert Evidence.objects.count() == 3 and list(verify()) == []
        assert "渠道待登记 <b>0</b>" in page(client, "home") or "现在没有等您办的事" in page(client, "home")

    def test_a_refusal_keeps_what_was_typed(self, county: County, client: Client) -> None:
        row = delivery_of(county.published(channels=("notice_board",)), "notice_board")
        answer = client.post(reverse("office:delivery", args=[row.pk]), {"said": "贴在东门", "link": "https://a.example/1"})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "登记公开栏要有照片，请补充后再登记。" in text and "贴在东门" in text and 'value="https://a.example/1"' in text
        svg = photo("栏.png", b"<svg onload=alert(1)>")
        answer = client.post(reverse("office:delivery", args=[row.pk]), {"photos": [svg]})
        assert answer.status_code == 422 and "“栏.png”的内容不是png文件" in answer.content.decode()

    def test_a_photograph_is_only_ever_saved(self, county: County, client: Client) -> None:
        row = confirm(county, delivery_of(county.published(channels=("notice_board",)), "notice_board"))
        address = reverse("office:evidence", args=[row.pieces.get().pk])
        answer = client.get(address)
        assert b"".join(answer.streaming_content) == picture()
        assert (answer["Content-Type"], answer["Content-Security-Policy"]) == ("application/octet-stream", "sandbox")
        assert answer["Content-Disposition"].startswith("attachment")
        assert client_of(county.person("baishu", "drafter")).get(address).status_code == 404

    def test_a_number_has_no_file(self, county: County, client: Client) -> None:
        row = confirm(county, delivery_of(county.published(channels=("gazette",)), "gazette"))
        assert client.get(reverse("office:evidence", args=[row.pieces.get().pk])).status_code == 404

    def test_what_it_carried_stays_to_be_read(self, county: County, client: Client) -> None:
        row = confirm(county, delivery_of(county.published(title="第一稿", channels=("wechat",)), "wechat"))
        item = Item.objects.get(pk=row.publication.item_id)
        actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name="a.txt", data=b"new")
        text = page(client, "delivery", row.pk)
        assert "第一稿" in text and "a.txt" not in text
        assert f'href="https://wechat.shifan.example/s/20260302-{item.pk}" rel="noopener noreferrer nofollow"' in text

    def test_a_replacement_says_so(self, county: County, client: Client) -> None:
        from tests.web.test_channels import anew

        first = county.published(title="第一稿", channels=("wechat",))
        confirm(county, delivery_of(first, "wechat"))
        second = anew(county, first.item, title="第二稿", channels=("wechat",))
        text = page(client, "delivery", delivery_of(second, "wechat").pk)
        assert "微信公众号：换成新内容" in text and "这个渠道上还是旧的内容" in text
        assert "<b>微信公众号</b> 换成新内容" in page(client, "home")

    def test_what_was_never_posted_is_asked_after_and_registered(self, county: County, client: Client) -> None:
        publication = county.published(title="植树安排", channels=("weibo", "notice_board"))
        confirm(county, delivery_of(publication, "weibo"))
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
        for name in ("weibo", "notice_board"):
            down = delivery_of(publication, name, is_withdrawal=True)
            assert reverse("office:delivery", args=[down.pk]) in page(client, "waiting")
            assert reverse("office:delivery", args=[down.pk]) in page(client, "home")
            assert ("没有发过</button>" in page(client, "delivery", down.pk)) == (name == "notice_board")
        address = reverse("office:never_carried", args=[down.pk])
        assert "请写明怎么知道没有发过" in client.post(address, {"reason": ""}, follow=True).content.decode()
        assert "已登记：没有发过" in client.post(address, {"reason": "当天没有张贴"}, follow=True).content.decode()
        assert "没有发过：当天没有张贴" in page(client, "delivery", down.pk)
        assert reverse("office:delivery", args=[down.pk]) not in page(client, "waiting")

    def test_a_replacement_of_what_nobody_registered_says_so(self, county: County, client: Client) -> None:
        first = county.published(title="第一稿", channels=("wechat",))
        second = anew(county, first.item, title="第二稿", channels=("wechat",))
        text = page(client, "delivery", delivery_of(second, "wechat").pk)
        assert "这个渠道上可能还有旧的内容" in text and "这个渠道上还是旧的内容" not in text

    def test_a_push_that_was_given_up_is_told_and_begun_anew(self, county: County, client: Client) -> None:
        admin = client_of(county.person("yunchuan", "system_admin"))
        values = {"agency": county.organs["qinghe"].pk, "channel": "wechat", "url": "http://push.invalid/", "signing": "sm3"}
        assert admin.post(reverse("office:endpoints"), values).status_code == 302
        row = delivery_of(county.published(channels=("wechat",)), "wechat")
        assert "这个渠道由平台自动推送" in page(client, "delivery", row.pk)
        at = moment.now()
        for days in range(8):
            deliver_due(at.replace(year=2027, month=1, day=1 + days))
        assert "自动推送8次没有成功：找不到接口地址里的主机名。" in page(client, "home")
        assert "自动推送8次没有成功，已停止" in page(client, "delivery", row.pk)
        assert client.post(reverse("office:push_retry", args=[row.pk])).status_code == 302
        assert Attempt.objects.filter(outcome="again").count() == 1
        assert "自动推送8次" not in page(client, "home")


class TestTogether:
    """Several postings of one channel at once."""

    def test_ticked_and_confirmed_with_one_photograph(self, county: County, client: Client) -> None:
        rows = [delivery_of(county.published(title=f"第{n}条", channels=("notice_board", "radio")), "notice_board") for n in range(3)]
        text = page(client, "waiting")
        assert text.count("去登记") == 6 and "选一个渠道" in text
        text = page(client, "waiting", channel="notice_board")
        assert text.count('type="checkbox" name="delivery"') == 3
        organ = county.organs["qinghe"].pk
        address = reverse("office:confirm_together", args=[organ, "notice_board"])
        assert client.post(address, {"delivery": [rows[0].pk, rows[1].pk], "photos": [photo()]}).status_code == 302
        assert page(client, "waiting", channel="notice_board").count('type="checkbox" name="delivery"') == 1
        client.post(address, {"delivery": [rows[2].pk]})
        assert "登记公开栏要有照片" in page(client, "waiting", channel="notice_board")
        assert LedgerEntry.objects.filter(action="channels.confirm").count() == 2

    def test_a_foreign_one_slipped_in_is_not_there(self, county: County, client: Client) -> None:
        foreign = delivery_of(county.published("baishu", channels=("radio",)), "radio")
        own = county.organs["qinghe"].pk
        client.post(reverse("office:confirm_together", args=[own, "radio"]), {"delivery": [foreign.pk], "number": "1"})
        foreign.refresh_from_db()
        assert foreign.confirmed_on is None
        answer = client.post(reverse("office:parcel", args=[own, "radio"]), {"delivery": [foreign.pk]})
        assert answer.status_code == 302
        for name in ("parcel", "confirm_together"):
            assert client.post(reverse(f"office:{name}", args=[county.organs["baishu"].pk, "radio"])).status_code == 404
            assert client.post(reverse(f"office:{name}", args=[own, "gossip"])).status_code == 404

    def test_a_parcel_for_the_station(self, county: County, client: Client) -> None:
        item = county.draft(title='防汛/<值班> "电话"', body="<p>电话&amp;地址</p>", channels=("radio",))
        drafter = county.person("qinghe", "drafter")
        for name, data in (("值班表.txt", b"one"), ("..\\..\\CON.txt", b"two")):
            item = actions.attach(person=drafter, on=DAY, item=Item.objects.get(pk=item.pk), name=name, data=data)
        publication = actions.publish(person=drafter, on=DAY, item=county.reviewed(Item.objects.get(pk=item.pk)))
        gone = county.published(title="旧的", channels=("radio",))
        confirm(county, delivery_of(gone, "radio"))
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=gone, reason="有误")
        ticked = [delivery_of(publication, "radio").pk, delivery_of(gone, "radio", is_withdrawal=True).pk]
        answer = client.post(reverse("office:parcel", args=[county.organs["qinghe"].pk, "radio"]), {"delivery": ticked})
        assert answer["Content-Type"] == "application/zip"
        archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        one, two = "001-防汛__值班_ _电话_", "002-撤下-旧的"
        assert sorted(archive.namelist()) == sorted(
            [
                f"{one}/稿件.txt",
                f"{one}/信息.json",
                f"{one}/网页.html",
                f"{one}/附件/值班表.txt",
                f"{one}/附件/_CON.txt",
                f"{two}/稿件.txt",
                f"{two}/信息.json",
            ]
        )
        text = archive.read(f"{one}/稿件.txt").decode("utf-8-sig")
        assert text == '防汛/<值班> "电话"\r\n\r\n电话&地址\r\n\r\n云川县青禾镇人民政府\r\n2026年3月2日'
        assert "<h1>防汛/&lt;值班&gt; &quot;电话&quot;</h1>" in archive.read(f"{one}/网页.html").decode()
        told = json.loads(archive.read(f"{one}/信息.json"))
        assert (told["event"], told["index_number"], len(told["attachments"])) == ("publish", "qinghe/2026-00001", 2)
        assert archive.read(f"{one}/附件/_CON.txt") == b"two"
        assert "请撤下《旧的》" in archive.read(f"{two}/稿件.txt").decode("utf-8-sig")

    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("名单.txt", "名单.txt"), ("../../etc/passwd", "_.._etc_passwd"), ("a\\b:c*?.txt", "a_b_c__.txt"), ("  . ", "附件"), ("", "附件"),
            ("nul", "_nul"), ("COM1.txt", "_COM1.txt"), ("con-tract.txt", "con-tract.txt"), ("\u202etxt.exe", "_txt.exe"),
            ("长" * 100 + ".docx", "长" * 75 + ".docx"), ("a\n\0b", "a__b"),
        ],
    )  # fmt: skip
    def test_safe_names(self, name: str, safe: str) -> None:
        assert safe_name(name, "附件") == safe

    def test_too_many_are_refused(self) -> None:
        with pytest.raises(Refused, match="一次最多100条"):
            parcel([], "")


class TestFigures:
    """Counts by channel with the rows behind them."""

    def test_every_number_leads_to_its_rows(self, county: County, client: Client) -> None:
        confirm(county, delivery_of(county.published(title="网站和微信", channels=("wechat", "radio")), "wechat"))
        county.published(title="只发微信", primary_channel="wechat")
        text = page(client, "channels", year=2026)
        assert "发布2条：政府网站1，微信公众号1" in " ".join(text.split())
        assert '<svg viewBox="0 0 380 60"' in text and text.count('<rect class="chart-bar"') == 2
        for link, n in re.findall(r'href="(/office/channels/rows/[^"]+)">(\d+)</a>', text):
            rows = client.get(link.replace("&amp;", "&")).content.decode()
            assert rows.count('<th scope="row">') == int(n), link
        assert "只发微信" in page(client, "channel_rows", year=2026, figure="primary", channel="wechat")
        page(client, "channel_rows", figure="gossip", status=404)
        page(client, "channel_rows", channel="gossip", status=404)
        page(client, "channels", agency=county.organs["baishu"].path, status=404)

    def test_a_year_without_anything(self, county: County, client: Client) -> None:
        assert "2001年没有发布信息" in page(client, "channels", year=2001)

    def test_as_csv(self, county: County, client: Client) -> None:
        county.published(channels=("wechat",))
        answer = client.get(reverse("office:channels_export", query={"year": 2026}))
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows == [
            ["机关", "年度", "渠道", "主渠道", "同时发布", "待登记", "其中已撤回"],
            ["云川县青禾镇人民政府", "2026", "政府网站", "1", "0", "0", "0"],
            ["云川县青禾镇人民政府", "2026", "微信公众号", "0", "0", "1", "0"],
            ["云川县青禾镇人民政府", "2026", "合计", "1", "0", "1", "0"],
        ]
        assert answer["Content-Disposition"] == 'attachment; filename="qinghe-channels-2026.csv"'


class TestTransfers:
    """Lists for archives and library."""

    def test_made_handed_over_and_shown(self, county: County, client: Client) -> None:
        county.published(title="甲", channels=("archive",))
        assert "还没有移送明细表" in page(client, "transfers")
        values = {
            "agency": county.organs["qinghe"].path, "since_on": "2026-03-02", "until_on": "2026-03-02", "receivers": "县档案馆",
            "carrier": "electronic", "copies": "1",
        }  # fmt: skip
        answer = client.post(reverse("office:transfers"), {**values, "receivers": ""})
        assert answer.status_code == 422 and not TransferList.objects.exists()
        assert client.post(reverse("office:transfers"), values).status_code == 302
        made = TransferList.objects.get()
        text = page(client, "transfer", made.pk)
        assert "甲" in text and "登记移交" in text
        for kind, head in (("docx", b"PK"), ("xlsx", b"PK")):
            answer = client.get(reverse("office:transfer_file", args=[made.pk, kind]))
            assert answer.content.startswith(head) and f".{kind}" in answer["Content-Disposition"]
        page(client, "transfer_file", made.pk, "exe", status=404)
        address = reverse("office:transfer_hand_over", args=[made.pk])
        client.post(address, {"said": "交了"})
        assert "请上传签收单的照片，或者填写签收单编号。" in page(client, "transfer", made.pk)
        client.post(address, {"photos": [photo("签收.png")], "number": "收8号"})
        text = page(client, "transfer", made.pk)
        assert "已移交" in text and "签收.png" in text and "登记移交</button>" not in text
        assert "已移交" in page(client, "transfers") and list(verify()) == []

    def test_voided(self, county: County) -> None:
        county.published(title="甲")
        client = client_of(county.person("qinghe", "office_head"))
        values = {"since_on": "2026-03-02", "until_on": "2026-03-02", "receivers": "县档案馆", "carrier": "paper", "copies": "1"}
        client.post(reverse("office:transfers"), values)
        made = TransferList.objects.get()
        client.post(reverse("office:transfer_void", args=[made.pk]), {"reason": "漏了"})
        assert "已作废，没有移交" in page(client, "transfer", made.pk)

    def test_a_foreign_organ_does_not_see_it(self, county: County, client: Client) -> None:
        county.published("baishu", title="甲")
        other = client_of(county.person("baishu", "drafter"))
        values = {"since_on": "2026-03-02", "until_on": "2026-03-02", "receivers": "县档案馆", "carrier": "paper", "copies": "1"}
        assert client.post(reverse("office:transfers"), {**values, "agency": county.organs["baishu"].path}).status_code == 404
        other.post(reverse("office:transfers"), values)
        page(client, "transfer", TransferList.objects.get().pk, status=404)


class TestEndpoints:
    """The administrator's page."""

    def test_the_secret_is_shown_once(self, county: County) -> None:
        admin = client_of(county.person("yunchuan", "system_admin"))
        values = {"agency": county.organs["qinghe"].pk, "channel": "wechat", "url": "https://push.example/in", "signing": "sha256"}
        answer = admin.post(reverse("office:endpoints"), values, follow=True)
        found = re.search(r"密钥是 (\S+) ，请现在抄给对方，以后不再显示。", answer.content.decode())
        assert found is not None and len(found[1]) >= 32
        text = page(admin, "endpoints")
        assert "https://push.example/in" in text and "HMAC-SHA256" in text and found[1] not in text
        assert found[1] not in page(client_of(county.person("yunchuan", "auditor")), "ledger")
        endpoint = Endpoint.objects.get()
        admin.post(reverse("office:end_endpoint", args=[endpoint.pk]), {"reason": "换系统"})
        assert "还没有接口" in page(admin, "endpoints")

    @pytest.mark.parametrize("host", ["localhost", "127.1", "0x7f000001", "2130706433", "push.localhost"])
    def test_this_machine_is_refused_on_the_screen(self, county: County, host: str) -> None:
        admin = client_of(county.person("yunchuan", "system_admin"))
        values = {"agency": county.organs["qinghe"].pk, "channel": "radio", "url": f"http://{host}/hook", "secret": "", "signing": "sm3"}
        answer = admin.post(reverse("office:endpoints"), values)
        assert answer.status_code == 422 and "接口地址指向内部网络，平台不能连接。" in answer.content.decode()
        assert not Endpoint.objects.exists()

    def test_a_wrong_one_is_told_and_a_typed_secret_is_not_sent_back(self, county: County) -> None:
        admin = client_of(county.person("yunchuan", "system_admin"))
        values = {
            "agency": county.organs["qinghe"].pk, "channel": "wechat", "url": "http://192.168.1.1/", "signing": "sm3", "secret": "0123456789abcdef",
        }  # fmt: skip
        answer = admin.post(reverse("office:endpoints"), values)
        text = answer.content.decode()
        assert answer.status_code == 422 and "接口地址指向内部网络" in text
        assert "0123456789abcdef" not in text and "http://192.168.1.1/" in text
