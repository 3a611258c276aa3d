"""Files of an item: what may be uploaded, what they hide, and who gets them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.screening import hits_of
from gongkai.web.ledger.digest import sm3
from gongkai.web.review import kept
from gongkai.web.review.files import LARGEST, checked_name
from tests.unit.reading.test_inside import document, workbook, zipped
from tests.web.conftest import DAY, County, content, public_address
from tests.web.test_walk import client_of

LIST = "序号\t姓名\t身份证号\n1\t王某\t11010519491231002X\n".encode()


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def fresh(item: Item) -> Item:
    return Item.objects.get(pk=item.pk)


def attached(county: County, name: str, data: bytes, **changes: object) -> Item:
    item = county.draft(**changes)
    actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name=name, data=data)
    return fresh(item)


def docx(author: str) -> bytes:
    """The smallest Word file that names an author."""
    holder = io.BytesIO()
    words = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    core = 'xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:d="http://purl.org/dc/elements/1.1/"'
    with zipfile.ZipFile(holder, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f"<w:document {words}><w:body><w:p><w:r><w:t>植树点名单</w:t></w:r></w:p></w:body></w:document>"
        )
        archive.writestr("docProps/core.xml", f"<c:coreProperties {core}><d:creator>{author}</d:creator></c:coreProperties>")
    return holder.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("", b"x", "文件是空的。"),
        ("a.txt", b"", "文件是空的。"),
        ("a.exe", b"MZ", "不能上传“.exe”文件。可以上传：pdf、docx、xlsx、doc、xls、wps、et、png、jpg、jpeg、csv、txt。"),
        ("a.html", b"<script>", "不能上传“.html”文件。可以上传：pdf、docx、xlsx、doc、xls、wps、et、png、jpg、jpeg、csv、txt。"),
        ("a.pdf", b"<html>", "“a.pdf”的内容不是pdf文件，请用原来的程序另存后再上传。"),
        ("a.docx", b"PK\x03\x04 only a zip", "“a.docx”的内容不是docx文件，请用原来的程序另存后再上传。"),
        ("a.txt", b"\x00\x01", "“a.txt”的内容不是txt文件，请用原来的程序另存后再上传。"),
        ("a.pdf", b"%PDF-" + b"0" * LARGEST, "“a.pdf”有20.0MB，超过20MB的上限。"),
    ],
)
def test_what_it_is_not_is_refused(name: str, data: bytes, words: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_name(name, data)
    assert caught.value.message == words


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "C:\\windows\\passwd.txt", "/passwd.txt", "..passwd.txt"])
def test_no_name_leads_anywhere(name: str) -> None:
    assert checked_name(name, b"x") == "passwd.txt"


def test_it_lies_under_its_digest_once(county: County, folder: Path) -> None:
    item = attached(county, "名单.txt", b"list")
    again = attached(county, "另一个名字.txt", b"list")
    digest = sm3(b"list")
    assert kept.content(digest) == b"list"
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [digest]
    assert item.current.content["attachments"] == [{"name": "名单.txt", "digest": digest, "size": 4}]
    assert again.current.content["attachments"][0]["name"] == "另一个名字.txt"


def test_personal_data_inside_keeps_it_from_review(county: County) -> None:
    item = attached(county, "名单.txt", LIST)
    with pytest.raises(Refused, match="发布前筛查"):
        actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=item)
    digest = item.current.content["attachments"][0]["digest"]
    actions.detach(person=county.person("qinghe", "drafter"), on=DAY, item=item, digest=digest)
    actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=fresh(item))


def test_what_a_file_hides_is_told(county: County) -> None:
    item = attached(county, "名单.docx", docx("张三"))
    with pytest.raises(Refused, match=r"张三|作者"):
        actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=item)


def test_what_cannot_be_screened_is_not_taken_for_clean(county: County) -> None:
    drafter = county.person("qinghe", "drafter")
    item = attached(county, "公示照片.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    with pytest.raises(Refused, match="没有自动筛查"):
        actions.submit(person=drafter, on=DAY, item=item)
    found = hits_of(item, item.current.content, DAY)[0]
    actions.answer_hit(
        person=drafter, on=DAY, item=item, field=found.field, code=found.hit.code, mark=found.mark, reason="照片已看，没有人脸和证件"
    )
    actions.submit(person=drafter, on=DAY, item=fresh(item))


def test_a_change_of_the_text_keeps_the_files(county: County) -> None:
    item = attached(county, "名单.txt", b"list")
    actions.revise(person=county.person("qinghe", "drafter"), on=DAY, item=item, content=content(title="换了标题"))
    assert fresh(item).current.content["attachments"][0]["name"] == "名单.txt"


def test_the_public_gets_what_is_published_and_nothing_else(county: County) -> None:
    item = county.reviewed(attached(county, "名单.txt", b"public"))
    published = sm3(b"public")
    address = public_address(item.pk, "portal:attachment", published)
    assert Client().get(address).status_code == 404
    publication = actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=fresh(item))
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/octet-stream")
    assert b"".join(answer.streaming_content) == b"public"
    assert answer["Content-Disposition"].startswith("attachment")
    actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=fresh(item), name="草稿.txt", data=b"draft only")
    assert Client().get(public_address(item.pk, "portal:attachment", sm3(b"draft only"))).status_code == 404
    actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
    assert Client().get(address).status_code == 404


def test_a_foreign_organ_does_not_get_it(county: County) -> None:
    item = attached(county, "名单.txt", b"secret draft")
    address = reverse("office:attachment", args=[item.pk, sm3(b"secret draft")])
    assert client_of(county.person("baishu", "drafter")).get(address).status_code == 404
    answer = client_of(county.person("qinghe", "first_reviewer")).get(address)
    assert b"".join(answer.streaming_content) == b"secret draft"


class TestWithin:
    """Files inside an attachment."""

    def test_a_number_within_keeps_it_from_being_submitted(self, county: County) -> None:
        inner = workbook(("表1", {"A1": "村名"}), ("表2", {"B4": "11010519491231002X"}))
        item = attached(county, "附件1.docx", document(表格__xlsx=inner))
        found = {one.hit.code: one for one in hits_of(item, item.current.content, DAY)}  # type: ignore[union-attr]
        assert found["person.id_number"].hit.place == "附件“附件1.docx” › 表格.xlsx › 表2!B4"
        assert found["hidden.embedded"].hit.quote == "表格.xlsx"
        drafter = county.person("qinghe", "drafter")
        with pytest.raises(Refused, match="表2!B4"):
            actions.submit(person=drafter, on=DAY, item=item)

    def test_what_cannot_be_seen_is_answered_by_a_person_one_by_one(self, county: County) -> None:
        show = zipped(**{"[Content_Types]__xml": b"<Types/>"})
        item = attached(county, "附件1.docx", document(甲__pptx=show, 乙__pptx=show))
        drafter = county.person("qinghe", "drafter")

        def still() -> list[str]:
            return [one.hit.place for one in hits_of(item, item.current.content, DAY) if one.is_open and one.hit.code == "hidden.unseen"]  # type: ignore[union-attr]

        assert still() == ["附件“附件1.docx” › 甲.pptx", "附件“附件1.docx” › 乙.pptx"]
        for one in hits_of(item, item.current.content, DAY):  # type: ignore[union-attr]
            if one.hit.place != "附件“附件1.docx” › 乙.pptx":
                told = {"field": one.field, "code": one.hit.code, "mark": one.mark, "reason": "赵某看过，没有不得公开的内容"}
                actions.answer_hit(person=drafter, on=DAY, item=item, **told)
        assert still() == ["附件“附件1.docx” › 乙.pptx"]
        with pytest.raises(Refused, match=r"乙.pptx：看不到里面（不是认识的文件，看不出里面有什么）"):
            actions.submit(person=drafter, on=DAY, item=item)
        page = client_of(drafter).get(reverse("office:item", args=[item.pk])).content.decode()
        assert "乙.pptx：看不到里面" in page
