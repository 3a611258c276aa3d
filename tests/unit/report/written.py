"""What the tests of the writers share: reports with telling figures, and the printed forms typed out by hand.

The labels are typed from the published forms and not taken from the law data, so that the data is tested too.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from gongkai.law import report_format
from gongkai.report import AnnualReport, Cell

COLUMNS_3 = [
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other_org",
    "total",
]
ROWS_3 = [
    ("received_new", "一、本年新收政府信息公开申请数量"),
    ("carried_in", "二、上年结转政府信息公开申请数量"),
    ("granted", "（一）予以公开"),
    ("partial", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    ("denied_state_secret", "1.属于国家秘密"),
    ("denied_law_prohibited", "2.其他法律行政法规禁止公开"),
    ("denied_safety_stability", "3.危及“三安全一稳定”"),
    ("denied_third_party", "4.保护第三方合法权益"),
    ("denied_internal_affairs", "5.属于三类内部事务信息"),
    ("denied_process_info", "6.属于四类过程性信息"),
    ("denied_enforcement_file", "7.属于行政执法案卷"),
    ("denied_admin_query", "8.属于行政查询事项"),
    ("unable_not_held", "1.本机关不掌握相关政府信息"),
    ("unable_needs_creation", "2.没有现成信息需要另行制作"),
    ("unable_unclear_after_supplement", "3.补正后申请内容仍不明确"),
    ("not_processed_petition", "1.信访举报投诉类申请"),
    ("not_processed_repeat", "2.重复申请"),
    ("not_processed_publication", "3.要求提供公开出版物"),
    ("not_processed_excessive", "4.无正当理由大量反复申请"),
    ("not_processed_confirm_reissue", "5.要求行政机关确认或重新出具已获取信息"),
    ("other_no_supplement", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ("other_fee_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    ("other_misc", "3.其他"),
    ("handled_total", "（七）总计"),
    ("carried_out", "四、结转下年度继续办理"),
]
HEAD_3_LAST = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
# Merged cells of table three: first row, first column, last row, last column, text. Rows and columns count from 0.
MERGED_3 = [
    (0, 0, 2, 2, "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"),
    (0, 3, 0, 9, "申请人情况"),
    (1, 3, 2, 3, "自然人"),
    (1, 4, 1, 8, "法人或其他组织"),
    (1, 9, 2, 9, "总计"),
    (3, 0, 3, 2, "一、本年新收政府信息公开申请数量"),
    (4, 0, 4, 2, "二、上年结转政府信息公开申请数量"),
    (5, 0, 26, 0, "三、本年度办理结果"),
    (5, 1, 5, 2, "（一）予以公开"),
    (6, 1, 6, 2, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    (7, 1, 14, 1, "（三）不予公开"),
    (15, 1, 17, 1, "（四）无法提供"),
    (18, 1, 22, 1, "（五）不予处理"),
    (23, 1, 25, 1, "（六）其他处理"),
    (26, 1, 26, 2, "（七）总计"),
    (27, 0, 27, 2, "四、结转下年度继续办理"),
]
# Table two of 2021, row by row; a figure is named by its cell, ``None`` continues the cell to the left.
GRID_2 = [
    ["第二十条第（一）项", None, None, None],
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "@rules.issued", "@rules.repealed", "@rules.in_force"],
    ["行政规范性文件", "@normative_docs.issued", "@normative_docs.repealed", "@normative_docs.in_force"],
    ["第二十条第（五）项", None, None, None],
    ["信息内容", "本年处理决定数量", None, None],
    ["行政许可", "@licensing.decisions", None, None],
    ["第二十条第（六）项", None, None, None],
    ["信息内容", "本年处理决定数量", None, None],
    ["行政处罚", "@penalties.decisions", None, None],
    ["行政强制", "@coercion.decisions", None, None],
    ["第二十条第（八）项", None, None, None],
    ["信息内容", "本年收费金额（单位：万元）", None, None],
    ["行政事业性收费", "@admin_fees.amount_wan", None, None],
]
RESULTS_4 = ["upheld", "corrected", "other", "pending", "total"]
HEAD_4 = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3
REMEDIES_4 = ["reconsideration", "litigation_direct", "litigation_after_reconsideration"]

SECTIONS = {
    "s1": "（一）主动公开\n全年公开信息260条。\n第二段，含“引号”与（括号）。",
    "s2": "",
    "s3": "本年度申请情况如下。",
    "s4": "",
    "s5": "一是问题。\n二是改进。",
    "s6": "没有其他需要报告的事项。",
}


def distinct(edition: str = "2021", year: int = 2024, **changes: Cell) -> AnnualReport:
    """A report whose every cell holds another figure, so that no two can be mistaken for one another.

    ``changes`` replace cells; a dot in an address is written as two underscores.
    """
    format_ = report_format(edition)
    cells = {address: Cell("number", Decimal(1001 + number), str(1001 + number)) for number, address in enumerate(format_.cells)}
    cells |= {name.replace("__", "."): cell for name, cell in changes.items()}
    return AnnualReport(
        organ="澜汀县栖云镇人民政府",
        year=year,
        edition=edition,
        published_on=datetime.date(year + 1, 1, 5),
        title=f"澜汀县栖云镇人民政府{year}年政府信息公开工作年度报告",
        cells=cells,
        sections=SECTIONS,
        preface="本报告依据条例编制。\n联系电话：0000-8800126。",
        complete=True,
    )


def printed(report: AnnualReport, address: str) -> str:
    """The raw text of a cell of :func:`distinct`."""
    return report.cells[address].raw


def expected_2(report: AnnualReport) -> list[list[str | None]]:
    """Table two with its figures."""
    return [[printed(report, "t2." + word[1:]) if word is not None and word.startswith("@") else word for word in row] for row in GRID_2]


def expected_3(report: AnnualReport) -> list[list[str]]:
    """The figures of table three, one list a row."""
    return [[printed(report, f"t3.{row}.{column}") for column in COLUMNS_3] for row, _ in ROWS_3]


def expected_4(report: AnnualReport) -> list[str]:
    """The figures of table four, left to right."""
    return [printed(report, f"t4.{remedy}.{result}") for remedy in REMEDIES_4 for result in RESULTS_4]
