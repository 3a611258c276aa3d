"""Cases of the checks on table two and on fees."""

from __future__ import annotations

from gongkai.report import Cell
from tests.factories import (
    a_report,
    requests,
    with_cells,
    with_section,
    with_text,
    without_table,
)
from tests.unit.checks.case import Case, Given, Told
from tests.unit.checks.givens import (
    BLANK,
    GOOD,
    GOOD_2019,
    UNCLEAR,
    labelled,
    trial,
    two,
)

CASES = [
    Case(
        "read.unclear",
        passes=(Given(GOOD), two(t4__reconsideration__total=BLANK)),
        fails=(
            (
                two(t4__reconsideration__upheld=UNCLEAR, t4__reconsideration__total=UNCLEAR),
                (
                    Told(
                        "读取存疑：表四有2格没有读准：“行政复议”的“结果维持”“总计”。原因：数字粘连，分不清是几格。涉及这些格的勾稽关系没有核对。"
                        "请对照原文；如果原文这些格是空的，请补填数字（没有发生的填0），也可以换用Word或者网页版再读一次。",
                        "notice",
                        "t4.reconsideration.upheld",
                        basis="format-2021",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t2.missing",
        passes=(Given(GOOD),),
        fails=(
            (
                Given(without_table(GOOD, "t2")),
                (
                    Told(
                        "没有找到表二（主动公开政府信息情况）。如果报告里有这张表（例如是图片或者附件），请换用带表格文字的版本再读；"
                        "如果确实没有，请按统一格式补上。",
                        "warning",
                        "t2.rules.issued",
                    ),
                ),
            ),
            (
                two(t2__coercion__decisions=None),
                (
                    Told(
                        "表二少了1格：“行政强制”的“本年处理决定数量”。请对照统一格式，确认表格的行和列没有删改。",
                        "warning",
                        "t2.coercion.decisions",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t2.blank",
        passes=(Given(GOOD), two(t2__rules__issued=Cell("unclear", reason="数字粘连"))),
        fails=(
            (
                two(t2__rules__issued=Cell("slash", raw="/"), t2__rules__repealed=Cell("text", raw="无"), t2__admin_fees__amount_wan=BLANK),
                (
                    Told(
                        "表二有3格没有填数字（填的是空白、“/”、“无”）：“规章”的“本年制发件数”“本年废止件数”；“行政事业性收费”的“本年收费金额”。"
                        "没有发生的也要填0，不能空着、画线或者写字。请补填。",
                        "error",
                        "t2.rules.issued",
                        basis="format-2021:t2",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t2.count",
        passes=(Given(GOOD), two(t2__admin_fees__amount_wan="91.231061"), trial(t2__licensing__delta=-3, t2__licensing__prev_items=5)),
        fails=(
            (
                two(t2__licensing__decisions=-1, t2__penalties__decisions="2.5", t2__admin_fees__amount_wan="-0.5"),
                (
                    Told(
                        "表二“行政许可”行“本年处理决定数量”列填的是-1，件数应当是0或者正整数。请核对原始台账后更正。",
                        "error",
                        "t2.licensing.decisions",
                    ),
                    Told(
                        "表二“行政处罚”行“本年处理决定数量”列填的是2.5，件数应当是0或者正整数。请核对原始台账后更正。",
                        "error",
                        "t2.penalties.decisions",
                    ),
                    Told(
                        "表二“行政事业性收费”行“本年收费金额”列填的是-0.5，金额不能是负数。请核对原始台账后更正。",
                        "error",
                        "t2.admin_fees.amount_wan",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t2.labels",
        passes=(
            Given(GOOD),
            labelled("t2.column.repealed", "本年 废止件数："),
            labelled("t2.column.repealed", "废止件数"),
            labelled("t4.column.corrected", "结果"),
        ),
        fails=(
            (
                labelled("t2.column.repealed", "本年度止件数"),
                (
                    Told(
                        "表二的“本年废止件数”印成了“本年度止件数”。请对照统一格式改正；如果原文没有错，就是识别有误，可以不理。",
                        "warning",
                        quote="本年度止件数",
                    ),
                ),
            ),
            (
                labelled("t2.admin_fees", "行政事业收费"),
                (
                    Told(
                        "表二的“行政事业性收费”印成了“行政事业收费”。请对照统一格式改正；如果原文没有错，就是识别有误，可以不理。", "notice"
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t2.rules",
        passes=(
            Given(GOOD),
            Given(with_cells(a_report(organ="云川市人民政府"), t2__rules__in_force=3)),
            Given(with_cells(a_report(organ=None), t2__rules__in_force=3)),
        ),
        fails=(
            (
                two(t2__rules__issued=1, t2__rules__in_force=3),
                (
                    Told(
                        "表二“规章”行填了“本年制发件数”1、“现行有效件数”3，但本机关是乡镇（按名称“云川县青禾镇人民政府”推断），没有规章制定权，"
                        "这一行应当全部填0。如果填的是行政规范性文件，请移到“行政规范性文件”行。请核对原始台账后更正。",
                        "error",
                        "t2.rules.issued",
                    ),
                ),
            ),
            (
                Given(with_cells(a_report(organ="云川县教育局"), t2__rules__in_force=3), scope="department"),
                (
                    Told(
                        "表二“规章”行填了“现行有效件数”3，但本机关是部门，没有规章制定权，这一行应当全部填0。"
                        "如果填的是行政规范性文件，请移到“行政规范性文件”行。请核对原始台账后更正。",
                        "warning",
                        "t2.rules.in_force",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t2.in_force_floor",
        passes=(
            Given(GOOD),
            two(t2__normative_docs__issued=3, t2__normative_docs__repealed=1, t2__normative_docs__in_force=2),
            two(t2__normative_docs__repealed=5, t2__normative_docs__in_force=5),
            two(t2__normative_docs__issued=3, t2__normative_docs__in_force=BLANK),
        ),
        fails=(
            (
                two(t2__normative_docs__issued=3, t2__normative_docs__repealed=1, t2__normative_docs__in_force=1),
                (
                    Told(
                        "表二“行政规范性文件”行：本年制发3件，本年废止1件，“现行有效件数”至少应是3－1＝2，填的是1。请核对原始台账后更正。",
                        "error",
                        "t2.normative_docs.in_force",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t2.in_force",
        passes=(Given(GOOD), two(t2__normative_docs__issued=3, t2__normative_docs__in_force=8)),
        fails=(
            (
                two(t2__normative_docs__issued=3, t2__normative_docs__repealed=1, t2__normative_docs__in_force=2),
                (
                    Told(
                        "表二“行政规范性文件”行：本年制发3件，“现行有效件数”却只有2件。除非本年制发的文件当年就废止了，"
                        "否则现行有效件数不会少于本年制发件数（现行有效包括以前年度制发、仍然有效的）。请核对原始台账后更正。",
                        "warning",
                        "t2.normative_docs.in_force",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t2.published_made",
        passes=(Given(GOOD_2019), trial(t2__normative_docs__made_new=3, t2__normative_docs__published_new=3)),
        fails=(
            (
                trial(t2__normative_docs__made_new=2, t2__normative_docs__published_new=3, t2__normative_docs__public_total=9),
                (
                    Told(
                        "表二“规范性文件”行“本年新公开数量”列填的是3，大于表二“规范性文件”行“本年新制作数量”列的2。"
                        "除非公开了以前年度制作的文件，否则新公开数量不会多于新制作数量。请核对原始台账后更正。",
                        "warning",
                        "t2.normative_docs.published_new",
                        basis="format-2019:t2",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t2.published_total",
        passes=(Given(GOOD_2019), trial(t2__rules__published_new=1, t2__rules__public_total=1, t2__rules__made_new=1)),
        fails=(
            (
                trial(t2__normative_docs__made_new=3, t2__normative_docs__published_new=3, t2__normative_docs__public_total=1),
                (
                    Told(
                        "表二“规范性文件”行“本年新公开数量”列填的是3，大于表二“规范性文件”行“对外公开总数量”列的1。"
                        "对外公开总数量包括本年新公开的，不会比它少。请核对原始台账后更正。",
                        "error",
                        "t2.normative_docs.published_new",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t2.delta",
        passes=(
            Given(GOOD_2019),
            trial(t2__licensing__prev_items=40, t2__licensing__delta=8),
            trial(t2__licensing__delta=8, t2__licensing__decisions=120),
        ),
        fails=(
            (
                trial(t2__licensing__delta=8, t2__penalties__prev_items=2, t2__penalties__delta=-5),
                (
                    Told(
                        "表二“本年增/减”：“行政许可”8、“行政处罚”-5，而上一年项目数量与处理决定数量对不上。"
                        "这一列填的是事项（项目）比上一年增加或减少了几项，不是办理的件数；办理的件数填“处理决定数量”。请核对原始台账后更正。",
                        "warning",
                        "t2.licensing.delta",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "s6.fee_status",
        passes=(
            Given(GOOD),
            Given(with_section(GOOD, "s6", "全年收取政府信息公开信息处理费0元。")),
            Given(with_section(with_text(GOOD, "s1", "全年没有收取信息处理费。"), "s6", "无。")),
            Given(with_section(GOOD_2019, "s6", "无。")),
            Given(with_section(GOOD, "s6", None)),
        ),
        fails=(
            (
                Given(with_section(GOOD, "s6", "无。\n云川县青禾镇人民政府\n2024年1月20日")),
                (
                    Told(
                        "“六、其他需要报告的事项”没有写明政府信息公开信息处理费的收取情况（现在写的是“无。”）。请补写：没有收取的写"
                        "“本年度没有收取信息处理费”；收取的写明发出收费通知的件数、总金额和实际收取的金额。",
                        "warning",
                        basis="fee:9",
                        quote="无。",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "s6.fee_notices",
        passes=(
            Given(GOOD),
            Given(with_section(requests(GOOD, {"other_fee_unpaid": 2}), "s6", "发出收费通知3件，总金额380元，实际收取100元。")),
            Given(with_section(requests(GOOD, {"other_fee_unpaid": 2}), "s6", "共发出2件收费通知，均未缴费。")),
        ),
        fails=(
            (
                Given(with_section(requests(GOOD, {"other_fee_unpaid": 2}), "s6", "发出收费通知书1件，总金额380元。")),
                (
                    Told(
                        "表三“（六）其他处理·2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请”行“总计”列填了2件，"
                        "说明至少发出过2件收费通知，但第六部分写的是只发出1件。请核对后更正。",
                        "error",
                        "t3.other_fee_unpaid.total",
                        quote="发出收费通知书1件，总金额380元。",
                    ),
                ),
            ),
            (
                Given(with_section(requests(GOOD, {"other_fee_unpaid": 2}), "s6", "本年度没有发出收费通知。")),
                (
                    Told(
                        "表三“（六）其他处理·2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请”行“总计”列填了2件，"
                        "说明至少发出过2件收费通知，但第六部分写的是没有发出收费通知。请核对后更正。",
                        "error",
                        "t3.other_fee_unpaid.total",
                    ),
                ),
            ),
            (
                Given(requests(GOOD, {"other_fee_unpaid": 2})),
                (
                    Told(
                        "表三“（六）其他处理·2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请”行“总计”列填了2件，"
                        "说明至少发出过2件收费通知，但第六部分没有写发出收费通知的件数和金额。请补写。",
                        "warning",
                        "t3.other_fee_unpaid.total",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t2.fee_collected",
        passes=(
            Given(GOOD),
            Given(with_section(with_cells(GOOD, t2__admin_fees__amount_wan="0.394"), "s6", "全年收取信息处理费3,940元。")),
            Given(with_section(GOOD, "s6", "全年收取政府信息公开信息处理费0元。")),
        ),
        fails=(
            (
                Given(with_section(GOOD, "s6", "发出收费通知1件，实际收取380元。")),
                (
                    Told(
                        "第六部分写收取信息处理费380元（0.038万元），而表二“行政事业性收费”行“本年收费金额”列只有0万元。"
                        "信息处理费属于行政事业性收费，请核对是否漏计；当地规定不计入的，请在第六部分说明。",
                        "warning",
                        "t2.admin_fees.amount_wan",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "s6.charges_silent",
        passes=(
            Given(with_section(GOOD, "s6", "无")),
            two(t2__admin_fees__amount_wan="12.5"),
        ),
        fails=(
            (
                Given(with_section(with_cells(GOOD, t2__admin_fees__amount_wan="12.5"), "s6", "无。")),
                (
                    Told(
                        "表二“行政事业性收费”行“本年收费金额”列填了12.5万元，第六部分却只写“无”。"
                        "请核对其中有没有信息处理费；没有的，也请写明本年度没有收取信息处理费。",
                        "notice",
                        "t2.admin_fees.amount_wan",
                    ),
                ),
            ),
        ),
    ),
]
