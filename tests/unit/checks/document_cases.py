"""Cases of the checks on the document as a whole and on its preface."""

from __future__ import annotations

import datetime

from gongkai.report import AnnualReport, Cell
from tests.factories import (
    a_report,
    with_cells,
    with_section,
    with_text,
)
from tests.unit.checks.case import Case, Given, Told
from tests.unit.checks.givens import (
    COUNTY,
    GOOD,
    TITLES,
    headed,
    plain,
    prefaced,
    published,
)

CASES = [
    Case(
        "read.not_checked",
        passes=(Given(GOOD),),
        fails=(
            (
                Given(AnnualReport()),
                (
                    Told(
                        "没有读到报告年度，与年度有关的核对没有做；没有读到机关名称，也没有指定层级，与层级有关的核对没有做；"
                        "没有读到发布日期，是否按期公布没有核对。",
                        "notice",
                        basis="format-2021",
                    ),
                ),
            ),
            (
                Given(a_report(organ="云川开发区管理委员会")),
                (Told("从名称“云川开发区管理委员会”看不出层级，也没有指定层级，与层级有关的核对没有做。", "notice"),),
            ),
        ),
    ),
    Case(
        "report.tables",
        passes=(Given(GOOD),),
        fails=(
            (
                Given(AnnualReport(organ="云川县青禾镇人民政府", year=2023)),
                (
                    Told(
                        "没有认出统一格式的表格，表内数据都没有核对。如果表格是图片或者附件，请换用带表格文字的版本；如果确实没有，请按统一格式补上。",
                        "warning",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "report.edition",
        passes=(Given(GOOD), Given(a_report("2019", year=2020)), Given(a_report("2019", year=None)), Given(a_report(year=2012))),
        fails=(
            (
                Given(a_report("2019", year=2023)),
                (
                    Told(
                        "本报告是2023年的，表格却是国办公开办函〔2019〕60号的格式（用于2019至2020年的报告）。"
                        "2023年的报告应当使用国办公开办函〔2021〕30号的格式，请换用正确的表格重新填报。",
                        "error",
                        basis="format-2021",
                    ),
                ),
            ),
            (
                Given(with_cells(a_report("2021", year=2020), t3__granted__total=Cell("unclear"))),
                (
                    Told(
                        "本报告是2020年的，表格却是国办公开办函〔2021〕30号的格式（用于2021年起的报告）。"
                        "2020年的报告应当使用国办公开办函〔2019〕60号的格式，请换用正确的表格重新填报。",
                        "warning",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "report.sections",
        passes=(Given(GOOD), Given(a_report(sections={}, headings=())), Given(with_section(GOOD, "s6", ""))),
        fails=(
            (
                Given(with_section(with_section(GOOD, "s6", None), "s4", None)),
                (
                    Told(
                        "没有找到“四、政府信息公开行政复议、行政诉讼情况”、“六、其他需要报告的事项”。统一格式的各部分都要有，"
                        "没有内容的也要保留标题并写明“无”或者没有发生；标题请照统一格式写。",
                        "warning",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "report.section_order",
        passes=(Given(GOOD), headed("附件", *TITLES)),
        fails=(
            (
                headed(TITLES[0], TITLES[2], TITLES[1], *TITLES[3:]),
                (
                    Told(
                        "“二、主动公开政府信息情况”排在了“三、收到和处理政府信息公开申请情况”的后面。请按统一格式的顺序排列。",
                        "warning",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "report.headings",
        passes=(Given(GOOD),),
        fails=(
            (
                headed("一、总体情况", *TITLES),
                (Told("标题“一、总体情况”出现了2次。请删去重复的标题，并检查内容有没有放错位置。", "warning", quote="一、总体情况"),),
            ),
        ),
    ),
    Case(
        "report.heading_numbers",
        passes=(Given(GOOD), headed("总体情况", *TITLES[1:])),
        fails=(
            (
                headed(*TITLES[:4], "四、存在的主要问题及改进情况", TITLES[5]),
                (
                    Told(
                        "标题“四、存在的主要问题及改进情况”的序号应当是“五、”。请照统一格式改为“五、存在的主要问题及改进情况”。",
                        "warning",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "report.late",
        passes=(
            Given(GOOD),
            published(2024, 1, 31),
            published(2024, 3, 31, "云川县人民政府"),
            Given(a_report(published_on=None)),
            Given(a_report(organ=None, published_on=datetime.date(2024, 6, 1))),
        ),
        fails=(
            (
                published(2024, 2, 5, "云川县教育局"),
                (
                    Told(
                        "本报告2024年2月5日发布，比期限2024年1月31日晚了5天。本机关是部门（按名称“云川县教育局”推断），"
                        "依据《中华人民共和国政府信息公开条例》第四十九条第一款，应当在次年1月31日前公布。"
                        "如果页面日期是网站迁移或者修改的日期，请注明首次公布的日期。",
                        "warning",
                        basis="reg:49.1",
                    ),
                ),
            ),
            (
                published(2024, 2, 1),
                (
                    Told(
                        "本报告2024年2月1日发布，比期限2024年1月31日晚了1天。乡镇（按名称“云川县青禾镇人民政府”推断）的期限《条例》没有直接规定，"
                        "这里按通行做法（次年1月31日）核对；当地另有规定的，以当地规定为准。",
                        "notice",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "report.early",
        passes=(Given(GOOD), published(2024, 1, 1)),
        fails=(
            (
                published(2023, 12, 31),
                (Told("发布日期是2023年12月31日，2023年还没有结束，统计数据不可能完整。请核对发布日期和报告年度。", "warning"),),
            ),
        ),
    ),
    Case(
        "preface.period",
        passes=(
            Given(GOOD),
            prefaced("统计期限从 2023 年 1 月 1 日到 12 月 31 日止。"),
            prefaced("", period=(datetime.date(2023, 1, 1), datetime.date(2023, 12, 31))),
        ),
        fails=(
            (
                prefaced("本报告统计期限为2022年1月1日至2022年12月31日。"),
                (
                    Told(
                        "本报告是2023年的，统计期限写的却是“2022年1月1日至2022年12月31日”。请核对标题年度和统计期限，改为同一年。",
                        "error",
                        quote="本报告统计期限为2022年1月1日至2022年12月31日。",
                    ),
                ),
            ),
            (
                Given(with_text(GOOD, "s6", "以上数据统计自2022年1月1日至12月31日。")),
                (Told("本报告是2023年的，统计期限写的却是“2022年1月1日至12月31日”。请核对标题年度和统计期限，改为同一年。", "warning"),),
            ),
            (
                prefaced("", period=(datetime.date(2023, 1, 1), datetime.date(2023, 11, 30))),
                (
                    Told(
                        "本报告是2023年的，统计期限写的却是“2023年1月1日至2023年11月30日”。年度报告统计全年数据，请改为2023年1月1日至12月31日。",
                        "error",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "preface.elements",
        passes=(Given(GOOD), Given(AnnualReport(year=2023))),
        fails=(
            (
                prefaced("联系电话：0000-1234567。", sections={"s1": "我镇主动公开信息20条。"}),
                (
                    Told(
                        "报告没有写编制依据（《政府信息公开条例》及年度报告格式文件）、统计期限（1月1日至12月31日）、报告电子版的查阅网址。"
                        "按惯例应当在“一、总体情况”之前写明，请补上。",
                        "notice",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "preface.organ",
        passes=(
            Given(GOOD),
            Given(COUNTY),
            plain("云川县教育局"),
            plain("云川县教育局", preface="由云川县教育局办公室编制。请与县政务公开办联系。"),
            plain("教育局", preface="由云川县教育局编制。"),
        ),
        fails=(
            (
                plain("云川县教育局", preface="如有疑问，请与白水县卫生健康局办公室联系。"),
                (
                    Told(
                        "报告标题的机关是“云川县教育局”，文中写的却是“白水县卫生健康局办公室”。请核对是否从别的单位的报告照搬。",
                        "warning",
                        quote="如有疑问，请与白水县卫生健康局办公室联系。",
                    ),
                ),
            ),
            (
                plain("云川县人民政府", preface="现发布《白水县人民政府2023年政府信息公开工作年度报告》。"),
                (Told("报告标题的机关是“云川县人民政府”，文中写的却是“白水县人民政府”。请核对是否从别的单位的报告照搬。", "warning"),),
            ),
        ),
    ),
    Case(
        "preface.contact",
        passes=(Given(GOOD), prefaced("联系地址：禾丰路1号，电话：0000-1234567，邮政编码：000000。")),
        fails=(
            (
                prefaced("依据《条例》编制。"),
                (Told("报告没有写联系地址、电话、邮编。公众对报告有疑问时需要知道找谁，请在前言写明地址、电话和邮编。", "warning"),),
            ),
            (
                prefaced("联系电话：0000-1234567。"),
                (Told("报告没有写联系地址、邮编。公众对报告有疑问时需要知道找谁，请在前言写明地址、电话和邮编。", "notice"),),
            ),
        ),
    ),
]
