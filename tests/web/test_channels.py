"""Channels: by what one can see that they carried something, who is reminded, and what a year's figures add up to."""

from __future__ import annotations

import datetime
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.demo.evidence import picture, proof_of
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.channels import queries
from gongkai.web.disclosure.channels.actions import add_evidence, confirm_together, never_carried
from gongkai.web.disclosure.channels.models import Evidence
from gongkai.web.disclosure.channels.pictures import stripped
from gongkai.web.disclosure.channels.proof import Proof
from gongkai.web.disclosure.channels.reminders import carried
from gongkai.web.disclosure.channels.rendering import cut, parts_of
from gongkai.web.disclosure.channels.values import channel_kinds
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Delivery, Item, Publication
from gongkai.web.ledger.digest import sm3
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review import kept
from tests.web.conftest import DAY, County, content, lies_at
from tests.web.test_ledger import without_triggers

LATER = DAY + datetime.timedelta(days=9)
LINK = Proof(link="https://wechat.example/s/1")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def refusal(act: Any, **arguments: Any) -> str:
    with pytest.raises((Refused, NotPermitted)) as caught:
        act(**arguments)
    return caught.value.message


def delivery_of(publication: Publication, channel: str, *, is_withdrawal: bool = False) -> Delivery:
    return publication.deliveries.get(channel=channel, is_withdrawal=is_withdrawal)


def confirm(county: County, delivery: Delivery, on: datetime.date = DAY) -> Delivery:
    done: Delivery = actions.confirm_delivery(person=county.person("qinghe", "drafter"), on=on, delivery=delivery, proof=proof_of(delivery))
    return done


def anew(county: County, item: Item, on: datetime.date = DAY, **changes: object) -> Publication:
    """The item changed, reviewed and published once more."""
    item = Item.objects.get(pk=item.pk)
    actions.revise(person=county.person("qinghe", "drafter"), on=on, item=item, content=content(**changes))
    publication: Publication = actions.publish(person=county.person("qinghe", "office_head"), on=on, item=county.reviewed(item))
    return publication


def waiting(county: County) -> list[tuple[str, str, str]]:
    """What the office head is reminded of: channel, task, title of the revision."""
    rows = queries.reminders(county.person("qinghe", "office_head"))
    return [(row.delivery.channel, row.task, row.delivery.publication.revision.content["title"]) for row in rows]


