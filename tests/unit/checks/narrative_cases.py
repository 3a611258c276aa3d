"""Cases of the checks on sections one and five."""

from __future__ import annotations

from tests.factories import (
    SECTIONS,
    with_section,
)
from tests.unit.checks.case import Case, Given, Told
from tests.unit.checks.givens import (
    BUREAU,
    GOOD,
    s5,
)

CASES = [
    Case(
        "s1.parts",
        passes=(Given(GOOD), Given(with_section(GOOD, "s1", None))),
        fails=(
            (
                Given(with_section(GOOD, "s1", "（一）主动公开情况。公开20条。\n（二）依申请公开情况。没有申请。\n我镇加强平台建设。")),
                (
                    Told(
                        "“一、总体情况”应当分主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障五个方面写，"
                        "本报告没有写“政府信息管理”、“监督保障”，没有单列“政府信息公开平台建设”（文中提到了有关内容）。请分别列小标题写清楚。",
                        "warning",
                        basis="format-2021:s1",
                    ),
                ),
            ),
            (
                Given(with_section(GOOD, "s1", SECTIONS["s1"].replace("（五）监督保障情况。", "监督保障有力。"))),
                (
                    Told(
                        "“一、总体情况”应当分主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障五个方面写，"
                        "本报告没有单列“监督保障”（文中提到了有关内容）。请分别列小标题写清楚。",
                        "notice",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "s1.appraisal",
        passes=(
            Given(GOOD),
            Given(with_section(BUREAU, "s1", "（一）主动公开情况。公开20条。")),
            Given(with_section(GOOD, "s1", "（一）主动公开情况。公开20条。"), scope="street"),
        ),
        fails=(
            (
                Given(with_section(GOOD, "s1", "（一）主动公开情况。公开20条。")),
                (
                    Told(
                        "报告没有写工作考核、社会评议、责任追究的结果。本机关是乡镇（按名称“云川县青禾镇人民政府”推断），"
                        "各级人民政府的年度报告应当包括工作考核、社会评议和责任追究结果；没有开展或者没有发生的，也请写明。",
                        "warning",
                    ),
                ),
            ),
            (
                Given(with_section(GOOD, "s1", "（一）主动公开情况。公开20条，年度考核良好。"), scope="county"),
                (
                    Told(
                        "报告没有写社会评议、责任追究的结果。本机关是县级，"
                        "各级人民政府的年度报告应当包括工作考核、社会评议和责任追究结果；没有开展或者没有发生的，也请写明。",
                        "notice",
                    ),
                ),
            ),
        ),
    ),
    Case(
        "s5.empty",
        passes=(Given(GOOD), Given(with_section(GOOD, "s5", None))),
        fails=(
            (
                s5("无。"),
                (
                    Told(
                        "“五、存在的主要问题及改进情况”只写了“无”。这一部分是年度报告的法定内容，请写明本年度的主要问题和改进情况。",
                        "warning",
                        basis="reg:50",
                    ),
                ),
            ),
            (
                s5(""),
                (
                    Told(
                        "“五、存在的主要问题及改进情况”是空的。这一部分是年度报告的法定内容，请写明本年度的主要问题和改进情况。", "warning"
                    ),
                ),
            ),
        ),
    ),
    Case(
        "s5.problems",
        passes=(Given(GOOD), s5("无"), s5("栏目更新不及时，2024年将按月检查。")),
        fails=(
            (
                s5("（一）存在的主要问题\n我镇高度重视，成绩显著。\n（二）改进措施\n继续加强学习。"),
                (
                    Told(
                        "“五、存在的主要问题及改进情况”只写了做法，没有写存在什么问题。请写明本机关政府信息公开工作的具体问题。",
                        "warning",
                    ),
                ),
            ),
            (
                s5("政策解读形式单一，个别栏目更新不及时。"),
                (Told("“五、存在的主要问题及改进情况”只写了问题，没有写怎样改进。请对照问题逐项写明改进情况。", "warning"),),
            ),
        ),
    ),
    Case(
        "s5.measures",
        passes=(
            Given(GOOD),
            s5("主要问题：一是解读形式单一，二是更新不及时，三是人手不足。下一步，我镇将逐项整改。"),
            s5("主要问题是解读形式单一，个别栏目更新不及时。下一步：一是丰富形式，二是按月检查。"),
        ),
        fails=(
            (
                s5("存在的主要问题：一是解读形式单一；二是更新不及时；三是人手不足。\n改进措施：\n1.丰富解读形式。\n2.按月检查栏目。"),
                (Told("第五部分列了3个问题，只列了2条改进措施。请核对是否每个问题都有对应的改进情况。", "notice"),),
            ),
        ),
    ),
]
