"""Cases of the checks on table three."""

from __future__ import annotations

from tests.factories import (
    merged_other,
    requests,
    with_addresses,
    with_cells,
    with_section,
    without_table,
)
from tests.unit.checks.case import Case, Given, Told
from tests.unit.checks.givens import (
    BLANK,
    GOOD,
    GOOD_2019,
    UNCLEAR,
    labelled,
    two,
)

CASES = [
    Case(
        "t3.missing",
        passes=(Given(GOOD), Given(merged_other(GOOD))),
        fails=(
            (
                Given(without_table(GOOD, "t3")),
                (
                    Told(
                        "没有找到表三（收到和处理政府信息公开申请情况）。如果报告里有这张表（例如是图片或者附件），请换用带表格文字的版本再读；"
                        "如果确实没有，请按统一格式补上。",
                        "warning",
                        "t3.received_new.natural_person",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t3.blank",
        passes=(Given(GOOD),),
        fails=(
            (
                two(t3__granted__natural_person=BLANK, t3__granted__total=BLANK),
                (
                    Told(
                        "表三有2格没有填数字（填的是空白）：“（一）予以公开”的“自然人”“总计”。没有发生的也要填0，不能空着、画线或者写字。请补填。",
                        "error",
                        "t3.granted.natural_person",
                    ),
                ),
            ),
            (
                two(t3__granted__natural_person=BLANK, t3__carried_out__total=UNCLEAR),
                (
                    Told(
                        "表三有1格没有填数字（填的是空白）：“（一）予以公开”的“自然人”。没有发生的也要填0，不能空着、画线或者写字。请补填。"
                        "读取存疑：同一张表里有1格没有读准。请先对照原文。",
                        "warning",
                        "t3.granted.natural_person",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t3.count",
        passes=(Given(GOOD), Given(requests(GOOD, {"granted": 3}))),
        fails=(
            (
                two(t3__carried_in__total="1.5"),
                (
                    Told(
                        "表三“二、上年结转政府信息公开申请数量”行“总计”列填的是1.5，件数应当是0或者正整数。请核对原始台账后更正。",
                        "error",
                        "t3.carried_in.total",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t3.labels",
        passes=(Given(GOOD), labelled("t3.partial", "（二）部分公开"), labelled("t3.denied_state_secret", "1、属于国家 秘密")),
        fails=(
            (
                labelled("t3.denied_law_prohibited", "2.其他法律行政止公开"),
                (
                    Told(
                        "表三的“2.其他法律行政法规禁止公开”印成了“2.其他法律行政止公开”。请对照统一格式改正；如果原文没有错，就是识别有误，可以不理。",
                        "warning",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t3.merged_row",
        passes=(Given(GOOD), Given(GOOD_2019)),
        fails=(
            (
                Given(merged_other(GOOD)),
                (
                    Told(
                        "表三的“（六）其他处理”只有一行，是2019年试行格式的写法。现行格式分三行："
                        "“1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请”、"
                        "“2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请”、“3.其他”。请拆开填写。",
                        "warning",
                        "t3.other_handling.natural_person",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t3.row_total",
        passes=(Given(GOOD), Given(requests(GOOD, {"granted": 3})), two(t3__granted__total=5, t3__granted__other_org=BLANK)),
        fails=(
            (
                Given(with_cells(requests(GOOD, {"granted": 4}), t3__received_new__total=5)),
                (
                    Told(
                        "表三“一、本年新收政府信息公开申请数量”行：自然人4＋商业企业0＋科研机构0＋社会公益组织0＋法律服务机构0＋其他0＝4，"
                        "但“总计”填的是5，相差1。如果把表三“一、本年新收政府信息公开申请数量”行“总计”列的5改为4，这2处不平就同时消除，"
                        "请先核对这一格。请核对原始台账后更正。",
                        "error",
                        "t3.received_new.total",
                        basis="format-2021:t3",
                    ),
                ),
            ),
            (
                two(t3__received_new__total=5, t3__granted__total=5, t3__handled_total__total=5),
                (
                    Told(
                        "表三“一、本年新收政府信息公开申请数量”行：各类申请人都填的是0，“总计”却填了5，像是只填了总计。"
                        "请把这些申请按申请人类别填到各列。请核对原始台账后更正。",
                        "error",
                        "t3.received_new.total",
                    ),
                    Told(
                        "表三“（一）予以公开”行：各类申请人都填的是0，“总计”却填了5，像是只填了总计。"
                        "请把这些申请按申请人类别填到各列。请核对原始台账后更正。",
                        "error",
                        "t3.granted.total",
                    ),
                    Told(
                        "表三“（七）总计”行：各类申请人都填的是0，“总计”却填了5，像是只填了总计。"
                        "请把这些申请按申请人类别填到各列。请核对原始台账后更正。",
                        "error",
                        "t3.handled_total.total",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t3.outcome_total",
        passes=(
            Given(GOOD),
            Given(requests(GOOD, {"granted": 2, "partial": 1, "other_misc": 1})),
            Given(with_cells(requests(merged_other(GOOD), {"granted": 2}), t3__granted__total=2)),
            Given(with_addresses(requests(GOOD, {"granted": 2}), {"t3.partial.total": BLANK, "t3.handled_total.total": 9})),
        ),
        fails=(
            (
                Given(
                    with_cells(
                        requests(GOOD, {"granted": 2, "denied_third_party": 1}), t3__granted__natural_person=1, t3__granted__other_org=1
                    )
                ),
                (
                    Told(
                        "表三“自然人”列：“本年度办理结果”各项相加（“（一）予以公开”1＋“（三）不予公开·4.保护第三方合法权益”1，其余各项都是0）＝2，"
                        "但“（七）总计”填的是3，相差1。请核对原始台账后更正。",
                        "error",
                        "t3.handled_total.natural_person",
                    ),
                    Told(
                        "表三“其他”列：“本年度办理结果”各项相加（“（一）予以公开”1，其余各项都是0）＝1，"
                        "但“（七）总计”填的是0，相差1。请核对原始台账后更正。",
                        "error",
                        "t3.handled_total.other_org",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t3.balance",
        passes=(
            Given(GOOD),
            Given(requests(GOOD, {"granted": 2}, carried_out=1)),
            Given(with_cells(requests(GOOD, {"granted": 2}), t3__carried_in__total=BLANK)),
        ),
        fails=(
            (
                two(t3__carried_in__natural_person=1, t3__carried_in__total=1),
                (
                    Told(
                        "表三“自然人”列：本年新收0＋上年结转1＝1，办理结果总计0＋结转下年度0＝0，两边应当相等，相差1。请核对原始台账后更正。",
                        "error",
                        "t3.carried_out.natural_person",
                    ),
                    Told(
                        "表三“总计”列：本年新收0＋上年结转1＝1，办理结果总计0＋结转下年度0＝0，两边应当相等，相差1。请核对原始台账后更正。",
                        "error",
                        "t3.carried_out.total",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t3.carried_out",
        passes=(Given(GOOD), Given(requests(GOOD, {"granted": 2}, carried_out=3))),
        fails=(
            (
                Given(with_cells(requests(GOOD, {"granted": 2}), t3__carried_out__natural_person=3)),
                (
                    Told(
                        "表三“四、结转下年度继续办理”行“自然人”列填的是3，比本年新收2＋上年结转0＝2还多，结转下年度的只能是其中没有办完的。"
                        "请核对原始台账后更正。",
                        "error",
                        "t3.carried_out.natural_person",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "t3.silent",
        passes=(
            Given(GOOD),
            Given(requests(with_section(GOOD, "s1", "（二）依申请公开情况。收到申请2件，均已答复。"), {"granted": 2})),
            Given(requests(with_section(with_section(GOOD, "s1", "我镇主动公开信息20条。"), "s3", "本年度收到申请2件。"), {"granted": 2})),
        ),
        fails=(
            (
                Given(requests(with_section(GOOD, "s1", "我镇主动公开信息20条。"), {"granted": 2})),
                (
                    Told(
                        "表三“总计”列本年新收2件，但“一、总体情况”没有提到依申请公开。请补写收到和办理申请的情况。",
                        "notice",
                        "t3.received_new.total",
                    ),
                ),
            ),
        ),
    ),
]