class TestEvidence:
    """Each channel wants its own evidence, and what is kept tells nothing beside the posting."""

    def test_every_channel_has_its_line(self) -> None:
        assert set(channel_kinds()) == set(words("channels"))
        assert all(kind.evidence for kind in channel_kinds().values())

    @pytest.mark.parametrize(
        ("channel", "proof", "said"),
        [
            ("notice_board", Proof(words="贴好了"), "登记公开栏要有照片，请补充后再登记。"),
            ("leaflet", Proof(link="https://a.example/1"), "登记宣传单、赶集日宣传要有照片，请补充后再登记。"),
            ("led_screen", Proof(number="3"), "登记电子显示屏要有照片，请补充后再登记。"),
            ("wechat", Proof(words="发了"), "登记微信公众号要有链接或者照片，请补充后再登记。"),
            ("gazette", Proof(), "登记政府公报要有编号或者链接，请补充后再登记。"),
            ("wechat", Proof(link="javascript:alert(1)"), "链接要写完整的网址，以http://或者https://开头，不超过500个字符。"),
            ("wechat", Proof(link="https://a:b@a.example/"), "链接要写完整的网址，以http://或者https://开头，不超过500个字符。"),
            ("wechat", Proof(link="https://a.example/" + "a" * 500), "链接要写完整的网址，以http://或者https://开头，不超过500个字符。"),
            ("radio", Proof(number="长" * 301), "说明和编号都不能超过300个字。"),
            ("notice_board", Proof(photos=(("a.png", picture()),) * 10), "一次最多上传9张照片。"),
        ],
    )
    def test_what_a_channel_wants(self, county: County, channel: str, proof: Proof, said: str) -> None:
        row = delivery_of(county.published(channels=(channel,)), channel)
        drafter = county.person("qinghe", "drafter")
        assert refusal(actions.confirm_delivery, person=drafter, on=DAY, delivery=row, proof=proof) == said
        row.refresh_from_db()
        assert row.confirmed_on is None and not Evidence.objects.exists()

    def test_several_pieces_are_kept_and_proven(self, county: County) -> None:
        row = delivery_of(county.published(channels=("notice_board",)), "notice_board")
        proof = Proof(words="东门和西门各一张", photos=(("东门.png", picture()), ("西门.jpg", jpeg())))
        row = actions.confirm_delivery(person=county.person("qinghe", "drafter"), on=DAY, delivery=row, proof=proof)
        assert row.evidence == "东门和西门各一张；照片2张"
        assert [(piece.kind, piece.text) for piece in row.pieces.all()] == [("photo", "东门.png"), ("photo", "西门.jpg")]
        assert row.confirmation.facts["pieces"] == [["photo", piece.digest] for piece in row.pieces.all()]
        add_evidence(person=county.person("qinghe", "drafter"), on=LATER, delivery=row, proof=Proof(number="2026-3"))
        assert row.pieces.count() == 3
        assert list(verify()) == []

    def test_words_that_are_an_address_are_a_link(self, county: County) -> None:
        row = delivery_of(county.published(channels=("wechat",)), "wechat")
        row = actions.confirm_delivery(
            person=county.person("qinghe", "drafter"), on=DAY, delivery=row, evidence=" https://wechat.example/1 "
        )
        assert [(piece.kind, piece.text) for piece in row.pieces.all()] == [("link", "https://wechat.example/1")]

    def test_taking_down_wants_words_only(self, county: County) -> None:
        publication = county.published(channels=("notice_board",))
        confirm(county, delivery_of(publication, "notice_board"))
        head = county.person("qinghe", "office_head")
        actions.withdraw(person=head, on=DAY, publication=publication, reason="有误")
        down = delivery_of(publication, "notice_board", is_withdrawal=True)
        assert refusal(actions.confirm_delivery, person=head, delivery=down, on=DAY) == (
            "请写明公开栏怎样撤下的，例如“已删除，链接打不开”，也可以上传照片。"
        )
        actions.confirm_delivery(person=head, on=DAY, delivery=down, evidence="已揭下")
        assert waiting(county) == [] and list(verify()) == []

    def test_one_photograph_for_a_whole_board(self, county: County) -> None:
        rows = [delivery_of(county.published(title=f"第{n}条", channels=("notice_board",)), "notice_board") for n in range(3)]
        drafter, agency = county.person("qinghe", "drafter"), county.organs["qinghe"]
        told: dict[str, Any] = {"person": drafter, "on": DAY, "agency": agency, "proof": Proof(photos=(("栏.png", picture()),))}
        assert refusal(confirm_together, channel="notice_board", deliveries=[], **told) == "请勾选要一起登记的信息，一次最多100条。"
        foreign = delivery_of(county.published("baishu", channels=("notice_board",)), "notice_board")
        wrong = "勾选的信息里有的已经登记过，或者不是这个渠道的。请刷新页面后重新勾选。"
        assert refusal(confirm_together, channel="notice_board", deliveries=[rows[0].pk, foreign.pk], **told) == wrong
        confirm_together(channel="notice_board", deliveries=[row.pk for row in rows], **told)
        assert refusal(confirm_together, channel="notice_board", deliveries=[rows[0].pk], **told) == wrong
        assert LedgerEntry.objects.filter(action="channels.confirm").count() == 3
        assert Evidence.objects.values_list("digest", flat=True).distinct().count() == 1
        assert list(verify()) == []

    def test_the_database_keeps_what_was_confirmed(self, county: County) -> None:
        row = confirm(county, delivery_of(county.published(channels=("wechat",)), "wechat"))
        for change in ({"confirmed_on": None, "confirmation": None}, {"evidence": "别的"}, {"asked_by": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Delivery.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.update(text="别的")
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.all().delete()

    def test_verify_notices_a_photograph_that_was_changed_or_lost(self, county: County) -> None:
        row = confirm(county, delivery_of(county.published(channels=("notice_board",)), "notice_board"))
        place = lies_at(row.pieces.get().digest)
        place.chmod(0o600)
        place.write_bytes(b"another")
        assert ["与它的摘要不符" in broken.words for broken in verify()] == [True]
        place.unlink()
        assert [broken.words for broken in verify()] == [f"台账第{row.confirmation.number}条的照片“张贴照片.png”不见了。"]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def exif(order: str, *, turned: int = 6) -> bytes:
    """An Exif segment with a maker, an orientation and a place."""
    mark, head = {"<": (b"II", "<"), ">": (b"MM", ">")}[order]
    tags = [(0x010F, 2, 4, b"ACME"), (0x0112, 3, 1, struct.pack(f"{head}HH", turned, 0)), (0x8825, 4, 1, struct.pack(f"{head}I", 62))]
    body = mark + struct.pack(f"{head}HI", 42, 8) + struct.pack(f"{head}H", len(tags))
    body += b"".join(struct.pack(f"{head}HHI", tag, kind, n) + value for tag, kind, n, value in tags)
    return segment(0xE1, b"Exif\0\0" + body + struct.pack(f"{head}I", 0) + b"GPS 30.123456N 120.654321E")


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


FRAME = segment(0xC0, b"\x08\0\x01\0\x01\x01\x01\x11\0")
SCAN = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\x00\x34\xff\xd0\x56"
TABLE = segment(0xDB, b"\0" + bytes(64))


def jpeg(*more: bytes, tail: bytes = b"") -> bytes:
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + b"".join(more) + TABLE + FRAME + SCAN + b"\xff\xd9" + tail


class TestPictures:
    """Only the picture is kept, and only a picture."""

    def test_a_photograph_loses_place_and_maker_and_stays_upright(self) -> None:
        secrets = (
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>Zhang San</x>"), segment(0xFE, b"shot by Zhang San"),
            segment(0xE2, b"MPF\0more pictures"), segment(0xED, b"Photoshop 3.0\0caption"),
        )  # fmt: skip
        for order in "<>":
            kept = stripped("a.jpg", jpeg(exif(order), *secrets, tail=b"a second picture with its own place"))
            upright = segment(0xE1, b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
            assert kept == jpeg(upright)
        assert stripped("a.jpg", jpeg(exif("<", turned=1))) == jpeg()

    def test_colours_of_adobe_stay(self) -> None:
        adobe = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01")
        assert stripped("a.jpg", jpeg(adobe)) == jpeg(adobe)

    def test_several_scans_are_kept(self) -> None:
        body = b"\xff\xd8" + FRAME + SCAN + segment(0xC4, bytes(17)) + SCAN + b"\xff\xd9"
        assert stripped("a.jpg", body) == body

    def test_a_png_loses_its_texts(self) -> None:
        whole = picture()
        at = whole.index(b"IDAT") - 4
        texts = chunk(b"tEXt", b"Author\0Zhang San") + chunk(b"eXIf", b"MM\0*") + chunk(b"iTXt", b"x") + chunk(b"tIME", bytes(7))
        assert stripped("a.png", whole[:at] + texts + whole[at:] + b"<script>alert(1)</script>") == whole

    @pytest.mark.parametrize(
        "data",
        [
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
            b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
            picture()[:-20],
            picture().replace(b"IDAT", b"IDAX"),
            b"\xff\xd8\xff<script>alert(1)</script>",
            b"\xff\xd8\xff\xd9",
            jpeg()[:-2],
            b"\xff\xd8" + FRAME + b"\xff\xd9",
            b"\xff\xd8" + segment(0xE0, b"JFIF\0") + FRAME,
            b"GIF89a",
            b"RIFF\0\0\0\0WEBPVP8 ",
            b"",
        ],
    )
    def test_what_is_no_picture_is_refused(self, county: County, data: bytes) -> None:
        row = delivery_of(county.published(channels=("notice_board",)), "notice_board")
        for name in ("photo.png", "photo.jpg"):
            proof = Proof(photos=((name, data),))
            with pytest.raises(Refused):
                actions.confirm_delivery(person=county.person("qinghe", "drafter"), on=DAY, delivery=row, proof=proof)
        assert not Evidence.objects.exists()

    def test_a_document_is_no_photograph(self, county: County) -> None:
        row = delivery_of(county.published(channels=("notice_board",)), "notice_board")
        proof = Proof(photos=(("照片.txt", "不是照片".encode()),))
        said = refusal(actions.confirm_delivery, person=county.person("qinghe", "drafter"), on=DAY, delivery=row, proof=proof)
        assert said == "“照片.txt”不是jpg或者png图片，请上传照片。"

    def test_what_is_kept_is_what_was_stripped(self, county: County) -> None:
        row = delivery_of(county.published(channels=("notice_board",)), "notice_board")
        proof = Proof(photos=(("a.jpg", jpeg(exif(">"), tail=b"x")),))
        row = actions.confirm_delivery(person=county.person("qinghe", "drafter"), on=DAY, delivery=row, proof=proof)
        data = kept.content(row.pieces.get().digest)
        assert b"GPS" not in data and b"ACME" not in data and sm3(data) == row.pieces.get().digest


class TestReminders:
    """Whoever carries an old or withdrawn text is told, until he confirms."""

    def test_a_changed_item_tells_who_carried_the_old_text(self, county: County) -> None:
        first = county.published(title="第一稿", channels=("wechat", "notice_board", "radio"))
        confirm(county, delivery_of(first, "wechat"))
        confirm(county, delivery_of(first, "notice_board"))
        anew(county, first.item, title="第二稿", channels=("wechat", "weibo"))
        assert sorted(waiting(county)) == [
            ("notice_board", "withdraw", "第一稿"),
            ("radio", "withdraw", "第一稿"),
            ("wechat", "replace", "第二稿"),
            ("weibo", "first", "第二稿"),
        ]

    def test_a_channel_that_missed_a_revision_is_not_forgotten(self, county: County) -> None:
        """It carries the first text; the second never got there; the third leaves it out, or the item is withdrawn."""
        first = county.published(title="第一稿", channels=("wechat",))
        confirm(county, delivery_of(first, "wechat"))
        anew(county, first.item, title="第二稿", channels=("wechat",))
        assert waiting(county) == [("wechat", "replace", "第二稿")]
        third = anew(county, first.item, title="第三稿", channels=())
        assert waiting(county) == [("wechat", "withdraw", "第一稿")]
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=third, reason="有误")
        assert waiting(county) == [("wechat", "withdraw", "第一稿")]
        assert list(carried(first.item)) == ["wechat"]

    def test_withdrawn_before_the_replacement_was_posted(self, county: County) -> None:
        first = county.published(title="第一稿", channels=("wechat",))
        confirm(county, delivery_of(first, "wechat"))
        second = anew(county, first.item, title="第二稿", channels=("wechat",))
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=second, reason="有误")
        assert waiting(county) == [("wechat", "withdraw", "第一稿")]

    def test_posted_but_registered_only_after_the_withdrawal(self, county: County) -> None:
        publication = county.published(title="第一稿", channels=("wechat",))
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
        assert waiting(county) == [("wechat", "withdraw", "第一稿")]
        confirm(county, delivery_of(publication, "wechat"))
        assert waiting(county) == [("wechat", "withdraw", "第一稿")]
        assert list(verify()) == []

    def test_every_channel_that_was_sent_it_is_asked_when_it_is_withdrawn(self, county: County) -> None:
        """A paper may hang on the board though nobody registered it."""
        publication = county.published(title="第一稿", channels=("wechat", "weibo", "notice_board"))
        confirm(county, delivery_of(publication, "wechat"))
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
        told = [(channel, "withdraw", "第一稿") for channel in ("notice_board", "wechat", "weibo")]
        assert sorted(waiting(county)) == told
        board = delivery_of(publication, "notice_board", is_withdrawal=True)
        assert [queries.reminder_of(delivery_of(publication, name, is_withdrawal=True)).is_sure for name in ("wechat", "weibo")] == [
            True,
            False,
        ]
        never_carried(person=county.person("qinghe", "drafter"), on=DAY, delivery=board, reason="当天没有张贴")
        weibo = delivery_of(publication, "weibo", is_withdrawal=True)
        actions.confirm_delivery(person=county.person("qinghe", "drafter"), on=DAY, delivery=weibo, evidence="已删除")
        assert waiting(county) == [("wechat", "withdraw", "第一稿")]
        assert delivery_of(publication, "notice_board", is_withdrawal=True).evidence == "没有发过：当天没有张贴"
        assert list(carried(publication.item)) == ["wechat"]
        assert list(verify()) == []

    def test_a_changed_item_asks_who_was_sent_the_old_text(self, county: County) -> None:
        first = county.published(title="第一稿", channels=("wechat", "notice_board"))
        second = anew(county, first.item, title="第二稿", channels=("wechat",))
        assert sorted(waiting(county)) == [("notice_board", "withdraw", "第一稿"), ("wechat", "replace", "第二稿")]
        assert not queries.reminder_of(delivery_of(second, "wechat")).is_sure
        confirm(county, delivery_of(first, "wechat"))
        assert queries.reminder_of(delivery_of(second, "wechat")).is_sure

    def test_what_never_hung_there_is_not_replaced(self, county: County) -> None:
        first = county.published(title="第一稿", channels=("wechat",))
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=first, reason="有误")
        down = delivery_of(first, "wechat", is_withdrawal=True)
        never_carried(person=county.person("qinghe", "drafter"), on=DAY, delivery=down, reason="还没有发")
        second = anew(county, first.item, title="第二稿", channels=("wechat",))
        assert waiting(county) == [("wechat", "first", "第二稿")]
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=second, reason="仍有误")
        assert waiting(county) == [("wechat", "withdraw", "第二稿")]

    def test_when_it_cannot_be_said_that_it_was_never_posted(self, county: County) -> None:
        drafter = county.person("qinghe", "drafter")
        publication = county.published(channels=("wechat", "weibo"))
        confirm(county, delivery_of(publication, "wechat"))
        weibo = delivery_of(publication, "weibo")
        assert refusal(never_carried, person=drafter, on=DAY, delivery=weibo, reason="没有") == "只有要撤下的才能登记为没有发过。"
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
        down = {name: delivery_of(publication, name, is_withdrawal=True) for name in ("wechat", "weibo")}
        said = {"person": drafter, "on": DAY}
        assert "登记过已经发布" in refusal(never_carried, **said, delivery=down["wechat"], reason="没有发")
        assert "怎么知道没有发过" in refusal(never_carried, **said, delivery=down["weibo"], reason=" ")
        never_carried(**said, delivery=down["weibo"], reason="账号停用")
        assert "已经登记过" in refusal(never_carried, **said, delivery=down["weibo"], reason="账号停用")
        assert "已经登记为没有发过" in refusal(actions.confirm_delivery, **said, delivery=weibo, proof=proof_of(weibo))
        assert list(verify()) == []

    def test_verify_notices_an_answer_that_was_changed(self, county: County) -> None:
        publication = county.published(channels=("weibo",))
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
        down = delivery_of(publication, "weibo", is_withdrawal=True)
        never_carried(person=county.person("qinghe", "drafter"), on=DAY, delivery=down, reason="账号停用")
        without_triggers("UPDATE disclosure_delivery SET evidence = %s WHERE id = %s", ["没有发过：换过的理由", down.pk])
        entry = LedgerEntry.objects.get(action="channels.never_carried")
        assert [broken.words for broken in verify()] == [f"渠道记录（编号{down.pk}，weibo）与台账第{entry.number}条不符。"]

    def test_a_confirmed_withdrawal_is_over(self, county: County) -> None:
        first = county.published(channels=("wechat",))
        confirm(county, delivery_of(first, "wechat"))
        anew(county, first.item, title="第二稿", channels=())
        drafter = county.person("qinghe", "drafter")
        actions.confirm_delivery(person=drafter, on=DAY, delivery=delivery_of(first, "wechat", is_withdrawal=True), evidence="已删除")
        third = anew(county, first.item, title="第三稿", channels=())
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=third, reason="有误")
        assert waiting(county) == []

    def test_oldest_first_with_days(self, county: County) -> None:
        old = county.published(title="早的", channels=("wechat",))
        confirm(county, delivery_of(old, "wechat"))
        county.published(title="中间的", channels=("radio",))
        actions.withdraw(person=county.person("qinghe", "office_head"), on=LATER, publication=old, reason="有误")
        rows = queries.reminders(county.person("qinghe", "office_head"))
        assert [(row.delivery.channel, row.since) for row in rows] == [("radio", DAY), ("wechat", LATER)]
        assert rows[0].days - rows[1].days == 9

    def test_only_the_own_organ(self, county: County) -> None:
        county.published("baishu", channels=("wechat",))
        assert waiting(county) == []
        assert queries.reminders(county.person("yunchuan", "authority")) == []


