"""Cases of the checks that need a second report: last year's, another organ's, the units'."""

from __future__ import annotations

import dataclasses
import datetime

from gongkai.report import AnnualReport, Cell
from tests.factories import SECTIONS, a_report, requests, with_cells, with_section
from tests.unit.checks.case import Case, Given, Told

# Two years whose texts have nothing in common beyond what everybody writes.
OTHER_TEXTS = {
    "s1": "（一）主动公开。去年围绕防汛和春耕发布通知。\n（二）依申请公开。无。\n（三）信息管理。\n（四）平台建设。\n（五）监督。",
    "s5": "不足之处是人手少，今后设专岗。",
    "s6": "没有收取信息处理费。",
}
GOOD = a_report()
LAST = a_report(year=2022, sections=OTHER_TEXTS)
COUNTY = a_report(organ="云川县人民政府", published_on=datetime.date(2024, 3, 20))
QINGHE = requests(GOOD, {"granted": 2})
BAISHUI = requests(a_report(organ="云川县白水镇人民政府", sections=OTHER_TEXTS), {"granted": 3})
UNITS = (QINGHE, BAISHUI)
AGGREGATE = requests(COUNTY, {"granted": 6})


def years(now: AnnualReport, before: AnnualReport) -> Given:
    return Given(now, previous=before)


def summed(report: AnnualReport, *units: AnnualReport) -> Given:
    return Given(report, units=units or UNITS)


