"""Every code once found and once not, with whole messages; what a hit is made of; what masking does."""

from __future__ import annotations

import datetime

import pytest

from gongkai.errors import GongkaiError
from gongkai.law.screening import screening_codes
from gongkai.reading import HiddenPart
from gongkai.screening import Hit, Publisher, apply_masks, screen, screen_parts

ON = datetime.date(2026, 11, 22)
TOWNSHIP = Publisher(name="云川县青禾镇人民政府", phones=("0515-86209999",), credit_code="11320123014567892D")

# code, a text that has it, one that has not, the mask of the first, its whole message
TEXTS = [
    (
        "secrecy.mark",
        "机密★2年",
        "涉及国家秘密",
        None,
        "第1行有国家秘密标志“机密★2年”。带密级标志的文件不得公开；确实已经解密的，先按规定办理解密并去掉标志。",
    ),
    (
        "secrecy.work",
        "工作秘密",
        "保守工作秘密",
        None,
        "第1行有工作秘密标志“工作秘密”。工作秘密不得公开；确实不再是工作秘密的，先由确定机关解除并去掉标志。",
    ),
    (
        "secrecy.internal",
        "\n内部资料",
        "管好内部资料",
        None,
        "第2行有内部资料标志“内部资料”。内部资料不得直接公开；确需公开的，先经保密审查同意并去掉标志。",
    ),
    (
        "secrecy.attribute",
        "（此件依申请公开）",
        "（此件主动公开）",
        None,
        "第1行标有“此件依申请公开”，与主动公开不符。请核对公开属性；改为主动公开的，写明理由并改正标注。",
    ),
    (
        "person.id_number",
        "赵某 11010519491231002X",
        "赵某 110105194912310021",
        "1101**********002X",
        "第1行有居民身份证号码（1101**********002X）。请遮盖；确需公开的，写明理由。",
    ),
    (
        "person.id_suspected",
        "身份证号110105194912310021",
        "编号110105194912310021",
        "1101**********0021",
        "第1行写明是身份证号码（1101**********0021），但位数或者校验位不对，可能写错了。请遮盖；不是身份证号码的，请改正说法。",
    ),
    (
        "person.minor",
        "小某（女，8岁）",
        "8岁儿童免费",
        None,
        "第1行像是不满十四周岁儿童的信息。请隐去姓名、照片、学校、住址等能认出本人的内容；确需公开的，写明监护人同意等理由。",
    ),
    (
        "person.mobile",
        "电话13812345678",
        "电话12345",
        "138****5678",
        "第1行有手机号码（138****5678）。属于个人的，请遮盖；确需公开的，写明理由。",
    ),
    (
        "person.landline",
        "家庭电话0515-86201234",
        "办公电话0515-86201234",
        "****-******34",
        "第1行有个人的固定电话（****-******34）。请遮盖；确需公开的，写明理由。",
    ),
    (
        "person.bank_card",
        "卡号6217003123456789016",
        "卡号6217003123456789017",
        "***************9016",
        "第1行有银行卡号（***************9016）。请遮盖；确需公开的，写明理由。",
    ),
    (
        "person.sole_trader",
        "92320123MA27TUQW4U",
        "92320123MA27TUQW4T",
        "9232************4U",
        "第1行有个体工商户的统一社会信用代码（9232************4U），关系到经营者个人。请遮盖；确需公开的，写明理由。",
    ),
    (
        "person.birth_date",
        "1990年1月1日出生",
        "1990年1月1日成立",
        "1990年*月*日",
        "第1行有个人的出生日期（1990年*月*日）。请遮盖；确需公开的，写明理由。",
    ),
    (
        "person.address",
        "住王庄村三组12号",
        "王庄村三组道路",
        "*****",
        "第1行有家庭住址的门牌或者组、栋、室号。请遮盖到村、小区为止；确需公开的，写明理由。",
    ),
    ("person.health", "户主患糖尿病", "糖尿病防治", "***", "第1行有个人的病情或者残疾情况。请遮盖；确需公开的，写明理由。"),
    (
        "company.credit_code",
        "91320123MA1X2Y3B81",
        "11320123014567892D",
        "9132************81",
        "第1行有企业的统一社会信用代码（9132************81），不是个人信息。请确认需要公开；不需要的，请遮盖。",
    ),
    (
        "list.negative",
        "附松涛工程图",
        "附松树图",
        "****",
        "第1行有本机关不得公开清单上的内容（第1项“松涛工程”）。请删除或者遮盖；确需公开的，写明理由。",
    ),
    (
        "wording.self_name",
        "我县决定",
        "我镇决定",
        None,
        "第1行自称“我县”，与本机关（云川县青禾镇人民政府）不符。请改为本机关的称呼；说的是上级或者所属地区的，请写全称。",
    ),
    (
        "wording.outdated",
        "国务院令第492号",
        "国务院令第711号",
        None,
        "第1行写有“第492号”：国务院令第492号是2007年的《条例》，2019年5月15日起已经被第711号代替。请改为“国务院令第711号”。",
    ),
    (
        "wording.remedy",
        "三个月内起诉",
        "六个月内起诉",
        None,
        "第1行写有“三个月内起诉”：直接提起行政诉讼的期限是六个月，三个月是修改前的规定。请改为“六个月内”。",
    ),
    ("wording.misspelling", "依申情公开", "依申请公开", None, "第1行写有“依申情公开”，应为“依申请公开”。请改正。"),
    ("date.impossible", "2月30日", "2月28日", None, "第1行写有“2月30日”，历法上没有这一天。请核对后改正。"),
    (
        "date.future",
        "已于2027年1月1日发布",
        "将于2027年1月1日发布",
        None,
        "第1行写有“2027年1月1日”，晚于今天（2026年11月22日），却写成已经发生。请核对日期。",
    ),
]
PARTS = [
    (
        "hidden.author",
        HiddenPart("metadata", "赵某", "author"),
        "文件属性“作者”：文件里有文件属性，如“赵某”。公众下载后可以看到。请用“文档检查器”删除个人信息。",
    ),
    (
        "hidden.track_change",
        HiddenPart("tracked_deletion", "原拟", "赵某"),
        "修订中删除的文字“赵某”：文件里有修订中删除的文字，如“原拟”。公众下载后可以看到。请接受或者拒绝全部修订后重新保存。",
    ),
    ("hidden.comment", HiddenPart("comment", "再核对"), "批注：文件里有批注，如“再核对”。公众下载后可以看到。请删除批注后重新保存。"),
    (
        "hidden.sheet",
        HiddenPart("hidden_sheet", "甲", "底稿"),
        "隐藏的工作表“底稿”：文件里有隐藏的工作表，如“甲”。公众下载后可以看到。请删除不公开的工作表。",
    ),
    ("hidden.text", HiddenPart("hidden_text", "甲"), "隐藏的文字：文件里有隐藏的文字，如“甲”。公众下载后可以看到。请删除或者改为可见。"),
    (
        "hidden.embedded",
        HiddenPart("embedded_file", "名单.xlsx"),
        "嵌入的文件：文件里有嵌入的文件，如“名单.xlsx”。公众下载后可以看到。请删除嵌入的文件，需要公开的作为附件单独发布。",
    ),
]