class TestTexts:
    """What a channel is given fits it."""

    @pytest.mark.parametrize(
        ("text", "limit", "told"),
        [
            ("短", 5, "短"),
            ("一二三。四五六。七八九", 10, "一二三。四五六。……"),
            ("一二三四五六七八九十", 8, "一二三四五六……"),
            ("一。三四五六七八九十", 8, "一。三四五六……"),
            ("一二三", 1, ""),
            ("", 0, ""),
        ],
    )
    def test_cut(self, text: str, limit: int, told: str) -> None:
        assert cut(text, limit) == told

    def test_articles_have_their_parts(self, county: County) -> None:
        publication = county.published(
            title="长" * 70, summary="概" * 130, body="<p>第一段。</p><table><tr><td>甲</td><td>乙</td></tr></table>", channels=("wechat",)
        )
        parts = {part.id: part for part in parts_of(delivery_of(publication, "wechat"), "https://open.example")}
        assert parts["title"].is_long and parts["title"].text == "长" * 70
        assert len(parts["summary"].text) == 120 and parts["summary"].is_cut
        end = f"\n\n云川县青禾镇人民政府\n2026年3月2日\n全文：https://open.example/d/{publication.item.slug}/"
        assert parts["body"].text == "第一段。\n甲\t乙" + end and not parts["body"].is_cut

    def test_a_screen_gets_what_it_can_show(self, county: County) -> None:
        publication = county.published(title="停水通知", body="<p>" + "明天停水。" * 100 + "</p>", channels=("led_screen",))
        (part,) = parts_of(delivery_of(publication, "led_screen"), "https://open.example")
        assert part.is_cut and len(part.text) <= 200
        assert part.text.startswith("停水通知\n\n明天停水。") and part.text.endswith("。……\n\n云川县青禾镇人民政府\n2026年3月2日")

    def test_no_link_to_a_page_that_is_not_there(self, county: County) -> None:
        publication = county.published(primary_channel="wechat")
        assert "全文" not in parts_of(delivery_of(publication, "wechat"), "https://open.example")[-1].text

    def test_a_withdrawal_does_not_repeat_the_text(self, county: County) -> None:
        publication = county.published(title="名单", body="<p>不该公开的内容</p>", channels=("wechat",))
        confirm(county, delivery_of(publication, "wechat"))
        actions.withdraw(person=county.person("qinghe", "office_head"), on=LATER, publication=publication, reason="名单有误")
        (part,) = parts_of(Delivery.objects.get(publication=publication, channel="wechat", is_withdrawal=True), "")
        index = publication.item.index_number
        assert part.text == (
            f"请撤下《名单》（索引号{index}），不再提供。\n云川县青禾镇人民政府2026年3月2日发布，2026年3月11日撤回。\n理由：名单有误"
        )


