"""Material from the hand-in to the credit: what is taken in, what is refused at the door, and what becomes of it."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from gongkai.errors import Refused
from gongkai.web.agencies.models import Person
from gongkai.web.disclosure import actions as item_actions
from gongkai.web.disclosure.material import actions, queries
from gongkai.web.disclosure.material.models import Assignment, ItemSource, Material, Member, Unit
from gongkai.web.disclosure.material.values import Handing
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.acts import ACTIONS
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review import kept
from gongkai.web.review.files import LARGEST
from tests.web.conftest import DAY, County, content, lies_at
from tests.web.test_ledger import without_triggers
from tests.web.test_publication import refusal

PHOTO = b"\x89PNG\r\n\x1a\n photo"
ID_NUMBER = "11010519491231002X"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def handing(**changes: object) -> Handing:
    values: dict[str, Any] = {"title": "清河村修好三公里机耕道", "body": "村里修好机耕道三公里。", "happened_on": DAY}
    return Handing(**{**values, **changes})


class Entrance:
    """青禾镇 with 清河村, its contributor, and the township's drafter and head."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.organ = county.organs["qinghe"]
        self.drafter, self.head = county.person("qinghe", "drafter"), county.person("qinghe", "office_head")
        self.villager = county.person("qinghe", "contributor")
        self.village = actions.open_unit(person=self.head, on=DAY, agency=self.organ, name="清河村", kind="village")
        actions.join_unit(person=self.head, on=DAY, unit=self.village, newcomer=self.villager)

    def handed(self, uploads: Any = (), **changes: object) -> Material:
        marks = {"sender": self.organ, "unit": self.village, "agency": self.organ, "uploads": uploads}
        made: Material = actions.hand_in(person=self.villager, on=DAY, handing=handing(**changes), **marks)
        return made

    def told(self, material: Material) -> Any:
        return queries.one(queries.handed_in_by(self.villager), material.pk)

    def fate(self, material: Material) -> str:
        return str(self.told(material).fate.words)

    def drafted(self, material: Material, **changes: object) -> Item:
        made: Item = actions.draft_from(person=self.drafter, on=DAY, material=material, content=content(**changes))
        return made

    def published(self, item: Item) -> Item:
        """The item, every file looked at, reviewed and published."""
        for row in item.current.content.get("attachments", []):
            for hit in [hit for hit in item_actions.hits_of(item, item.current.content, DAY) if hit.field == row["digest"]]:
                marks = {"field": hit.field, "code": hit.hit.code, "mark": hit.mark}
                item_actions.answer_hit(person=self.drafter, on=DAY, item=item, reason="逐页看过", **marks)
        self.county.reviewed(item)
        item_actions.publish(person=self.head, on=DAY, item=item)
        return item


@pytest.fixture
def entrance(county: County) -> Entrance:
    return Entrance(county)


def test_its_fate_is_told_from_hand_in_to_publication(entrance: Entrance) -> None:
    material = entrance.handed([("修路.png", PHOTO)])
    assert (entrance.fate(material), queries.one(Material.objects.all(), material.pk).state) == ("已收到", "waiting")
    actions.take(person=entrance.drafter, on=DAY, material=material)
    assert entrance.told(material).fate.drafter == "qinghe-drafter" and entrance.fate(material) == "已分派"
    item = entrance.drafted(material, body="<p>清河村修好机耕道三公里。</p>")
    assert entrance.fate(material) == "已采用，起草中"
    assert [row["name"] for row in item.current.content["attachments"]] == ["修路.png"]
    entrance.published(item)
    told = entrance.told(material).fate
    assert (told.words, told.item.pk, told.item.on_site) == ("已发布", item.pk, True)
    assert [(row.material, row.material.credit) for row in queries.sources_of(item)] == [(material, "青禾镇人民政府清河村")]
    assert [entry.action for entry in queries.history_of(material)] == ["material.hand_in", "material.take", "material.draft"]
    assert list(verify()) == []


def test_what_was_handed_in_stands_as_it_was(entrance: Entrance) -> None:
    material = entrance.handed(
        [("修路.png", PHOTO)], title="  修好\u202e机耕道 ", body="<p onclick=x>第一段</p><script>x</script>", contact="0990-5550111"
    )
    found = Material.objects.get(pk=material.pk)
    assert (found.title, found.body, found.contact) == ("修好机耕道", "<p>第一段</p>", "0990-5550111")
    assert kept.content(found.files[0]["digest"]) == PHOTO
    assert found.entry.after and found.entry.agency == entrance.organ and found.entry.facts["to"] == "yunchuan/qinghe/"


