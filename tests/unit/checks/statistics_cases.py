"""Cases of the checks on the yearly statistics form before 2019."""

from __future__ import annotations

from gongkai.report import Cell
from tests.factories import (
    a_report,
    with_addresses,
)
from tests.unit.checks.case import Case, Given, Told

# The yearly statistics form: identity or bound, the cells that break it, the message.
_FORM = a_report("pre2019", year=2017)
_P = "政府信息公开情况统计表"


def _statistics(
    code: str, passing: dict[str, object], failing: dict[str, object], message: str, cell: str, severity: str = "error"
) -> Case:
    return Case(
        code,
        passes=(Given(_FORM), Given(with_addresses(_FORM, passing))),
        fails=((Given(with_addresses(_FORM, failing)), (Told(message, severity, cell),)),),
    )


CASES = [
    _statistics(
        "p.missing",
        {},
        {"p.staff": None},
        f"{_P}少了1格：“（三）从事政府信息公开工作人员数”。请对照统一格式，确认表格的行和列没有删改。",
        "p.staff",
        "notice",
    ),
    _statistics(
        "p.blank",
        {},
        {"p.complaints": Cell("blank")},
        f"{_P}有1格没有填数字（填的是空白）：“六、举报投诉数量”。没有发生的也要填0，不能空着、画线或者写字。请补填。",
        "p.complaints",
        "warning",
    ),
    _statistics(
        "p.count",
        {"p.funds_wan": "1.25"},
        {"p.trainees": "-3"},
        f"{_P}“（三）接受培训人员数”填的是-3，件数应当是0或者正整数。请核对原始台账后更正。",
        "p.trainees",
    ),
    _statistics(
        "p.received",
        {"p.req_received": 4, "p.in_person": 1, "p.online": 3},
        {"p.req_received": 5, "p.in_person": 1, "p.online": 3},
        f"{_P}“（一）收到申请数”填的是5，但“（一）收到申请数·1.当面申请数”1＋“（一）收到申请数·2.传真申请数”0＋“（一）收到申请数·3.网络申请数”3"
        "＋“（一）收到申请数·4.信函申请数”0＝4，相差1。请核对原始台账后更正。",
        "p.req_received",
    ),
    _statistics(
        "p.closed",
        {"p.req_closed": 4, "p.closed_on_time": 3, "p.closed_extended": 1},
        {"p.req_closed": 4, "p.closed_on_time": 3},
        f"{_P}“（二）申请办结数”填的是4，但“（二）申请办结数·1.按时办结数”3＋“（二）申请办结数·2.延期办结数”0＝3，相差1。请核对原始台账后更正。",
        "p.req_closed",
    ),
    _statistics(
        "p.replied",
        {"p.req_replied": 2, "p.r_granted": 1, "p.r_not_exist": 1},
        {"p.req_replied": 1, "p.r_granted": 1, "p.r_not_exist": 1},
        f"{_P}“（三）申请答复数”填的是1，但“（三）申请答复数·1.属于已主动公开范围数”0＋“（三）申请答复数·2.同意公开答复数”1"
        "＋“（三）申请答复数·3.同意部分公开答复数”0＋“（三）申请答复数·4.不同意公开答复数”0＋“（三）申请答复数·5.不属于本行政机关公开数”0"
        "＋“（三）申请答复数·6.申请信息不存在数”1＋“（三）申请答复数·7.告知作出更改补充数”0＋“（三）申请答复数·8.告知通过其他途径办理数”0"
        "＝2，相差1。请核对原始台账后更正。",
        "p.req_replied",
    ),
    _statistics(
        "p.denied",
        {"p.r_denied": 1, "p.d_privacy": 1, "p.req_replied": 1},
        {"p.r_denied": 2, "p.d_privacy": 1, "p.req_replied": 2},
        f"{_P}“（三）申请答复数·4.不同意公开答复数”填的是2，但“（三）申请答复数·4.不同意公开答复数·其中：涉及国家秘密”0"
        "＋“（三）申请答复数·4.不同意公开答复数·涉及商业秘密”0＋“（三）申请答复数·4.不同意公开答复数·涉及个人隐私”1"
        "＋“（三）申请答复数·4.不同意公开答复数·危及国家安全、公共安全、经济安全和社会稳定”0"
        "＋“（三）申请答复数·4.不同意公开答复数·不是《条例》所指政府信息”0＋“（三）申请答复数·4.不同意公开答复数·法律法规规定的其他情形”0"
        "＝1，相差1。请核对原始台账后更正。",
        "p.r_denied",
    ),
    _statistics(
        "p.reconsideration",
        {"p.recon_total": 2, "p.recon_upheld": 1, "p.recon_other": 1},
        {"p.recon_total": 2, "p.recon_upheld": 1},
        f"{_P}“四、行政复议数量”填的是2，但“（一）维持具体行政行为数”1＋“（二）被依法纠错数”0＋“（三）其他情形数”0＝1，相差1。请核对原始台账后更正。",
        "p.recon_total",
    ),
    _statistics(
        "p.litigation",
        {"p.lit_total": 1, "p.lit_corrected": 1},
        {"p.lit_corrected": 1},
        f"{_P}“五、行政诉讼数量”填的是0，但“（一）维持具体行政行为或者驳回原告诉讼请求数”0＋“（二）被依法纠错数”1＋“（三）其他情形数”0＝1，相差1。"
        "请核对原始台账后更正。",
        "p.lit_total",
    ),
    _statistics(
        "p.staff",
        {"p.staff": 3, "p.staff_full_time": 1, "p.staff_part_time": 2},
        {"p.staff": 3, "p.staff_full_time": 1, "p.staff_part_time": 1},
        f"{_P}“（三）从事政府信息公开工作人员数”填的是3，但“1.专职人员数”1＋“2.兼职人员数”1＝2，相差1。请核对原始台账后更正。",
        "p.staff",
    ),
    _statistics(
        "p.normative",
        {"p.normative_made": 2, "p.normative_published": 2},
        {"p.normative_made": 1, "p.normative_published": 2},
        f"{_P}“其中：主动公开规范性文件数”填的是2，大于{_P}“制发规范性文件总数”的1。除非公开了以前年度的文件，否则公开的不会多于制发的。"
        "请核对原始台账后更正。",
        "p.normative_published",
        "warning",
    ),
    _statistics(
        "p.press",
        {"p.press_total": 2, "p.press_leader": 1},
        {"p.press_total": 1, "p.press_leader": 2},
        f"{_P}“（二）通过不同渠道和方式回应解读的情况·其中：主要负责同志参加新闻发布会次数”填的是2，"
        f"大于{_P}“（二）通过不同渠道和方式回应解读的情况·1.参加或举办新闻发布会总次数”的1。这一项是其中数，不会比总次数多。请核对原始台账后更正。",
        "p.press_leader",
    ),
    _statistics(
        "p.interview",
        {"p.interview_total": 2, "p.interview_leader": 2},
        {"p.interview_leader": 1},
        f"{_P}“（二）通过不同渠道和方式回应解读的情况·其中：主要负责同志参加政府网站在线访谈次数”填的是1，"
        f"大于{_P}“（二）通过不同渠道和方式回应解读的情况·2.政府网站在线访谈次数”的0。这一项是其中数，不会比总次数多。请核对原始台账后更正。",
        "p.interview_leader",
    ),
    _statistics(
        "p.channels",
        {"p.proactive_total": 10, "p.ch_website": 8, "p.ch_wechat": 5},
        {"p.proactive_total": 10, "p.ch_website": 8},
        f"{_P}“（一）主动公开政府信息数”填的是10，大于{_P}“（二）通过不同渠道和方式公开政府信息的情况·1.政府公报公开政府信息数”、"
        f"{_P}“（二）通过不同渠道和方式公开政府信息的情况·2.政府网站公开政府信息数”、{_P}“（二）通过不同渠道和方式公开政府信息的情况·3.政务微博公开政府信息数”、"
        f"{_P}“（二）通过不同渠道和方式公开政府信息的情况·4.政务微信公开政府信息数”、{_P}“（二）通过不同渠道和方式公开政府信息的情况·5.其他方式公开政府信息数”"
        "各项之和8。每条信息至少通过一种渠道公开，各渠道之和不会少于公开总数。请核对原始台账后更正。",
        "p.proactive_total",
        "warning",
    ),
]