CASES = [
    Case(
        "tie.predecessor",
        passes=(Given(GOOD), years(GOOD, LAST), years(GOOD, a_report(year=2022, organ="青禾镇人民政府")), years(GOOD, a_report(year=None))),
        fails=(
            (
                years(GOOD, a_report(year=2021)),
                (
                    Told(
                        "本报告是2023年的，所给的上一年度报告是2021年的，不是相邻的两年，结转等跨年数据没有核对。请提供同一机关上一年度的报告。",
                        "warning",
                    ),
                ),
            ),
            (
                years(GOOD, a_report(year=2022, organ="云川县白水镇人民政府")),
                (
                    Told(
                        "本报告的机关是“云川县青禾镇人民政府”，所给的上一年度报告是“云川县白水镇人民政府”的，"
                        "结转等跨年数据没有核对。请提供同一机关上一年度的报告。",
                        "warning",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "tie.edition",
        passes=(years(GOOD, LAST), years(GOOD, a_report("2019", year=2021))),
        fails=(
            (
                years(a_report(year=2021), a_report("2019", year=2020)),
                (Told("两年的表格格式不同，表二的件数口径也不同，只核对了申请的结转和处理决定数量，其余数据没有比较。", "notice"),),
            ),
        ),
    ),
    Case(
        "tie.carried_over",
        passes=(
            years(GOOD, LAST),
            years(
                with_cells(GOOD, t3__carried_in__natural_person=2, t3__carried_in__total=2),
                requests(LAST, {"granted": 1}, carried_out=2),
            ),
            years(GOOD, with_cells(LAST, t3__carried_out__total=Cell("blank"))),
            years(GOOD, with_cells(a_report(year=2020), t3__carried_out__total=9)),
        ),
        fails=(
            (
                years(GOOD, requests(LAST, {"granted": 1}, carried_out=2)),
                (
                    Told(
                        "表三“自然人”列：上一年度报告“四、结转下年度继续办理”是2，本年度“二、上年结转政府信息公开申请数量”是0，两数应当相等，相差2。"
                        "请核对原始台账后更正。",
                        "error",
                        "t3.carried_in.natural_person",
                        basis="format-2021:t3",
                    ),
                    Told(
                        "表三“总计”列：上一年度报告“四、结转下年度继续办理”是2，本年度“二、上年结转政府信息公开申请数量”是0，两数应当相等，相差2。"
                        "请核对原始台账后更正。",
                        "error",
                        "t3.carried_in.total",
                    ),
                ),
            ),
            (
                years(GOOD, with_cells(LAST, t3__carried_out__total=2, t3__granted__total=Cell("unclear"))),
                (
                    Told(
                        "表三“总计”列：上一年度报告“四、结转下年度继续办理”是2，本年度“二、上年结转政府信息公开申请数量”是0，两数应当相等，相差2。"
                        "读取存疑：同一张表里有1格没有读准。请先对照原文，确认不是识别错误。",
                        "warning",
                        "t3.carried_in.total",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "tie.in_force",
        passes=(
            years(GOOD, LAST),
            years(
                with_cells(GOOD, t2__normative_docs__issued=3, t2__normative_docs__in_force=8),
                with_cells(LAST, t2__normative_docs__repealed=5, t2__normative_docs__in_force=5),
            ),
        ),
        fails=(
            (
                years(
                    with_cells(GOOD, t2__normative_docs__issued=3, t2__normative_docs__repealed=1, t2__normative_docs__in_force=8),
                    with_cells(LAST, t2__normative_docs__in_force=5),
                ),
                (
                    Told(
                        "表二“行政规范性文件”行：上一年现行有效5＋本年制发3－本年废止1＝7，本年“现行有效件数”填的是8，相差1。"
                        "请核对；如因文件失效、重新认定或者机构合并，请在文字中说明。",
                        "warning",
                        "t2.normative_docs.in_force",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "tie.items",
        passes=(
            years(
                with_cells(a_report("2019", year=2020), t2__licensing__prev_items=12),
                with_cells(a_report("2019", year=2019), t2__licensing__prev_items=10, t2__licensing__delta=2),
            ),
        ),
        fails=(
            (
                years(
                    with_cells(a_report("2019", year=2020), t2__licensing__prev_items=15),
                    with_cells(a_report("2019", year=2019), t2__licensing__prev_items=10, t2__licensing__delta=2),
                ),
                (
                    Told(
                        "表二“行政许可”行“上一年项目数量”列填的是15，而上一年度报告的项目数量10加上增减2是12。请核对。",
                        "warning",
                        "t2.licensing.prev_items",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "tie.pending",
        passes=(
            years(GOOD, LAST),
            years(
                with_cells(GOOD, t4__reconsideration__upheld=1, t4__reconsideration__total=1),
                with_cells(LAST, t4__reconsideration__pending=1, t4__reconsideration__total=1),
            ),
        ),
        fails=(
            (
                years(GOOD, with_cells(LAST, t4__reconsideration__pending=1, t4__reconsideration__total=1)),
                (
                    Told(
                        "上一年度报告表四“行政复议”的“尚未审结”是1件，本年度的“总计”只有0件。"
                        "上一年没有审结的案件本年应当有结果或者继续待审，请核对。",
                        "notice",
                        "t4.reconsideration.total",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "tie.jump",
        passes=(
            years(GOOD, LAST),
            years(with_cells(GOOD, t2__licensing__decisions=100), with_cells(LAST, t2__licensing__decisions=20)),
            years(with_cells(GOOD, t2__licensing__decisions=19), with_cells(LAST, t2__licensing__decisions=1)),
            years(with_cells(GOOD, t2__licensing__decisions=20), with_cells(LAST, t2__licensing__decisions=100)),
            years(
                with_cells(a_report(year=2021), t2__normative_docs__in_force=50),
                a_report("2019", year=2020),
            ),
        ),
        fails=(
            (
                years(
                    with_cells(GOOD, t2__licensing__decisions=9487, t2__penalties__decisions=3, t2__coercion__decisions=40),
                    with_cells(LAST, t2__licensing__decisions=550, t2__penalties__decisions=20),
                ),
                (
                    Told(
                        "表二“行政许可”行“本年处理决定数量”列由上一年的550变为9487，是上一年的17.2倍。请核对统计口径；如果属实，建议在文字中说明原因。",
                        "notice",
                        "t2.licensing.decisions",
                    ),
                    Told(
                        "表二“行政处罚”行“本年处理决定数量”列由上一年的20变为3。请核对统计口径；如果属实，建议在文字中说明原因。",
                        "notice",
                        "t2.penalties.decisions",
                    ),
                    Told(
                        "表二“行政强制”行“本年处理决定数量”列由上一年的0变为40。请核对统计口径；如果属实，建议在文字中说明原因。",
                        "notice",
                        "t2.coercion.decisions",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "tie.reused",
        passes=(years(GOOD, LAST), years(GOOD, a_report(year=2022, organ="云川县白水镇人民政府"))),
        fails=(
            (
                years(
                    GOOD,
                    a_report(year=2022, sections={**OTHER_TEXTS, "s1": SECTIONS["s1"].replace("2023", "2022").replace("20条", "16条")}),
                ),
                (
                    Told(
                        "“一、总体情况”与2022年的报告相似度100%（不计数字），第1、4、5段几乎一样，属于内容雷同。请写本年度的实际情况，不要沿用旧稿。",
                        "warning",
                        quote="（一）主动公开情况。2023年，我镇主动公开政府信息20条，内容涵盖惠农补贴、农田水利和社会救助。",
                    ),
                ),
            ),
            (
                years(
                    GOOD,
                    a_report(
                        year=2022,
                        sections={
                            **OTHER_TEXTS,
                            "s1": OTHER_TEXTS["s1"] + "\n" + SECTIONS["s1"].split("\n")[0],
                        },
                    ),
                ),
                (
                    Told(
                        "“一、总体情况”第1段几乎一样，与2022年的报告中的段落相同（不计数字）。请写本年度的实际情况，不要沿用旧稿。",
                        "notice",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "text.copied",
        passes=(Given(GOOD), Given(GOOD, siblings=(BAISHUI,))),
        fails=(
            (
                Given(
                    with_section(GOOD, "s1", SECTIONS["s1"].replace("我镇", "青禾镇")),
                    siblings=(
                        a_report(organ="云川县白水镇人民政府", sections={**OTHER_TEXTS, "s1": SECTIONS["s1"].replace("我镇", "白水镇")}),
                    ),
                ),
                (
                    Told(
                        "“一、总体情况”与“云川县白水镇人民政府”的报告相似度98%（不计数字），第1、4、5段几乎一样，属于内容雷同。"
                        "请核对是谁照搬了谁，或者都照搬了同一份范文，并改写为本机关的实际情况。",
                        "warning",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "units.sum",
        passes=(Given(COUNTY), summed(AGGREGATE), summed(with_cells(AGGREGATE, t3__received_new__total=Cell("blank")))),
        fails=(
            (
                summed(requests(COUNTY, {"granted": 4})),
                (
                    Told(
                        "表三的汇总数少于2个单位之和：表三“一、本年新收政府信息公开申请数量”行“自然人”列：各单位合计5，汇总报告填的是4；"
                        "表三“一、本年新收政府信息公开申请数量”行“总计”列：各单位合计5，汇总报告填的是4；"
                        "表三“（一）予以公开”行“自然人”列：各单位合计5，汇总报告填的是4；等共6格。"
                        "请核对是否漏汇；申请由收到它的每个机关各计一次，转办的不能合并。如果本报告只统计本级，不应当与下级单位比较。",
                        "error",
                        "t3.received_new.natural_person",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "units.in_force",
        passes=(
            summed(AGGREGATE),
            summed(with_cells(AGGREGATE, t2__normative_docs__in_force=2), with_cells(QINGHE, t2__normative_docs__in_force=2), BAISHUI),
        ),
        fails=(
            (
                summed(AGGREGATE, with_cells(QINGHE, t2__normative_docs__in_force=2), BAISHUI),
                (
                    Told(
                        "表二“行政规范性文件”行“现行有效件数”列填的是0，少于2个单位合计的2。"
                        "如果是联合发文由几个单位重复计算，请只由牵头单位计；否则请核对是否漏汇。",
                        "warning",
                        "t2.normative_docs.in_force",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "units.incomplete",
        passes=(summed(AGGREGATE),),
        fails=(
            (
                summed(
                    AGGREGATE,
                    QINGHE,
                    dataclasses.replace(BAISHUI, year=2022),
                    with_cells(a_report(organ="云川县双桥镇人民政府"), t3__granted__total=Cell("unclear")),
                    AnnualReport(organ="云川县石门乡人民政府", year=2023),
                    a_report(organ="云川县教育局", published_on=datetime.date(2024, 2, 20)),
                ),
                (
                    Told(
                        "下列单位的报告不全或者不符，各单位合计只能作为下限：“云川县白水镇人民政府”是2022年的报告；"
                        "“云川县双桥镇人民政府”有1格没有数字；“云川县石门乡人民政府”没有表格；“云川县教育局”迟至2024年2月20日发布。",
                        "notice",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "units.remedies",
        passes=(summed(AGGREGATE),),
        fails=(
            (
                summed(
                    with_cells(AGGREGATE, t4__litigation_after_reconsideration__upheld=2, t4__litigation_after_reconsideration__total=2)
                ),
                (
                    Told(
                        "表四“复议后起诉”的“总计”填的是2，比2个单位合计的0多2件。"
                        "请核对其中有没有本机关只作为复议机关、共同被告的案件；这类案件只由原行为机关计算。",
                        "notice",
                        "t4.litigation_after_reconsideration.total",
                    ),
                ),
            ),
        ),
    ),
]