def test_verify_names_a_file_of_material_that_is_gone(entrance: Entrance) -> None:
    material = entrance.handed([("修路.png", PHOTO)])
    lies_at(material.files[0]["digest"]).unlink()
    assert [found.words for found in verify()] == [f"材料《{material.title}》（编号{material.pk}）的文件“修路.png”不见了。"]


@pytest.mark.parametrize(
    ("changes", "uploads", "words"),
    [
        ({"title": " "}, (), "请填写标题。"),
        ({"body": "<p> </p>"}, (), "请写内容，或者上传照片、文件。"),
        ({"happened_on": DAY + datetime.timedelta(days=1)}, (), "发生或者形成日期不能晚于今天。"),
        ({"column": "a99_01"}, (), "没有这个栏目。"),
        ({"urgency": "now"}, (), "请选择缓急。"),
        ({}, [("a.png", PHOTO)] * 10, "一次最多交9个文件，请分几次交。"),
        ({}, [("a.exe", b"MZ")], "不能上传“.exe”文件。可以上传：pdf、docx、xlsx、doc、xls、wps、et、png、jpg、jpeg、csv、txt。"),
        ({}, [("照片.png", b"<svg onload=alert(1)>")], "“照片.png”的内容不是png文件，请用原来的程序另存后再上传。"),
        ({}, [("照片.png", b"")], "文件是空的。"),
        ({}, [("a.txt", b"0" * (LARGEST + 1))], "“a.txt”有20.0MB，超过20MB的上限。"),
        ({}, [(f"{n}.png", PHOTO + b"0" * (18 << 20)) for n in range(3)], "文件合计超过50MB，请分几次交。"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(entrance: Entrance, folder: Path, changes: dict[str, Any], uploads: Any, words: str) -> None:
    known = LedgerEntry.objects.count()
    with pytest.raises(Refused) as caught:
        entrance.handed(uploads, **changes)
    assert caught.value.message == words
    assert (Material.objects.count(), LedgerEntry.objects.count(), list(folder.rglob("*"))) == (0, known, [])


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd.txt", "passwd.txt"), ("C:\\照片\\一.txt", "一.txt"), ("gpj\u202etxt.txt", "gpjtxt.txt"), ("a\r\nb.txt", "a b.txt")],
)
def test_no_file_name_leads_anywhere(entrance: Entrance, given: str, kept: str) -> None:
    assert [row["name"] for row in entrance.handed([(given, b"x")]).files] == [kept]


def test_two_files_of_one_name_stay_two_and_the_same_file_twice_is_one(entrance: Entrance) -> None:
    material = entrance.handed([("a.txt", b"1"), ("a.txt", b"2"), ("a.txt", b"1")])
    assert [row["name"] for row in material.files] == ["a.txt", "a（2）.txt"]


@pytest.mark.parametrize(
    ("changes", "uploads"),
    [
        ({"title": "机密★10年"}, ()),
        ({"body": "<p>秘密★5年</p><p>会议内容</p>"}, ()),
        ({"body": "内部资料 注意保存\n下一段"}, ()),
        ({"contact": "工作秘密★"}, ()),
        ({}, [("方案.txt", "机密★3年\n方案正文".encode())]),
        ({}, [("方案（机密）.txt", b"text")]),
    ],
)
def test_a_secrecy_mark_stops_it_at_the_door_and_nothing_is_kept(entrance: Entrance, folder: Path, changes: Any, uploads: Any) -> None:
    known = LedgerEntry.objects.count()
    with pytest.raises(Refused) as caught:
        entrance.handed(uploads, **changes)
    assert caught.value.message.startswith("没有收下：")
    assert caught.value.message.endswith("刚才填写和上传的内容都没有保存。请按保密规定另行报送，不要再把它输入本系统。")
    assert (Material.objects.count(), LedgerEntry.objects.count(), list(folder.rglob("*"))) == (0, known, [])


def test_personal_data_comes_in_and_is_noted_for_the_drafter(entrance: Entrance) -> None:
    material = entrance.handed([("名单.txt", f"王某 {ID_NUMBER}".encode()), ("照片.png", PHOTO)], body=f"低保户王某，身份证号{ID_NUMBER}。")
    codes = [hit.code for hit in queries.notes_on(material, DAY)]
    assert codes.count("person.id_number") == 2 and "attachment.unread" in codes
    assert all(ID_NUMBER not in hit.message for hit in queries.notes_on(material, DAY))


def test_the_same_twice_on_a_day_is_one(entrance: Entrance) -> None:
    material = entrance.handed([("修路.png", PHOTO)])
    with pytest.raises(actions.AlreadyHandedIn) as caught:
        entrance.handed([("改个名.png", PHOTO)], urgency="today")
    assert caught.value.material == material and Material.objects.count() == 1
    entrance.handed([("修路.png", PHOTO + b"2")])
    marks = {"sender": entrance.organ, "unit": entrance.village, "agency": entrance.organ, "uploads": [("修路.png", PHOTO)]}
    later = DAY + datetime.timedelta(days=1)
    actions.hand_in(person=entrance.villager, on=later, handing=handing(), **marks)
    assert Material.objects.count() == 3


def test_the_database_itself_takes_the_same_once(entrance: Entrance) -> None:
    material = entrance.handed()
    material.pk = None
    material.entry = LedgerEntry.objects.exclude(action="material.hand_in").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        material.save(force_insert=True)


def test_the_second_who_takes_it_is_told_who_has_it(entrance: Entrance) -> None:
    material = entrance.handed()
    second = Person.objects.create(username="second", password="!", full_name="第二人")
    second.posts.create(agency=entrance.organ, duty="drafter", from_on=datetime.date(2020, 1, 1))
    stale = Material.objects.get(pk=material.pk)
    actions.take(person=entrance.drafter, on=DAY, material=material)
    had = "《清河村修好三公里机耕道》已经由qinghe-drafter"
    assert refusal(actions.take, person=second, material=stale) == f"{had}领取。"
    other = {"person": second, "material": stale}
    assert refusal(actions.draft_from, content=content(), **other) == f"{had}办理，请找公开工作机构负责人改派。"
    assert refusal(actions.decline, reason="重复", **other) == f"{had}办理，请找公开工作机构负责人改派。"
    # Even past our own check the database takes one first assignment only.
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(material=material, drafter=second, entry=material.entry)
    assert Item.objects.count() == 0


def test_the_head_assigns_and_assigns_anew_but_not_past_another(entrance: Entrance) -> None:
    material = entrance.handed()
    first = actions.assign(person=entrance.head, on=DAY, material=material, drafter=entrance.drafter, known=None)
    again = {"person": entrance.head, "material": material}
    assert refusal(actions.assign, drafter=entrance.head, known=None, **again) == (
        "页面打开后，《清河村修好三公里机耕道》已经由qinghe-drafter办理，请核对后再分派。"
    )
    assert refusal(actions.assign, drafter=entrance.drafter, known=first.pk, **again).endswith("已经分派给qinghe-drafter。")
    assert (
        refusal(actions.assign, drafter=entrance.villager, known=first.pk, **again)
        == "qinghe-contributor不是这个机关的拟稿人，请另选一人。"
    )
    actions.assign(on=DAY, drafter=entrance.head, known=first.pk, **again)
    assert entrance.told(material).fate.drafter == "qinghe-office_head"


def test_a_declined_material_says_why(entrance: Entrance) -> None:
    material = entrance.handed()
    assert refusal(actions.decline, person=entrance.drafter, material=material, reason=" ") == "请写明不采用的理由，供稿人会看到。"
    actions.decline(person=entrance.drafter, on=DAY, material=material, reason="上周已经发过")
    assert (entrance.fate(material), entrance.told(material).fate.reason) == ("未采用", "上周已经发过")
    words = "《清河村修好三公里机耕道》未采用，不能再办理，请刷新页面。"
    assert refusal(actions.take, person=entrance.drafter, material=material) == words
    assert refusal(actions.draft_from, person=entrance.drafter, material=material, content=content()) == words


def test_merged_ones_share_the_fate_and_the_credit(entrance: Entrance) -> None:
    main, other = entrance.handed([("a.txt", b"1")]), entrance.handed([("a.txt", b"2")], title="机耕道修好了", body="又一段。")
    actions.merge(person=entrance.drafter, on=DAY, material=main, others=[other])
    assert (entrance.told(other).state, entrance.fate(other)) == ("merged", "已收到")
    assert refusal(actions.merge, person=entrance.drafter, material=entrance.handed(title="三"), others=[main]) == (
        "《清河村修好三公里机耕道》里已经并入了别的材料，请打开那一份，把这一份并过去。"
    )
    start = queries.as_draft(main)
    assert start["body"] == "<h3>清河村修好三公里机耕道</h3><p>村里修好机耕道三公里。</p><h3>机耕道修好了</h3><p>又一段。</p>"
    item = entrance.drafted(main, title=start["title"], body=start["body"])
    assert [row["name"] for row in item.current.content["attachments"]] == ["a.txt", "a（2）.txt"]
    assert [row.material for row in queries.sources_of(item)] == [main, other]
    assert entrance.fate(other) == "已采用，起草中"
    entrance.published(item)
    assert entrance.fate(other) == "已发布"
    (credit,) = queries.credits_of(queries.Agency.objects.filter(pk=entrance.organ.pk), 2026)
    assert (credit.unit, credit.n_handed_in, credit.n_used, credit.n_published) == ("清河村", 3, 2, 2)
    assert list(verify()) == []


def test_it_is_added_to_a_draft_that_nobody_reviews(entrance: Entrance) -> None:
    item = entrance.county.draft()
    material = entrance.handed([("修路.png", PHOTO)])
    actions.add_to_draft(person=entrance.drafter, on=DAY, material=material, item=item)
    item = Item.objects.get(pk=item.pk)
    assert item.current.content["body"] == "<p>现将本镇2026年春季植树安排予以公开。</p><p>村里修好机耕道三公里。</p>"
    assert [row["name"] for row in item.current.content["attachments"]] == ["修路.png"]
    second = entrance.handed(title="又一份")
    item_actions.submit(person=entrance.drafter, on=DAY, item=entrance.county.draft(title="审查中的"))
    busy = Item.objects.get(title="审查中的")
    words = "只能并入本机关还没有提交审查的草稿，请另选一条。"
    assert refusal(actions.add_to_draft, person=entrance.drafter, material=second, item=busy) == words
    foreign = entrance.county.draft("baishu")
    assert refusal(actions.add_to_draft, person=entrance.drafter, material=second, item=foreign) == words
    assert list(verify()) == []


def test_a_draft_given_up_sets_its_material_free(entrance: Entrance) -> None:
    material = entrance.handed()
    item = entrance.drafted(material)
    assert refusal(actions.take, person=entrance.drafter, material=material).endswith("已采用，不能再办理，请刷新页面。")
    item_actions.discard(person=entrance.drafter, on=DAY, item=item, reason="重复")
    assert entrance.told(material).state == "assigned"
    entrance.drafted(material)
    assert ItemSource.objects.filter(material=material).count() == 2


def test_a_department_hands_in_to_a_township_of_its_county(entrance: Entrance, county: County) -> None:
    clerk = county.person("jiaotong", "contributor")
    bureau = county.organs["jiaotong"]
    marks = {"person": clerk, "sender": bureau, "handing": handing()}
    made = actions.hand_in(on=DAY, agency=entrance.organ, **marks)
    assert made.credit == "交通运输局"
    assert queries.one(queries.handed_to(entrance.drafter), made.pk) is not None
    # Nobody there to take it up, or another county: refused, so that nothing is handed into the void.
    words = "这个机关不在本县，或者还没有人接收材料，请另选一个机关。"
    assert refusal(actions.hand_in, agency=county.organs["baishu"], **marks) == words
    elsewhere = queries.Agency.objects.create(code="other", kind="county", name="他县人民政府", short_name="他县")
    head = Person.objects.create(username="elsewhere", password="!", full_name="他县")
    head.posts.create(agency=elsewhere, duty="office_head", from_on=datetime.date(2020, 1, 1))
    assert refusal(actions.hand_in, agency=elsewhere, **marks) == words


def test_nobody_hands_in_for_a_unit_that_is_not_his(entrance: Entrance) -> None:
    other = actions.open_unit(person=entrance.head, on=DAY, agency=entrance.organ, name="柳湾村", kind="village")
    marks = {"person": entrance.villager, "sender": entrance.organ, "agency": entrance.organ, "handing": handing()}
    assert refusal(actions.hand_in, unit=other, **marks) == "您不属于这个单位，请联系公开工作机构负责人把您编入。"
    assert refusal(actions.hand_in, unit=None, **marks) == "请选择您所在的单位，采用情况按单位统计。"
    actions.leave_unit(person=entrance.head, on=DAY, member=Member.objects.get())
    assert refusal(actions.hand_in, unit=entrance.village, **marks) == "您不属于这个单位，请联系公开工作机构负责人把您编入。"
    assert actions.hand_in(on=DAY, unit=None, **marks).credit == "青禾镇人民政府"


def test_units_are_opened_once_and_closed_for_good(entrance: Entrance) -> None:
    agency, head = entrance.organ, entrance.head
    assert refusal(actions.open_unit, person=head, agency=agency, name="清河村", kind="village") == "已经有“清河村”。"
    assert refusal(actions.open_unit, person=head, agency=agency, name=" ", kind="village") == "请填写单位名称，不超过60个字。"
    assert refusal(actions.open_unit, person=head, agency=agency, name="水利站", kind="party") == "请选择单位类型。"
    words = "qinghe-drafter不是这个机关的供稿人，请先由安全管理员安排“供稿人”岗位。"
    assert refusal(actions.join_unit, person=head, unit=entrance.village, newcomer=entrance.drafter) == words
    assert (
        refusal(actions.join_unit, person=head, unit=entrance.village, newcomer=entrance.villager) == "qinghe-contributor已经在“清河村”。"
    )
    actions.close_unit(person=head, on=DAY, unit=entrance.village)
    assert refusal(actions.close_unit, person=head, unit=entrance.village) == "“清河村”已经撤销。"
    assert refusal(actions.join_unit, person=head, unit=entrance.village, newcomer=entrance.villager) == "“清河村”已经撤销。"
    actions.open_unit(person=head, on=DAY, agency=agency, name="清河村", kind="village")
    assert Unit.objects.filter(name="清河村").count() == 2
    assert list(verify()) == []


@pytest.mark.parametrize("act", ["take", "assign", "merge", "decline", "draft_from", "add_to_draft"])
@pytest.mark.parametrize(
    "who", ["baishu drafter", "baishu office_head", "yunchuan office_head", "qinghe contributor", "qinghe first_reviewer"]
)
def test_nobody_else_touches_it(entrance: Entrance, act: str, who: str) -> None:
    material, item = entrance.handed(), entrance.county.draft()
    arguments: dict[str, Any] = {
        "assign": {"drafter": entrance.drafter, "known": None}, "merge": {"others": [material]}, "decline": {"reason": "x"},
        "draft_from": {"content": content()}, "add_to_draft": {"item": item},
    }.get(act, {})  # fmt: skip
    known = LedgerEntry.objects.count()
    words = refusal(getattr(actions, act), person=entrance.county.person(*who.split()), material=material, **arguments)
    assert words.startswith("您在这个机关没有办理这件事的岗位。")
    assert LedgerEntry.objects.count() == known


def test_every_act_of_material_leaves_entries(entrance: Entrance) -> None:
    item = entrance.county.draft()
    main, other, third, fourth = (entrance.handed(title=f"第{n}份") for n in range(4))
    actions.take(person=entrance.drafter, on=DAY, material=main)
    actions.assign(person=entrance.head, on=DAY, material=third, drafter=entrance.drafter, known=None)
    actions.merge(person=entrance.drafter, on=DAY, material=main, others=[other])
    entrance.drafted(main)
    actions.add_to_draft(person=entrance.drafter, on=DAY, material=third, item=item)
    actions.decline(person=entrance.drafter, on=DAY, material=fourth, reason="重复")
    actions.leave_unit(person=entrance.head, on=DAY, member=Member.objects.get())
    actions.close_unit(person=entrance.head, on=DAY, unit=entrance.village)
    done = set(LedgerEntry.objects.filter(action__startswith="material.").values_list("action", flat=True))
    assert done == {name for name in ACTIONS if name.startswith("material.")}
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE disclosure_material SET title = '改过'", "材料“改过”（编号1）的内容与台账第3条不符。"),
        ("UPDATE disclosure_material SET unit_id = NULL", "材料“清河村修好三公里机耕道”（编号1）的内容与台账第3条不符。"),
        (
            "UPDATE disclosure_assignment SET drafter_id = (SELECT MAX(id) FROM agencies_person)",
            "材料的分派“清河村修好三公里机耕道 → qinghe-contributor”（编号1）的内容与台账第4条不符。",
        ),
        ("DELETE FROM disclosure_itemsource", "台账第6条记有素材来源，但是找不到它。"),
        ("UPDATE disclosure_unit SET name = '别的村'", "供稿单位“别的村”（编号1）的内容与台账第1条不符。"),
        ("DELETE FROM disclosure_member", "台账第2条记有供稿人所在单位，但是找不到它。"),
    ],
)  # fmt: skip
def test_verify_names_what_was_changed(entrance: Entrance, sql: str, words: str) -> None:
    material = entrance.handed()
    entrance.drafted(material)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    without_triggers(sql)
    told = [found.words for found in verify()]
    assert _unnumbered(words) in [_unnumbered(text) for text in told]


def _unnumbered(text: str) -> str:
    return re.sub(r"编号\d+", "编号", text)