def many(county: County, agency: Agency, numbers: dict[str, int]) -> None:
    """Publications of a year, row by row as the database takes them, made from one that went the whole way."""
    one = county.published(primary_channel="wechat")
    rows = Publication.objects.filter(pk=one.pk)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER publication_reviewed" + (" ON disclosure_publication" if connection.vendor == "postgresql" else ""))
    from gongkai.web.review.models import Run

    for channel, n in numbers.items():
        for _ in range(n):
            item = Item.objects.create(
                agency=agency, index_number=f"m{Item.objects.count()}", title="x", kind="notice", column="a20_13", attribute="proactive",
                formed_on=DAY, primary_channel=channel, created_by=one.item.created_by, current=one.revision,
            )  # fmt: skip
            run = Run.objects.get(pk=one.run_id)
            run.pk = None
            run.state = "void"
            run.save()
            entry = LedgerEntry.objects.get(pk=one.entry_id)
            entry.pk, entry.number, entry.previous = None, LedgerEntry.objects.count() + 1, f"{LedgerEntry.objects.count()}"
            entry.save()
            Publication.objects.create(
                item=item, revision=one.revision, run=run, primary_channel=channel, published_on=datetime.date(2023, 5, 4),
                published_at="2023-05-04T10:00+08:00", entry=entry,
            )  # fmt: skip
    assert rows.exists()