def screened(text: str) -> list[Hit]:
    return screen(text=text, on=ON, publisher=TOWNSHIP, negative_list=["松涛工程"])


class TestEachCode:
    @pytest.mark.parametrize(("code", "text", "innocent", "mask", "message"), TEXTS, ids=[case[0] for case in TEXTS])
    def test_is_told_and_passed(self, code: str, text: str, innocent: str, mask: str | None, message: str) -> None:
        (hit,) = screened(text)
        assert (hit.code, hit.mask, hit.message) == (code, mask, message)
        assert (hit.quote, hit.place) == (text[hit.start : hit.end], "")
        assert hit.severity == ("block" if code in ("secrecy.mark", "secrecy.work", "secrecy.internal") else "answer")
        assert code not in {found.code for found in screened(innocent)}

    @pytest.mark.parametrize(("code", "part", "message"), PARTS, ids=[case[0] for case in PARTS])
    def test_of_hidden_parts(self, code: str, part: HiddenPart, message: str) -> None:
        (hit,) = screen_parts(parts=[part], on=ON)
        assert (hit.code, hit.message, hit.quote, hit.mask) == (code, message, part.text, None)
        assert screen_parts(parts=[HiddenPart(part.kind, " \n")], on=ON) == []

    def test_is_in_the_tables_above(self) -> None:
        assert [case[0] for case in TEXTS + PARTS] == [*dict.fromkeys(case[0] for case in TEXTS + PARTS)]
        # What could not be looked into is told of a file and not of a part: tests/unit/screening/test_inside.py.
        assert {case[0] for case in TEXTS + PARTS} == set(screening_codes()) - {"hidden.unseen"}


