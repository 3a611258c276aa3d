"""Cases of the checks on table four."""

from __future__ import annotations

from tests.factories import (
    a_report,
    requests,
    with_addresses,
    with_cells,
    with_section,
    with_text,
    without_table,
)
from tests.unit.checks.case import Case, Given, Told
from tests.unit.checks.givens import (
    BLANK,
    GOOD,
    labelled,
    two,
)

CASES = [
    Case(
        "t4.missing",
        passes=(Given(GOOD),),
        fails=(
            (
                Given(without_table(GOOD, "t4")),
                (
                    Told(
                        "没有找到表四（政府信息公开行政复议、行政诉讼情况）。如果报告里有这张表（例如是图片或者附件），"
                        "请换用带表格文字的版本再读；如果确实没有，请按统一格式补上。",
                        "warning",
                        "t4.reconsideration.upheld",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t4.blank",
        passes=(Given(GOOD),),
        fails=(
            (
                Given(
                    with_addresses(
                        GOOD, {f"t4.reconsideration.{name}": BLANK for name in ("upheld", "corrected", "other", "pending", "total")}
                    )
                ),
                (
                    Told(
                        "表四有5格没有填数字（填的是空白）：“行政复议”的5格。没有发生的也要填0，不能空着、画线或者写字。请补填。",
                        "error",
                        "t4.reconsideration.upheld",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t4.count",
        passes=(Given(GOOD),),
        fails=(
            (
                two(t4__reconsideration__other=-1),
                (
                    Told(
                        "表四“行政复议”的“其他结果”填的是-1，件数应当是0或者正整数。请核对原始台账后更正。",
                        "error",
                        "t4.reconsideration.other",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t4.labels",
        passes=(Given(GOOD), labelled("t4.column.pending", "尚未")),
        fails=(
            (
                labelled("t4.column.pending", "尚末审结"),
                (Told("表四的“尚未审结”印成了“尚末审结”。请对照统一格式改正；如果原文没有错，就是识别有误，可以不理。", "warning"),),
            ),
        ),
    ),
    Case(
        "t4.total",
        passes=(
            Given(GOOD),
            two(t4__reconsideration__upheld=2, t4__reconsideration__total=2),
            two(t4__reconsideration__upheld=2, t4__reconsideration__total=BLANK),
        ),
        fails=(
            (
                two(t4__litigation_after_reconsideration__upheld=5),
                (
                    Told(
                        "表四“复议后起诉”：结果维持5＋结果纠正0＋其他结果0＋尚未审结0＝5，但“总计”填的是0，相差5。像是漏填了“总计”。请核对原始台账后更正。",
                        "error",
                        "t4.litigation_after_reconsideration.total",
                        basis="format-2021:t4",
                    ),
                ),
            ),
            (
                two(t4__litigation_direct__corrected=1, t4__litigation_after_reconsideration__total=1),
                (
                    Told(
                        "表四“未经复议直接起诉”：结果维持0＋结果纠正1＋其他结果0＋尚未审结0＝1，但“总计”填的是0，相差1。"
                        "它与“复议后起诉”的差数正好相抵，可能是“总计”填错了栏。请核对原始台账后更正。",
                        "error",
                        "t4.litigation_direct.total",
                    ),
                    Told(
                        "表四“复议后起诉”：四种结果填的都是0，“总计”却填了1。它与“未经复议直接起诉”的差数正好相抵，可能是“总计”填错了栏。请核对原始台账后更正。",
                        "error",
                        "t4.litigation_after_reconsideration.total",
                    ),
                ),
            ),
            (
                two(t4__reconsideration__upheld=1, t4__reconsideration__pending=1, t4__reconsideration__total=3),
                (
                    Told(
                        "表四“行政复议”：结果维持1＋结果纠正0＋其他结果0＋尚未审结1＝2，但“总计”填的是3，相差1。请核对原始台账后更正。",
                        "error",
                        "t4.reconsideration.total",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t4.without_requests",
        passes=(
            Given(GOOD),
            Given(with_cells(requests(GOOD, {"granted": 1}), t4__reconsideration__upheld=1, t4__reconsideration__total=1)),
            Given(
                with_cells(GOOD, t4__reconsideration__upheld=1, t4__reconsideration__total=1),
                previous=requests(a_report(year=2022), {"granted": 1}),
            ),
        ),
        fails=(
            (
                two(t4__reconsideration__upheld=1, t4__reconsideration__total=1),
                (
                    Told(
                        "表四共有复议、诉讼1件，但表三本年都没有收到政府信息公开申请。请核对；如果案件是因主动公开或者以前年度的申请引起的，请在文字中说明。",
                        "notice",
                        "t4.reconsideration.total",
                    ),
                ),
            ),
            (
                Given(with_cells(GOOD, t4__reconsideration__upheld=1, t4__reconsideration__total=1), previous=a_report(year=2022)),
                (
                    Told(
                        "表四共有复议、诉讼1件，但表三本年和上一年都没有收到政府信息公开申请。请核对；"
                        "如果案件是因主动公开或者以前年度的申请引起的，请在文字中说明。",
                        "warning",
                        "t4.reconsideration.total",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t4.excess",
        passes=(
            Given(GOOD),
            Given(with_cells(requests(GOOD, {"granted": 2}), t4__reconsideration__upheld=4, t4__reconsideration__total=4)),
            Given(
                with_cells(requests(GOOD, {"granted": 2}), t4__reconsideration__upheld=8, t4__reconsideration__total=8),
                previous=requests(a_report(year=2022), {"granted": 2}),
            ),
        ),
        fails=(
            (
                Given(with_cells(requests(GOOD, {"granted": 2}), t4__reconsideration__upheld=5, t4__reconsideration__total=5)),
                (
                    Told(
                        "表四共有复议、诉讼5件，而政府信息公开申请本年办理2件，案件明显偏多。请核对表四是否计入了与政府信息公开无关的案件。",
                        "notice",
                        "t4.reconsideration.total",
                    ),
                ),
            ),
            (
                Given(
                    with_cells(requests(GOOD, {"granted": 2}), t4__reconsideration__upheld=9, t4__reconsideration__total=9),
                    previous=requests(a_report(year=2022), {"granted": 2}),
                ),
                (
                    Told(
                        "表四共有复议、诉讼9件，而政府信息公开申请本年和上一年共办理4件，案件明显偏多。请核对表四是否计入了与政府信息公开无关的案件。",
                        "warning",
                        "t4.reconsideration.total",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t4.direct_suit",
        passes=(
            Given(a_report(year=2024)),
            Given(with_cells(requests(GOOD, {"denied_process_info": 1}), t4__litigation_direct__upheld=1, t4__litigation_direct__total=1)),
            Given(
                with_cells(
                    requests(a_report(year=2024), {"denied_process_info": 1, "unable_not_held": 1}),
                    t4__litigation_direct__upheld=1,
                    t4__litigation_direct__total=1,
                )
            ),
        ),
        fails=(
            (
                Given(
                    with_cells(
                        requests(a_report(year=2024), {"granted": 4, "denied_process_info": 1}),
                        t4__litigation_direct__upheld=1,
                        t4__litigation_direct__total=1,
                    )
                ),
                (
                    Told(
                        "表四“未经复议直接起诉”有1件，而本年只有不予公开一类决定可能引起争议。2024年起，对不予公开的决定应当先申请行政复议，"
                        "不能直接起诉。请核对案件是否填错了栏，以及告知书写的救济途径是否正确。",
                        "notice",
                        "t4.litigation_direct.total",
                        basis="recon:23",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t4.silent",
        passes=(
            Given(GOOD),
            Given(with_text(with_cells(GOOD, t4__reconsideration__total=1), "s1", "全年发生行政复议1件。")),
            Given(with_section(with_cells(GOOD, t4__reconsideration__total=1), "s4", "本年度行政诉讼1件，为以前年度案件。")),
        ),
        fails=(
            (
                two(t4__reconsideration__upheld=1, t4__reconsideration__total=1),
                (
                    Told(
                        "表四填有行政复议或者行政诉讼案件，但文字部分只字未提。请在第一部分补写案件情况；如果没有发生，请更正表四。",
                        "notice",
                        "t4.reconsideration.upheld",
                    ),
                ),
            ),
        ),
    ),
]