class TestCounts:
    """A year's items by primary channel add up."""

    def test_629_are_179_and_450(self, county: County) -> None:
        agency = county.organs["qinghe"]
        many(county, agency, {"site": 179, "wechat": 450})
        counts = queries.counts_by_channel(agency, 2023)
        assert [(row.channel, row.primary) for row in counts.rows] == [("site", 179), ("wechat", 450)]
        assert counts.total.primary == 629 == 179 + 450
        assert queries.years_of(agency) == [2026, 2023]

    def test_an_item_counts_once_and_by_its_first_publication(self, county: County) -> None:
        first = county.published(title="第一稿", channels=("wechat", "radio"))
        confirm(county, delivery_of(first, "wechat"))
        second = anew(county, first.item, title="第二稿", primary_channel="weibo", channels=("wechat",))
        confirm(county, delivery_of(second, "wechat"))
        counts = queries.counts_by_channel(county.organs["qinghe"], 2026)
        assert [(row.channel, row.primary, row.also, row.waiting, row.withdrawn) for row in counts.rows] == [
            ("site", 1, 0, 0, 0), ("wechat", 0, 1, 0, 0), ("weibo", 0, 0, 1, 0), ("radio", 0, 0, 1, 0),
        ]  # fmt: skip
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=second, reason="有误")
        counts = queries.counts_by_channel(county.organs["qinghe"], 2026)
        assert (counts.total.primary, counts.total.withdrawn, counts.total.waiting) == (1, 1, 3)

    def test_every_figure_is_its_list(self, county: County) -> None:
        agency = county.organs["qinghe"]
        publication = county.published(channels=("wechat", "notice_board"))
        confirm(county, delivery_of(publication, "wechat"))
        county.published("baishu")
        counts = queries.counts_by_channel(agency, 2026)
        for row in (*counts.rows, counts.total):
            for name in queries.COUNTED:
                assert queries.counted(agency, 2026, name, row.channel).count() == getattr(row, name), (row.channel, name)
        assert queries.counts_by_channel(agency, 2025).total == queries.ChannelCount("", 0, 0, 0, 0)