class TestHits:
    def test_come_in_the_order_of_the_text(self) -> None:
        text = "主动公幵\n秘密★1年\n电话13812345678"
        assert [hit.code for hit in screened(text)] == ["wording.misspelling", "secrecy.mark", "person.mobile"]

    def test_name_the_part_of_the_document(self) -> None:
        (hit,) = screen(text="\n\n13812345678", on=ON, place="附件1")
        assert (hit.place, hit.message[:7]) == ("附件1", "附件1第3行有")

    def test_repeat_no_personal_data_in_their_messages(self) -> None:
        for code, text, *_ in TEXTS:
            if code.startswith("person."):
                for hit in screened(text):
                    assert not (any(sign.isdigit() for sign in hit.quote[4:-4]) and hit.quote in hit.message)

    def test_have_nine_keys_as_json(self) -> None:
        (hit,) = screened("主动公幵")
        assert hit.to_json() == {
            "code": "wording.misspelling",
            "severity": "answer",
            "start": 0,
            "end": 4,
            "quote": "主动公幵",
            "message": "第1行写有“主动公幵”，应为“主动公开”。请改正。",
            "mask": None,
            "basis": "reg:6",
            "place": "",
        }

    def test_nothing_is_found_in_nothing(self) -> None:
        assert screened("") == screened(" \n\t\n") == []


class TestMasks:
    def test_hide_everything_that_any_hit_hides(self) -> None:
        text = "电话13812345678、13912345678"
        assert apply_masks(text, screened(text)) == "电话138****5678、139****5678"

    def test_of_hits_that_overlap_are_joined(self) -> None:
        text = "住王庄村三组12号"
        hits = screen(text=text, on=ON, negative_list=["王庄村"])
        assert apply_masks(text, hits) == "住********"

    def test_keep_every_other_place(self) -> None:
        text = "11010519491231002X 主动公幵"
        hits = screened(text)
        masked = apply_masks(text, hits)
        assert masked[hits[1].start : hits[1].end] == "主动公幵"

    def test_only_what_was_found_in_this_text(self) -> None:
        hits = screened("电话13812345678")
        with pytest.raises(ValueError, match=r"person\.mobile at 2 was not found in this text"):
            apply_masks("另一段文字，没有电话", hits)


class TestNegativeList:
    @pytest.mark.parametrize("entry", ["", "  ", "*", "?", "*?*", "＊"])
    def test_an_entry_without_content_is_refused(self, entry: str) -> None:
        with pytest.raises(GongkaiError) as caught:
            screen(text="甲", on=ON, negative_list=["乙", entry])
        assert caught.value.message == f"不得公开清单第2项“{entry.strip()}”没有写明内容，会命中全部文字。请改写或者删去。"


class TestHiddenParts:
    def test_are_counted_by_kind(self) -> None:
        hits = screen_parts(parts=[HiddenPart("comment", "甲"), HiddenPart("comment", "乙")], on=ON)
        assert [hit.message for hit in hits] == ["批注：文件里有2处批注，如“甲”。公众下载后可以看到。请删除批注后重新保存。"]

    def test_are_searched_like_text(self) -> None:
        hits = screen_parts(parts=[HiddenPart("hidden_sheet", "甲\n13812345678", "底稿")], on=ON)
        assert [(hit.code, hit.place) for hit in hits] == [("hidden.sheet", "隐藏的工作表“底稿”"), ("person.mobile", "隐藏的工作表“底稿”")]
        assert hits[1].message == "隐藏的工作表“底稿”第2行有手机号码（138****5678）。属于个人的，请遮盖；确需公开的，写明理由。"

    def test_that_a_reader_sees_are_only_searched(self) -> None:
        hits = screen_parts(
            parts=[HiddenPart("header", "秘密★1年"), HiddenPart("footer", "第1页"), HiddenPart("property", "通知", "Title")], on=ON
        )
        assert [(hit.code, hit.place) for hit in hits] == [("secrecy.mark", "页眉")]

    def test_names_of_programs_and_scripts_are_nobodys(self) -> None:
        assert screen_parts(parts=[HiddenPart("metadata", "微软用户", "author"), HiddenPart("script", "var a = 13812345678")], on=ON) == []

    def test_a_kind_that_is_not_known_is_told(self) -> None:
        (hit,) = screen_parts(parts=[HiddenPart("watermark", "样稿")], on=ON)
        assert hit.code == "hidden.text"


class TestPublishedTexts:
    def test_are_judged_by_the_law_of_their_day(self) -> None:
        text = "申请人应当说明生产、生活、科研等特殊需要。"
        assert [hit.code for hit in screen(text=text, on=ON)] == ["wording.outdated"]
        assert screen(text=text, on=ON, published_on=datetime.date(2018, 5, 1)) == []
