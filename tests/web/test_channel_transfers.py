"""Lists handed to archives and library: what stands on them, how they end, and what they look like."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gongkai.web.demo.evidence import picture
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.channels.models import TransferLine, TransferList
from gongkai.web.disclosure.channels.proof import Proof
from gongkai.web.disclosure.channels.sheets import as_docx, as_xlsx
from gongkai.web.disclosure.channels.transfers import Terms, hand_over, make_list, sheet_of, to_hand_over, void_list
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from tests.web.conftest import DAY, County
from tests.web.test_channels import anew, delivery_of, refusal

TERMS = Terms(since_on=datetime.date(2026, 1, 1), until_on=DAY, receivers="云川县档案馆、云川县图书馆", carrier="paper", copies=2)
SIGNED = Proof(number="收2026-8", photos=(("签收单.png", picture()),))


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def made(county: County, **changes: Any) -> TransferList:
    terms = Terms(**{**{name: getattr(TERMS, name) for name in TERMS.__slots__}, **changes})
    found: TransferList = make_list(person=county.person("qinghe", "drafter"), on=DAY, agency=county.organs["qinghe"], terms=terms)
    return found


def titles(transfer: TransferList) -> tuple[list[str], list[str]]:
    sheet = sheet_of(transfer)
    return tuple([line.publication.revision.content["title"] for line in lines] for lines in (sheet.new, sheet.withdrawn))  # type: ignore[return-value]


def test_a_list_from_making_to_signature(county: County) -> None:
    one = county.published(title="甲", channels=("archive",))
    county.published(title="乙")
    county.published("baishu", title="别的机关")
    county.draft(title="没有发布")
    transfer = made(county)
    assert transfer.label == "青禾镇人民政府移〔2026〕1号"
    assert titles(transfer) == (["甲", "乙"], [])
    assert delivery_of(one, "archive").confirmed_on is None
    drafter = county.person("qinghe", "drafter")
    assert refusal(hand_over, person=drafter, on=DAY, transfer=transfer, proof=Proof(words="交了")) == (
        "请上传签收单的照片，或者填写签收单编号。"
    )
    hand_over(person=drafter, on=DAY, transfer=transfer, proof=SIGNED)
    row = delivery_of(one, "archive")
    assert (row.confirmed_on, row.evidence) == (DAY, "青禾镇人民政府移〔2026〕1号移送明细表")
    transfer.refresh_from_db()
    assert (transfer.handed_on, [piece.text for piece in transfer.pieces.all()]) == (DAY, ["签收单.png", "收2026-8"])
    assert refusal(hand_over, person=drafter, on=DAY, transfer=transfer, proof=SIGNED) == "这份明细表已经在2026-03-02移交。"
    assert not to_hand_over(county.organs["qinghe"]).exists()
    assert refusal(make_list, person=drafter, on=DAY, agency=county.organs["qinghe"], terms=TERMS) == (
        "这段时间没有还没移送的信息，也没有要停止提供的信息，不用编制。"
    )
    assert list(verify()) == []


def test_what_was_withdrawn_stands_on_the_next(county: County) -> None:
    one, two = county.published(title="甲", channels=("archive",)), county.published(title="乙")
    hand_over(person=county.person("qinghe", "drafter"), on=DAY, transfer=made(county), proof=SIGNED)
    actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=one, reason="名单有误")
    anew(county, two.item, title="乙（更正）")
    transfer = made(county)
    assert titles(transfer) == (["乙（更正）"], ["甲", "乙"])
    down = delivery_of(one, "archive", is_withdrawal=True)
    assert down.confirmed_on is None
    hand_over(person=county.person("qinghe", "drafter"), on=DAY, transfer=transfer, proof=SIGNED)
    down.refresh_from_db()
    assert down.confirmed_on == DAY
    assert list(verify()) == []


def test_a_voided_list_keeps_its_number(county: County) -> None:
    county.published(title="甲")
    first, head = made(county), county.person("qinghe", "office_head")
    assert refusal(void_list, person=head, on=DAY, transfer=first, reason="") == "请写明作废的理由。"
    void_list(person=head, on=DAY, transfer=first, reason="漏了附件")
    assert refusal(hand_over, person=head, on=DAY, transfer=first, proof=SIGNED) == "这份明细表已经作废。"
    second = made(county)
    assert (second.label, titles(second)[0]) == ("青禾镇人民政府移〔2026〕2号", ["甲"])
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"since_on": DAY + datetime.timedelta(days=1)}, "请核对起止日期：起不能晚于止，止不能晚于今天。"),
        ({"until_on": DAY + datetime.timedelta(days=1)}, "请核对起止日期：起不能晚于止，止不能晚于今天。"),
        ({"receivers": " "}, "请填写接收单位，例如“县档案馆、县图书馆”，不超过200个字。"),
        ({"copies": 0}, "请选择形式，并填写份数（1到99）。"),
        ({"carrier": "tape"}, "请选择形式，并填写份数（1到99）。"),
    ],
)
def test_what_is_missing_is_said(county: County, changes: dict[str, Any], said: str) -> None:
    county.published()
    assert refusal(made, county=county, **changes) == said
    assert not TransferList.objects.exists()


def test_numbers_have_no_gaps_after_a_refusal(county: County) -> None:
    county.published(title="甲")
    assert made(county).number == 1
    assert "不用编制" in refusal(made, county=county)
    county.published(title="乙")
    assert made(county).number == 2


def test_nobody_changes_a_list(county: County) -> None:
    county.published(title="甲")
    transfer = made(county)
    for wrong in (
        lambda: TransferLine.objects.all().delete(),
        lambda: TransferLine.objects.update(position=9),
        lambda: TransferList.objects.update(copies=9),
        lambda: TransferList.objects.filter(pk=transfer.pk).update(handed_on=DAY),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_verify_notices_a_list_that_was_not_signed_for(county: County) -> None:
    county.published(title="甲")
    transfer = made(county)
    other = LedgerEntry.objects.filter(action="disclosure.publish").get()
    TransferList.objects.filter(pk=transfer.pk).update(handed_on=DAY, handover=other)
    assert next(verify()).words == f"移送明细表{transfer.label}的办理结果与台账第{other.number}条不符。"


def test_as_files(county: County) -> None:
    import docx
    import openpyxl

    one = county.published(title="=1+1的标题", document_number="青禾发〔2026〕3号")
    hand_over(person=county.person("qinghe", "drafter"), on=DAY, transfer=made(county), proof=SIGNED)
    actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=one, reason="有误")
    county.published(title="乙")
    sheet = sheet_of(made(county))
    document = docx.Document(io.BytesIO(as_docx(sheet)))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert words[:2] == ["主动公开政府信息移送明细表", "编号：青禾镇人民政府移〔2026〕2号"]
    assert "合计：移送1条，停止提供1条" in words and "已撤回，请停止提供" in words
    new, gone = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    assert new[1] == ["1", "乙", "qinghe/2026-00002", "无", "2026-02-27", "2026-03-02", "纸质", "2"]
    assert gone[1] == ["1", "=1+1的标题", "qinghe/2026-00001", "青禾发〔2026〕3号", "2026-03-02", "2026-03-02", "有误"]
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(sheet)))
    assert book.sheetnames == ["移送", "已撤回，请停止提供"]
    cell = book["已撤回，请停止提供"].cell(row=9, column=2)
    assert (cell.value, cell.data_type) == ("=1+1的标题", "s")
    assert [value.value for value in book["移送"][9]] == [1, "乙", "qinghe/2026-00002", "无", "2026-02-27", "2026-03-02", "纸质", 2]
