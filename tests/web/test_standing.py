"""What stands per organ: the negative list, the standard catalogue, the guide and the institutional rules."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.disclosure import actions as item_actions
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.screening import hits_of
from gongkai.web.disclosure.standing import actions, catalogs, queries
from gongkai.web.disclosure.standing.files import catalog_as_csv, terms_as_csv
from gongkai.web.disclosure.standing.models import CatalogRow, CatalogRun, ItemCatalogRow, NegativeTerm, Standing
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.office import administration
from tests.web.conftest import DAY, County, lies_at
from tests.web.test_walk import client_of

HEAD = "序号,一级事项,二级事项,公开内容（要素）,公开依据,公开时限,公开主体,公开渠道和载体,公开对象,公开方式"
ONE = "1,政策文件,,社会救助政策及解读,《社会救助暂行办法》,信息形成之日起20个工作日内,青禾镇,■政府网站 □公开栏,全社会,主动"
TWO = "2,审核信息,低保审核,审核结果,《社会救助暂行办法》,信息形成之日起20个工作日内,青禾镇,公开栏,特定群众（申请家庭）,主动"
CONTACT = {
    "office_name": "青禾镇党政综合办公室", "address": "云川县青禾镇人民路18号", "hours": "8:30—12:00，14:30—17:30（工作日）",
    "phone": "0871-66001234", "fax": "0871-66001235", "internet_contact": "qinghe@yunchuan.example.cn",
}  # fmt: skip
GUIDE = (
    "<p>一、政府信息的分类和编排体系：按主题编排。</p><p>二、获取方式：政府网站、公开栏。</p><p>三、受理机构</p>"
    "<p>名称：青禾镇党政综合办公室</p><p>办公地址：云川县青禾镇人民路18号</p><p>办公时间：8:30-12:00，14:30-17:30（工作日）</p>"
    "<p>联系电话：（0871）66001234</p><p>传真号码：0871-66009999</p>"
)


def catalog(*lines: str) -> bytes:
    return "\n".join([HEAD, *lines]).encode()


def refusal(act: Any, **arguments: Any) -> str:
    with pytest.raises((Refused, NotPermitted)) as caught:
        act(on=DAY, **arguments)
    return caught.value.message


def forbid(county: County, *terms: str, **more: Any) -> list[NegativeTerm]:
    values = [{"term": term, "reason": "涉及个人隐私", **more} for term in terms]
    made: list[NegativeTerm] = actions.forbid(
        person=county.person("qinghe", "secrecy_reviewer"), on=DAY, agency=county.organs["qinghe"], terms=values
    )
    return made


def handed_in(county: County, data: bytes = b"", *, field: str = "g15", name: str = "社会救助.csv") -> CatalogRun:
    """A file that the drafter handed in and nobody has decided about."""
    said = {"agency": county.organs["qinghe"], "field": field, "file_name": name, "data": data or catalog(ONE)}
    run: CatalogRun = catalogs.hand_in_catalog(person=county.person("qinghe", "drafter"), on=DAY, **said)
    return run


def filed(county: County, *lines: str, field: str = "g15") -> dict[str, int]:
    """A file handed in and approved by the head of the office; gives how many rows stayed, began and ended."""
    run = handed_in(county, catalog(*lines), field=field)
    head = county.person("qinghe", "office_head")
    facts = catalogs.decide_catalog(person=head, on=DAY, run=run, is_approved=True, reason="与发文核对一致").decision.facts
    return {name: facts[name] for name in ("rows", "kept", "begun", "ended")}


def guide(county: County, body: str = GUIDE, **changes: Any) -> Item:
    return county.published(title="青禾镇政府信息公开指南", kind="guide", column="a20_02", body=body, **changes).item


@pytest.fixture
def head(county: County) -> Any:
    return county.person("qinghe", "office_head")


class TestNegativeList:
    def test_a_term_keeps_an_item_from_review_until_it_is_answered(self, county: County) -> None:
        forbid(county, "低保家庭", "*号楼*单元")
        item = county.draft(body="<p>青禾小区3号楼2单元的张某等低保家庭。</p>")
        told = [found.hit.message for found in hits_of(item, item.current.content, DAY) if found.hit.code == "list.negative"]
        assert told == [
            "正文第1行有本机关不得公开清单上的内容（第2项“*号楼*单元”）。请删除或者遮盖；确需公开的，写明理由。",
            "正文第1行有本机关不得公开清单上的内容（第1项“低保家庭”）。请删除或者遮盖；确需公开的，写明理由。",
        ]
        assert "不得公开清单" in refusal(item_actions.submit, person=county.person("qinghe", "drafter"), item=item)
        drafter = county.person("qinghe", "drafter")
        for found in hits_of(item, item.current.content, DAY):
            if found.is_open:
                item_actions.answer_hit(
                    person=drafter, on=DAY, item=item, field=found.field, code=found.hit.code, mark=found.mark, reason="示例，已核实"
                )
        assert item_actions.submit(person=drafter, on=DAY, item=item).state == "open"

    def test_another_organs_list_does_not_count(self, county: County) -> None:
        forbid(county, "低保家庭")
        item = county.draft("baishu", body="<p>低保家庭公示。</p>")
        assert [found for found in hits_of(item, item.current.content, DAY) if found.hit.code == "list.negative"] == []

    def test_it_holds_from_its_first_day_to_the_day_before_it_lapses(self, county: County) -> None:
        forbid(county, "征地补偿协商", in_force_from=DAY, lapsed_on=DAY + datetime.timedelta(days=10))
        organ = county.organs["qinghe"]
        days = [DAY - datetime.timedelta(days=1), DAY, DAY + datetime.timedelta(days=9), DAY + datetime.timedelta(days=10)]
        assert [len(queries.terms_of(organ, day)) for day in days] == [0, 1, 1, 0]

    def test_allowing_again_keeps_the_row_and_says_why(self, county: County) -> None:
        [row] = forbid(county, "低保家庭")
        secrecy = county.person("qinghe", "secrecy_reviewer")
        assert "请写明理由，台账会记下来。" == refusal(actions.allow_again, person=secrecy, row=row, reason=" ")
        ended = actions.allow_again(person=secrecy, on=DAY, row=row, reason="上级已公开")
        assert ended.ended_by.reason == "上级已公开"
        assert queries.terms_of(county.organs["qinghe"], DAY) == []
        assert "这一条已经移出清单，请刷新页面。" == refusal(actions.allow_again, person=secrecy, row=row, reason="再来")
        forbid(county, "低保家庭")
        assert len(queries.all_terms_of(county.organs["qinghe"])) == 2

    def test_only_who_may_writes_in_it(self, county: County) -> None:
        said = {"agency": county.organs["qinghe"], "terms": [{"term": "低保家庭", "reason": "隐私"}]}
        for duty in ("drafter", "first_reviewer", "report_officer"):
            assert "没有办理这件事的岗位" in refusal(actions.forbid, person=county.person("qinghe", duty), **said)
        assert "没有办理这件事的岗位" in refusal(actions.forbid, person=county.person("baishu", "office_head"), **said)

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"term": "*", "reason": "x"}, "“*”太短或者太长：除通配符外至少两个字，连同通配符不超过60个字。"),
            ({"term": "镇*", "reason": "x"}, "“镇*”太短或者太长：除通配符外至少两个字，连同通配符不超过60个字。"),
            ({"term": "低保", "reason": ""}, "请写明“低保”不得公开的理由。理由和依据都不超过200个字。"),
            ({"term": "低保", "reason": "x", "lapsed_on": DAY}, "“低保”的失效日期不晚于起始日期，请核对。"),
        ],
    )
    def test_what_cannot_be_listed_is_refused(self, county: County, values: dict[str, Any], words: str) -> None:
        person = county.person("qinghe", "office_head")
        assert words == refusal(actions.forbid, person=person, agency=county.organs["qinghe"], terms=[values])
        assert not NegativeTerm.objects.exists() and not LedgerEntry.objects.exists()

    def test_a_term_twice_is_refused(self, county: County) -> None:
        forbid(county, "低保家庭")
        with pytest.raises(Refused, match="“低保家庭”已经在清单上"):
            forbid(county, "低保家庭", "征地补偿")
        assert NegativeTerm.objects.count() == 1

    def test_a_file_comes_in_whole_with_one_entry(self, county: County, head: Any) -> None:
        data = "词语,理由,依据,起,失效日期\n低保家庭,隐私,,2026-03-01,\n征地*协商,未定事项,《条例》第十六条,,2027-01-01\n".encode()
        made = actions.forbid_file(person=head, on=DAY, agency=county.organs["qinghe"], file_name="清单.csv", data=data)
        assert [(row.term, row.in_force_from, row.lapsed_on) for row in made] == [
            ("低保家庭", datetime.date(2026, 3, 1), None), ("征地*协商", DAY, datetime.date(2027, 1, 1)),
        ]  # fmt: skip
        assert LedgerEntry.objects.count() == 1
        assert list(verify()) == []

    def test_a_file_with_a_fault_leaves_nothing(self, county: County, head: Any) -> None:
        forbid(county, "已有词语")
        data = "词语,理由\n低保家庭,隐私\n低保家庭,又一次\n*,太宽\n已有词语,重复\n缺理由,\n".encode()
        with pytest.raises(actions.NotTaken) as caught:
            actions.forbid_file(person=head, on=DAY, agency=county.organs["qinghe"], file_name="a.csv", data=data)
        assert [(fault.line, fault.column, fault.what) for fault in caught.value.faults] == [
            (3, "词语", "“低保家庭”与第2行相同"),
            (4, "词语", "“*”除通配符外不到两个字，会命中太多"),
            (5, "词语", "“已有词语”已经在清单上"),
            (6, "理由", "没有填写“理由”"),
        ]
        assert NegativeTerm.objects.count() == 1

    def test_it_comes_back_from_its_own_export(self, county: County, head: Any) -> None:
        rows = forbid(county, "低保家庭", "=1+1的公式", basis="《条例》第十五条")
        data = terms_as_csv(rows)
        assert "'=1+1的公式" in data.decode("utf-8-sig")
        for row in rows:
            actions.allow_again(person=head, on=DAY, row=row, reason="重做")
        again = actions.forbid_file(person=head, on=DAY, agency=county.organs["qinghe"], file_name="a.csv", data=data)
        assert [row.term for row in again] == ["低保家庭", "=1+1的公式"]

    def test_the_database_keeps_what_was_said(self, county: County) -> None:
        [row] = forbid(county, "低保家庭")
        for change in ({"term": "别的"}, {"reason": "别的"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                NegativeTerm.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            NegativeTerm.objects.filter(pk=row.pk).delete()


class TestCatalog:
    def test_a_file_becomes_the_fields_catalogue(self, county: County) -> None:
        assert filed(county, ONE, TWO) == {"rows": 2, "kept": 0, "begun": 2, "ended": 0}
        first, second = queries.catalog_rows(county.organs["qinghe"], "g15")
        assert (first.matter, first.channels, first.audience, first.mode) == ("政策文件", ["政府网站"], "everyone", "proactive")
        assert (str(second), second.audience_note) == ("审核信息／低保审核", "申请家庭")
        assert list(verify()) == []

    def test_a_new_edition_keeps_what_is_the_same_and_ends_what_is_gone(self, county: County) -> None:
        filed(county, ONE, TWO)
        three = "3,办事指南,,受理条件,《办法》,长期公开,青禾镇,政府网站,全社会,主动"
        assert filed(county, ONE, three) == {"rows": 2, "kept": 1, "begun": 1, "ended": 1}
        assert [row.matter for row in queries.catalog_rows(county.organs["qinghe"])] == ["政策文件", "办事指南"]
        assert CatalogRow.objects.count() == 3
        with pytest.raises(Refused, match="文件与现行目录完全相同，没有什么要导入。"):
            filed(county, ONE, three)
        assert list(verify()) == []

    def test_a_fault_leaves_nothing_and_names_the_row_of_the_sheet(self, county: County) -> None:
        # The first cell holds two lines: the fault stands on the sheet's third row, the file's fourth line.
        long = '1,政策文件,,"第一项\n第二项",《办法》,20个工作日,青禾镇,政府网站,全社会,主动'
        wrong = "2,审核信息,,审核结果,《办法》,,青禾镇,政府网站,谁都行,主动"
        with pytest.raises(actions.NotTaken) as caught:
            filed(county, long, wrong)
        assert [(fault.line, fault.column) for fault in caught.value.faults] == [(3, "公开时限"), (3, "公开对象")]
        assert caught.value.message == "文件有2处要改。一条都没有导入，改好后请重新导入整个文件。"
        assert not CatalogRow.objects.exists() and not LedgerEntry.objects.exists()

    def test_a_workbook_is_read_too(self, county: County, head: Any) -> None:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out)
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["青禾镇社会救助领域基层政务公开标准目录"])
        sheet.write_row(1, 0, HEAD.split(","))
        sheet.write_row(2, 0, [1, *ONE.split(",")[1:]])
        book.close()
        said = {"agency": county.organs["qinghe"], "field": "g15", "file_name": "目录.xlsx", "data": out.getvalue()}
        run = catalogs.hand_in_catalog(person=county.person("qinghe", "drafter"), on=DAY, **said)
        catalogs.decide_catalog(person=head, on=DAY, run=run, is_approved=True, reason="核对一致")
        assert CatalogRow.objects.get().number == "1"

    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04junk", b"\xd0\xcf\x11\xe0", "随便写的".encode(), b"a,b\n1,2"])
    def test_what_is_no_catalogue_is_said(self, county: County, head: Any, data: bytes) -> None:
        said = {"agency": county.organs["qinghe"], "field": "g15", "file_name": "x", "data": data}
        with pytest.raises(actions.NotTaken) as caught:
            catalogs.hand_in_catalog(person=head, on=DAY, **said)
        assert caught.value.faults[0].what and caught.value.faults[0].advice.endswith("。")

    def test_an_unknown_field_is_refused(self, county: County, head: Any) -> None:
        said = {"agency": county.organs["qinghe"], "field": "g99", "file_name": "x", "data": catalog(ONE)}
        assert "请选择目录所属的领域。" == refusal(catalogs.hand_in_catalog, person=head, **said)

    def test_published_items_are_counted_under_their_row(self, county: County) -> None:
        filed(county, ONE, TWO)
        organ, drafter = county.organs["qinghe"], county.person("qinghe", "drafter")
        first, second = CatalogRow.objects.order_by("pk")
        for item in (county.published().item, county.draft()):
            actions.file_under(person=drafter, on=DAY, item=item, row=first)
        assert [(row.n_published, row.last_on) for row in queries.catalog_rows(organ)] == [(1, DAY), (0, None)]
        assert [row.pk for row in queries.catalog_rows(organ, empty_only=True)] == [second.pk]
        [count] = [each for each in queries.catalog_fields(organ) if each.n_rows]
        assert (count.field.title, count.n_rows, count.n_empty) == ("社会救助", 2, 1)

    def test_items_stay_filed_when_only_the_limit_of_the_row_changed(self, county: County) -> None:
        filed(county, ONE)
        item = county.published().item
        actions.file_under(person=county.person("qinghe", "drafter"), on=DAY, item=item, row=CatalogRow.objects.get())
        filed(county, ONE.replace("20个工作日内", "10个工作日内"))
        [row] = queries.catalog_rows(county.organs["qinghe"])
        assert (row.limit, row.n_published) == ("信息形成之日起10个工作日内", 1)

    def test_an_item_stands_under_one_row_and_can_be_moved(self, county: County) -> None:
        filed(county, ONE, TWO)
        first, second = CatalogRow.objects.order_by("pk")
        item, drafter = county.draft(), county.person("qinghe", "drafter")
        actions.file_under(person=drafter, on=DAY, item=item, row=first)
        assert "没有变化。" == refusal(actions.file_under, person=drafter, item=item, row=first)
        actions.file_under(person=drafter, on=DAY, item=item, row=second)
        assert queries.row_of(item) == second
        actions.file_under(person=drafter, on=DAY, item=item, row=None)
        assert queries.row_of(item) is None
        assert ItemCatalogRow.objects.count() == 2 and list(verify()) == []

    def test_a_foreign_row_and_an_ended_row_are_refused(self, county: County) -> None:
        filed(county, ONE)
        row = CatalogRow.objects.get()
        told = "现行目录里没有这一项，请刷新页面后重新选择。"
        assert told == refusal(actions.file_under, person=county.person("baishu", "drafter"), item=county.draft("baishu"), row=row)
        filed(county, TWO)
        row.refresh_from_db()
        assert told == refusal(actions.file_under, person=county.person("qinghe", "drafter"), item=county.draft(), row=row)

    def test_it_comes_back_from_its_own_export(self, county: County, head: Any) -> None:
        filed(county, ONE, TWO)
        data = catalog_as_csv(queries.catalog_rows(county.organs["qinghe"], "g15"))
        said = {"agency": county.organs["qinghe"], "field": "g15", "file_name": "x.csv", "data": data}
        with pytest.raises(Refused, match="完全相同"):
            catalogs.hand_in_catalog(person=head, on=DAY, **said)


class TestCatalogFourEyes:
    def test_nothing_holds_before_somebody_else_approved_it(self, county: County, head: Any) -> None:
        run = handed_in(county)
        assert not CatalogRow.objects.exists()
        told = refusal(catalogs.decide_catalog, person=county.person("qinghe", "first_reviewer"), run=run, is_approved=True, reason="x")
        assert "没有办理这件事的岗位" in told
        catalogs.decide_catalog(person=head, on=DAY, run=run, is_approved=True, reason="与发文核对一致")
        run.refresh_from_db()
        assert CatalogRow.objects.get().entry == run.decision and run.decided_by == head
        assert list(verify()) == []

    def test_who_handed_it_in_decides_nothing(self, county: County, head: Any) -> None:
        said = {"agency": county.organs["qinghe"], "field": "g15", "file_name": "a.csv", "data": catalog(ONE)}
        run = catalogs.hand_in_catalog(person=head, on=DAY, **said)
        for is_approved in (True, False):
            told = refusal(catalogs.decide_catalog, person=head, run=run, is_approved=is_approved, reason="自己看过")
            assert told == "交文件的人不能自己批准，请由其他人核对后批准。"
        assert not CatalogRow.objects.exists()

    def test_the_database_says_so_too(self, county: County) -> None:
        run = handed_in(county)
        entry = LedgerEntry.objects.get()
        same = {"decided_by": run.handed_in_by, "is_approved": True, "decision": entry}
        with pytest.raises(IntegrityError, match="catalogrun_four_eyes"), transaction.atomic():
            CatalogRun.objects.filter(pk=run.pk).update(**same)
        with pytest.raises(IntegrityError, match="catalogrun_decided_with_entry"), transaction.atomic():
            CatalogRun.objects.filter(pk=run.pk).update(is_approved=True)

    def test_the_database_takes_no_row_without_an_approved_file(self, county: County, head: Any) -> None:
        run = handed_in(county)
        [row] = catalogs.difference(run.agency, run.field, catalogs.kept_file(run)).begun
        row.entry = run.entry
        with pytest.raises(IntegrityError, match="目录事项只能由批准的文件写入"), transaction.atomic():
            row.save()
        catalogs.decide_catalog(person=head, on=DAY, run=run, is_approved=False, reason="缺公开依据")
        run.refresh_from_db()
        row.entry = run.decision  # type: ignore[assignment]
        with pytest.raises(IntegrityError, match="目录事项只能由批准的文件写入"), transaction.atomic():
            row.save()

    def test_what_was_handed_in_and_decided_stays(self, county: County, head: Any) -> None:
        run = catalogs.decide_catalog(person=head, on=DAY, run=handed_in(county), is_approved=False, reason="缺公开依据")
        for change in ({"file_name": "别的.csv"}, {"is_approved": True}):
            with pytest.raises(IntegrityError), transaction.atomic():
                CatalogRun.objects.filter(pk=run.pk).update(**change)
        assert refusal(catalogs.decide_catalog, person=head, run=run, is_approved=True, reason="改主意") == "这个文件已经有了决定。"
        assert not CatalogRow.objects.exists() and list(verify()) == []

    def test_a_refused_file_may_be_handed_in_again_and_a_waiting_one_not(self, county: County, head: Any) -> None:
        run = handed_in(county)
        with pytest.raises(Refused, match="这个文件已经交过，正在等待批准。"):
            handed_in(county)
        catalogs.decide_catalog(person=head, on=DAY, run=run, is_approved=False, reason="缺盖章页")
        assert handed_in(county).pk != run.pk

    def test_a_decision_needs_its_reason_and_the_file_as_it_was(self, county: County, head: Any) -> None:
        run = handed_in(county)
        told = refusal(catalogs.decide_catalog, person=head, run=run, is_approved=True, reason=" ")
        assert told == "请写明核对了什么，或者为什么不同意导入。"
        lies_at(run.file_digest).write_bytes(catalog(TWO))
        told = refusal(catalogs.decide_catalog, person=head, run=run, is_approved=True, reason="核对一致")
        lies_at(run.file_digest).unlink()
        assert told == "保存的文件与交来的不一致，不能导入。请联系系统管理员核对。"
        assert not CatalogRow.objects.exists()

    def test_what_is_approved_is_told_against_the_catalogue_of_that_moment(self, county: County, head: Any) -> None:
        first, second = handed_in(county, catalog(ONE)), handed_in(county, catalog(ONE, TWO))
        catalogs.decide_catalog(person=head, on=DAY, run=first, is_approved=True, reason="核对一致")
        decided = catalogs.decide_catalog(person=head, on=DAY, run=second, is_approved=True, reason="核对一致")
        assert (decided.decision.facts["kept"], decided.decision.facts["begun"]) == (1, 1)  # type: ignore[union-attr]
        assert list(verify()) == []

    def test_a_decision_made_up_is_named(self, county: County) -> None:
        run = handed_in(county)
        entry = LedgerEntry.objects.get()
        CatalogRun.objects.filter(pk=run.pk).update(decided_by=county.person("qinghe", "office_head"), is_approved=True, decision=entry)
        assert [broken.words for broken in verify()] == [f"目录“社会救助.csv（1项）”的批准与台账第{entry.number}条不符。"]


class TestGuide:
    def test_a_published_guide_stands_and_the_next_takes_its_place(self, county: County, head: Any) -> None:
        first = guide(county)
        actions.stand(person=head, on=DAY, item=first)
        assert "它已经是现行的，不用再设。" == refusal(actions.stand, person=head, item=first)
        second = guide(county)
        actions.stand(person=head, on=DAY, item=second)
        found = queries.guide_of(county.organs["qinghe"])
        assert found is not None and found.document.row.item == second
        assert Standing.objects.filter(ended_by__isnull=False).get().item == first
        assert list(verify()) == []

    def test_several_institutional_rules_stand_side_by_side(self, county: County, head: Any) -> None:
        for title in ("信息发布审查制度", "依申请公开办理制度"):
            actions.stand(person=head, on=DAY, item=county.published(title=title, kind="institution", column="a20_15").item)
        assert len(queries.documents_of(county.organs["qinghe"], "institution")) == 2
        row = Standing.objects.order_by("pk")[0]
        actions.stand_down(person=head, on=DAY, row=row, reason="已修订")
        assert len(queries.documents_of(county.organs["qinghe"], "institution")) == 1
        assert list(verify()) == []

    def test_what_is_not_public_or_of_another_kind_cannot_stand(self, county: County, head: Any) -> None:
        notice = county.published().item
        assert "只有类别是“公开指南”或者“公开制度”的信息才能这样设置，请先修改类别。" == refusal(actions.stand, person=head, item=notice)
        draft = county.draft(kind="guide")
        assert "这条信息现在没有公开，请先发布。" == refusal(actions.stand, person=head, item=draft)

    def test_the_nine_fields_are_held_against_the_organs_own_data(self, county: County, head: Any) -> None:
        organ = county.organs["qinghe"]
        administration.change_agency(person=head, on=DAY, agency=organ, values=CONTACT)
        organ.refresh_from_db()
        actions.stand(person=head, on=DAY, item=guide(county))
        found = queries.guide_of(organ)
        assert found is not None
        assert [(point.field.id, point.verdict) for point in found.points] == [
            ("classification", "told"), ("arrangement", "told"), ("ways", "told"), ("office_name", "told"), ("address", "told"),
            ("hours", "told"), ("phone", "told"), ("fax", "differs"), ("internet", "missing"),
        ]  # fmt: skip
        fax = found.points[7]
        assert (fax.value, fax.quote) == ("0871-66001235", "0871-66009999")
        assert (found.n_wrong, found.contact_changed) == (2, None)

    def test_an_organ_without_contact_data_has_nothing_to_compare(self, county: County, head: Any) -> None:
        actions.stand(person=head, on=DAY, item=guide(county))
        found = queries.guide_of(county.organs["qinghe"])
        assert found is not None
        assert [point.verdict for point in found.points[3:]] == ["blank"] * 6
        assert queries.contact_missing(county.organs["qinghe"]) == list(CONTACT)

    def test_a_guide_older_than_the_newest_contact_change_is_stale(self, county: County, head: Any) -> None:
        organ = county.organs["qinghe"]
        item = guide(county)
        actions.stand(person=head, on=DAY, item=item)
        administration.change_agency(person=head, on=DAY, agency=organ, values={"leading_group": "组长：李某"})
        found = queries.guide_of(organ)
        assert found is not None and found.contact_changed is None
        administration.change_agency(person=head, on=DAY, agency=organ, values={"phone": "0871-66001234"})
        found = queries.guide_of(organ)
        assert found is not None and found.contact_changed is not None and found.contact_changed.facts["changed"] == ["phone"]

    def test_a_withdrawn_guide_is_told(self, county: County, head: Any) -> None:
        publication = county.published(title="指南", kind="guide", column="a20_02", body=GUIDE)
        actions.stand(person=head, on=DAY, item=publication.item)
        item_actions.withdraw(person=head, on=DAY, publication=publication, reason="有误")
        found = queries.guide_of(county.organs["qinghe"])
        assert found is not None and found.document.publication is None


class TestProof:
    def test_what_was_changed_behind_the_platforms_back_is_named(self, county: County, head: Any) -> None:
        from django.db import connection

        forbid(county, "低保家庭")
        filed(county, ONE)
        actions.stand(person=head, on=DAY, item=guide(county))
        with connection.cursor() as cursor:
            for table in ("disclosure_negativeterm", "disclosure_catalogrow", "disclosure_standing"):
                if connection.vendor == "sqlite":
                    cursor.execute(f"DROP TRIGGER {table}_no_update")
                else:
                    cursor.execute(f"DROP TRIGGER {table}_no_update ON {table}")
            cursor.execute("UPDATE disclosure_negativeterm SET term = '别的'")
            cursor.execute("UPDATE disclosure_catalogrow SET matter = '别的'")
            cursor.execute("UPDATE disclosure_standing SET what = 'institution'")
        told = [broken.words for broken in verify()]
        numbers = {entry.action: entry.number for entry in LedgerEntry.objects.filter(action__startswith="standing.")}
        assert told == [
            f"不得公开清单的内容与台账第{numbers['standing.forbid']}条不符。",
            f"公开事项目录的内容与台账第{numbers['standing.decide_catalog']}条不符。",
            f"“现行公开制度：青禾镇政府信息公开指南”与台账第{numbers['standing.stand']}条不符。",
        ]


class TestScreens:
    @pytest.fixture
    def client(self, head: Any) -> Client:
        return client_of(head)

    def test_the_organs_page_leads_to_everything_and_counts_contact_data(self, county: County, head: Any, client: Client) -> None:
        organ = county.organs["qinghe"]
        administration.change_agency(person=head, on=DAY, agency=organ, values={"phone": "0871-66001234", "leading_group": "组长：李某"})
        page = client.get(reverse("office:organ", args=[organ.pk])).content.decode()
        assert "条例第十二条要求6项，已填1项" in page and "组长：李某" in page
        assert reverse("office:standing", args=[organ.pk]) in page

    def test_a_post_without_an_end_says_since_when(self, county: County) -> None:
        county.person("qinghe", "drafter")
        admin = client_of(county.person("yunchuan", "security_admin"))
        page = admin.get(reverse("office:organ", args=[county.organs["qinghe"].pk])).content.decode()
        assert "（2020-01-01起）" in page

    def test_from_published_guide_to_standing_and_down_again(self, county: County, client: Client) -> None:
        organ, item = county.organs["qinghe"], guide(county)
        place = reverse("office:standing", args=[organ.pk])
        assert "还没有现行指南" in client.get(place).content.decode()
        told = client.post(reverse("office:standing_stand", args=[organ.pk]), {"item": item.pk}, follow=True).content.decode()
        assert "已设为现行。" in told and "应当写明" in told
        row = Standing.objects.get()
        told = client.post(reverse("office:standing_down", args=[organ.pk, row.pk]), {"reason": ""}, follow=True).content.decode()
        assert "请写明理由，台账会记下来。" in told
        client.post(reverse("office:standing_down", args=[organ.pk, row.pk]), {"reason": "重写"})
        row.refresh_from_db()
        assert row.ended_by is not None

    def test_a_term_is_listed_on_screen_and_what_was_typed_stays_when_refused(self, county: County, client: Client) -> None:
        place = reverse("office:negative_list", args=[county.organs["qinghe"].pk])
        answer = client.post(place, {"term": "*", "reason": "太宽的理由"})
        assert answer.status_code == 422 and "太宽的理由" in answer.content.decode()
        assert "已列入清单" in client.post(place, {"term": "低保家庭", "reason": "隐私"}, follow=True).content.decode()
        row = NegativeTerm.objects.get()
        client.post(reverse("office:negative_end", args=[row.agency_id, row.pk]), {"reason": "已公开"})
        assert "已移出" in client.get(place).content.decode()

    def test_files_come_in_on_screen_with_faults_by_line(self, county: County, client: Client) -> None:
        organ = county.organs["qinghe"]
        place = reverse("office:negative_import", args=[organ.pk])
        answer = client.post(place, {"file": SimpleUploadedFile("a.csv", "词语,理由\n*,太宽\n".encode())})
        assert answer.status_code == 422 and "除通配符外不到两个字" in answer.content.decode()
        answer = client.post(place, {"file": SimpleUploadedFile("a.csv", "词语,理由\n低保家庭,隐私\n".encode())}, follow=True)
        assert "已导入1条。" in answer.content.decode()
        exported = client.get(reverse("office:negative_export", args=[organ.pk])).content.decode("utf-8-sig")
        assert exported.splitlines() == ["词语,理由,依据,起,失效日期", f"低保家庭,隐私,,{NegativeTerm.objects.get().in_force_from},"]
        place = reverse("office:catalog_import", args=[organ.pk])
        answer = client.post(place, {"field": "g15", "file": SimpleUploadedFile("a.csv", catalog(ONE + "x").replace(b"x", b"?"))})
        assert answer.status_code == 422 and "公开方式" in answer.content.decode()
        answer = client.post(place, {"field": "g15", "file": SimpleUploadedFile("a.csv", catalog(ONE, TWO))}, follow=True)
        assert "已交来，等其他人批准后生效。" in answer.content.decode() and "等待交文件以外的人批准" in answer.content.decode()
        run = CatalogRun.objects.get()
        decide = reverse("office:catalog_decide", args=[organ.pk, run.pk])
        assert "交文件的人不能自己批准" in client.post(decide, {"verdict": "approve", "reason": "对"}, follow=True).content.decode()
        final = client_of(county.person("qinghe", "final_reviewer"))
        page = final.get(reverse("office:catalog_run", args=[organ.pk, run.pk])).content.decode()
        assert "批准以后：不变0项，新的2项，停用0项。" in page and "低保审核" in page
        told = final.post(decide, {"verdict": "approve", "reason": "与发文核对一致"}, follow=True).content.decode()
        assert "已批准，目录从现在起有效。" in told and "不变0项，新的2项，停用0项" in told
        assert run.file_name in client.get(reverse("office:catalog", args=[organ.pk])).content.decode()
        assert client.get(reverse("office:catalog_export", args=[organ.pk]), {"field": "g15"}).content.decode("utf-8-sig").count("\n") == 3

    def test_an_item_is_filed_from_its_page(self, county: County) -> None:
        filed(county, ONE, TWO)
        item, client = county.published().item, client_of(county.person("qinghe", "drafter"))
        place = reverse("office:item_catalog", args=[item.pk])
        assert place in client.get(reverse("office:item", args=[item.pk])).content.decode()
        row = CatalogRow.objects.get(matter="审核信息")
        client.post(place, {"row": row.pk})
        assert "社会救助／审核信息／低保审核" in client.get(reverse("office:item", args=[item.pk])).content.decode()
        page = client.get(reverse("office:catalog", args=[item.agency_id]), {"field": "g15"}).content.decode()
        assert "1条" in page and page.count("还没有</span>") == 1
        page = client.get(reverse("office:catalog", args=[item.agency_id]), {"empty": "1"}).content.decode()
        assert "政策文件" in page and "低保审核" not in page
        client.post(place, {"row": ""})
        assert queries.row_of(item) is None

    def test_rows_of_another_organ_are_not_there(self, county: County, client: Client) -> None:
        [row] = forbid(county, "低保家庭")
        filed(county, ONE)
        foreign = client_of(county.person("baishu", "office_head"))
        there = county.organs["baishu"].pk
        assert foreign.post(reverse("office:negative_end", args=[there, row.pk]), {"reason": "x"}).status_code == 404
        item = county.draft("baishu")
        chosen = CatalogRow.objects.get().pk
        assert foreign.post(reverse("office:item_catalog", args=[item.pk]), {"row": chosen}).status_code == 404
        for text in ("9" * 30, "x", "0"):
            assert client.post(reverse("office:standing_stand", args=[county.organs["qinghe"].pk]), {"item": text}).status_code == 404
        assert client.get(reverse("office:catalog", args=[county.organs["qinghe"].pk]), {"words": "a\0b"}).status_code == 404
