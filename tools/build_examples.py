"""Write the bundled example reports (``src/gongkai/examples``) with the project's own writers.

Every organ is invented. Run it after changing a writer or an example: ``python tools/build_examples.py``.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from gongkai.law import report_format
from gongkai.report import AnnualReport, Cell, Contact
from gongkai.report.render import write_report
from gongkai.report.render.outline import outline

EXAMPLES = Path(__file__).parents[1] / "src" / "gongkai" / "examples"


# What is not named here is 0. Figures of table three are listed by row and column, totals included.
CLEAN_2023 = {
    "t2.normative_docs.issued": 2,
    "t2.normative_docs.repealed": 1,
    "t2.normative_docs.in_force": 9,
    "t2.licensing.decisions": 126,
    "t2.penalties.decisions": 8,
    "t3.received_new.natural_person": 5,
    "t3.received_new.commercial_enterprise": 2,
    "t3.received_new.total": 7,
    "t3.carried_in.natural_person": 1,
    "t3.carried_in.total": 1,
    "t3.granted.natural_person": 2,
    "t3.granted.commercial_enterprise": 1,
    "t3.granted.total": 3,
    "t3.partial.natural_person": 1,
    "t3.partial.total": 1,
    "t3.denied_third_party.commercial_enterprise": 1,
    "t3.denied_third_party.total": 1,
    "t3.unable_not_held.natural_person": 1,
    "t3.unable_not_held.total": 1,
    "t3.not_processed_petition.natural_person": 1,
    "t3.not_processed_petition.total": 1,
    "t3.handled_total.natural_person": 5,
    "t3.handled_total.commercial_enterprise": 2,
    "t3.handled_total.total": 7,
    "t3.carried_out.natural_person": 1,
    "t3.carried_out.total": 1,
    "t4.reconsideration.upheld": 1,
    "t4.reconsideration.total": 1,
}
CLEAN_2024 = {
    "t2.normative_docs.issued": 3,
    "t2.normative_docs.in_force": 12,
    "t2.licensing.decisions": 141,
    "t2.penalties.decisions": 11,
    "t2.coercion.decisions": 1,
    "t3.received_new.natural_person": 4,
    "t3.received_new.commercial_enterprise": 1,
    "t3.received_new.legal_service_org": 1,
    "t3.received_new.total": 6,
    "t3.carried_in.natural_person": 1,
    "t3.carried_in.total": 1,
    "t3.granted.natural_person": 3,
    "t3.granted.commercial_enterprise": 1,
    "t3.granted.total": 4,
    "t3.denied_process_info.legal_service_org": 1,
    "t3.denied_process_info.total": 1,
    "t3.unable_not_held.natural_person": 1,
    "t3.unable_not_held.total": 1,
    "t3.handled_total.natural_person": 4,
    "t3.handled_total.commercial_enterprise": 1,
    "t3.handled_total.legal_service_org": 1,
    "t3.handled_total.total": 6,
    "t3.carried_out.natural_person": 1,
    "t3.carried_out.total": 1,
    "t4.litigation_after_reconsideration.upheld": 1,
    "t4.litigation_after_reconsideration.total": 1,
}
# Mistakes on purpose: the total of 予以公开 is 3 and not 2; the total of 行政复议 is 1 and not 2.
FAULTY_2024 = {
    "t2.normative_docs.issued": 1,
    "t2.normative_docs.in_force": 6,
    "t2.licensing.decisions": 88,
    "t2.penalties.decisions": 3,
    "t3.received_new.natural_person": 3,
    "t3.received_new.commercial_enterprise": 1,
    "t3.received_new.total": 4,
    "t3.granted.natural_person": 2,
    "t3.granted.total": 3,
    "t3.partial.commercial_enterprise": 1,
    "t3.partial.total": 1,
    "t3.unable_not_held.natural_person": 1,
    "t3.unable_not_held.total": 1,
    "t3.handled_total.natural_person": 3,
    "t3.handled_total.commercial_enterprise": 1,
    "t3.handled_total.total": 4,
    "t4.reconsideration.upheld": 1,
    "t4.reconsideration.corrected": 1,
    "t4.reconsideration.total": 1,
}
TRIAL_2020 = {
    "t2.normative_docs.made_new": 3,
    "t2.normative_docs.published_new": 3,
    "t2.normative_docs.public_total": 14,
    "t2.licensing.prev_items": 21,
    "t2.licensing.decisions": 64,
    "t2.other_services.prev_items": 35,
    "t2.other_services.decisions": 210,
    "t2.penalties.prev_items": 12,
    "t2.penalties.decisions": 5,
    "t2.coercion.prev_items": 4,
    "t2.gov_procurement.items": 6,
    "t3.received_new.natural_person": 2,
    "t3.received_new.total": 2,
    "t3.granted.natural_person": 1,
    "t3.granted.total": 1,
    "t3.other_handling.natural_person": 1,
    "t3.other_handling.total": 1,
    "t3.handled_total.natural_person": 2,
    "t3.handled_total.total": 2,
}
# Cells of that report that do not read as plain digits.
TRIAL_2020_PRINTED = {
    "t2.licensing.delta": Cell("number", Decimal(2), "+2"),
    "t2.other_services.delta": Cell("number", Decimal(-1), "-1"),
    "t2.gov_procurement.amount": Cell("number", Decimal("87.35"), "87.35万元", unit="万元"),
}


def cells(edition: str, figures: Mapping[str, int], printed: Mapping[str, Cell] | None = None) -> dict[str, Cell]:
    """Every cell of the edition: the figure given, else 0."""
    unknown = {*figures, *(printed or {})} - set(report_format(edition).cells)
    if unknown:
        raise SystemExit(f"no cells of edition {edition}: {sorted(unknown)}")
    plain = {address: figures.get(address, 0) for address in report_format(edition).cells}
    return {address: Cell("number", Decimal(value), str(value)) for address, value in plain.items()} | dict(printed or {})


def year_of(year: int) -> tuple[datetime.date, datetime.date]:
    """The reporting period of a year."""
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def headings(edition: str) -> tuple[str, ...]:
    """The section titles of the edition."""
    return tuple(section.title for section in report_format(edition).sections)


QIYUN = "澜汀县栖云镇人民政府"
QIYUN_CONTACT = Contact(address="澜汀县栖云镇溪畔路6号", phone="0000-8800126", postcode="000126")
QIYUN_PREFACE = (
    "本报告根据《中华人民共和国政府信息公开条例》（国务院令第711号）和《中华人民共和国政府信息公开工作年度报告格式》"
    "（国办公开办函〔2021〕30号）要求编制。本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
    "本报告电子版可在澜汀县人民政府门户网站（https://county.example/）查阅和下载。如对本报告有疑问，请与栖云镇党政办公室联系"
    "（地址：澜汀县栖云镇溪畔路6号；邮编：000126；电话：0000-8800126）。"
)


def clean_2023() -> AnnualReport:
    """A township's report in which everything adds up."""
    return AnnualReport(
        organ=QIYUN,
        year=2023,
        edition="2021",
        period=year_of(2023),
        published_on=datetime.date(2024, 1, 22),
        title=f"{QIYUN}2023年政府信息公开工作年度报告",
        contact=QIYUN_CONTACT,
        scope="township",
        complete=True,
        cells=cells("2021", CLEAN_2023),
        preface=QIYUN_PREFACE.format(year=2023),
        sections={
            "s1": """（一）主动公开
全年主动公开政府信息412条，其中通过县人民政府门户网站公开268条，通过微信公众号“栖云发布”公开109条，通过镇村公开栏公开35条。围绕耕地保护、农村危房改造、社会救助和义务教育公开信息97条，发布政策解读14篇。
（二）依申请公开
全年新收政府信息公开申请7件，上年结转1件；办结7件，结转下年度1件。办结的申请均在法定期限内答复。
（三）政府信息管理
全年制发行政规范性文件2件，废止1件，现行有效9件，均已在门户网站标注效力状态。印发前逐件确定公开属性，不予公开的写明理由。
（四）政府信息公开平台建设
调整门户网站镇级栏目11个，撤并长期不更新的栏目2个。镇便民服务中心设政务公开专区1处，提供自助查询和打印服务。
（五）监督保障
镇党委会议专题研究政务公开2次，开展业务培训3次。政务公开纳入镇村年度工作考核，考核结果全部合格；开展社会评议1次，满意度较高；全年没有发生需要追究责任的情形。""",
            "s2": "",
            "s3": "",
            "s4": "",
            "s5": """存在的主要问题：一是部分村的公开栏更新不及时；二是政策解读以文字为主，群众看不懂的地方还有。
改进情况：一是建立镇村公开栏按月巡查制度，由专人登记更新时间；二是会同县级主管部门制作图解和方言短音频，在赶集日现场讲解。""",
            "s6": "本年度没有向申请人收取政府信息公开信息处理费。除上述情况外，没有其他需要报告的事项。",
        },
        headings=headings("2021"),
    )


def clean_2024() -> AnnualReport:
    """The next year's report of the same township, whose figures carry on from the year before."""
    return AnnualReport(
        organ=QIYUN,
        year=2024,
        edition="2021",
        period=year_of(2024),
        published_on=datetime.date(2025, 1, 17),
        title=f"{QIYUN}2024年政府信息公开工作年度报告",
        contact=QIYUN_CONTACT,
        scope="township",
        complete=True,
        cells=cells("2021", CLEAN_2024),
        preface=QIYUN_PREFACE.format(year=2024),
        sections={
            "s1": """（一）主动公开
2024年，栖云镇主动公开政府信息455条，其中门户网站290条、微信公众号130条、镇村公开栏35条。重点公开了小流域治理、粮食补贴、养老服务等方面的信息，配发解读材料18篇，回应群众留言26条。
（二）依申请公开
2024年新收政府信息公开申请6件，加上2023年结转的1件，共办理7件，其中办结6件，结转下年度继续办理1件。
（三）政府信息管理
对现行有效的行政规范性文件全面核对，全年制发3件，没有废止，年末现行有效12件。建立文件台账，一件一档。
（四）政府信息公开平台建设
门户网站镇级栏目增加“村级财务”和“惠农补贴”两个子栏目，微信公众号开通政策文件检索。镇政务公开专区配备了大字版办事指南和助听设备。
（五）监督保障
结合年中检查，对12个村的公开情况逐村打分并通报，结果计入年度考核。邀请村民代表参加社会评议，收到建议5条，已全部采纳。全年无责任追究情形。""",
            "s2": "",
            "s3": "",
            "s4": "",
            "s5": """一年来仍有不足：基层公开人员岗位变动多，业务不熟；依申请公开答复文书的说理不够充分。
针对人员变动，编写了《镇村公开工作手册》并实行新人跟班一个月；针对说理不充分，由司法所对答复文书逐件会商，全年会商6件。""",
            "s6": "本年度未收取政府信息公开信息处理费。没有其他需要报告的事项。",
        },
        headings=headings("2021"),
    )


def faulty_2024() -> AnnualReport:
    """Another township's report with the mistakes that such reports really have."""
    organ = "澜汀县芦雁镇人民政府"
    return AnnualReport(
        organ=organ,
        year=2024,
        edition="2021",
        period=year_of(2024),
        published_on=datetime.date(2025, 2, 18),
        title=f"{organ}2024年政府信息公开工作年度报告",
        scope="township",
        complete=True,
        cells=cells("2021", FAULTY_2024),
        preface="根据《中华人民共和国政府信息公开条例》规定，现公布芦雁镇2024年政府信息公开工作年度报告。所列数据的统计期限为2024年1月1日至2024年12月31日。",
        sections={
            "s1": """（一）主动公开
2024年，我县坚持以公开为常态、不公开为例外，不断拓宽公开渠道。全年共主动公开政府信息380条，其中门户网站210条、微信公众号150条、公开栏30条。
（二）依申请公开
全年新收政府信息公开申请6件，均按期办结。
（三）政府信息管理
全年制发行政规范性文件1件。
（四）政府信息公开平台建设
加强门户网站栏目维护，及时更新公开内容。
（五）监督保障
落实专人负责，定期开展自查。""",
            "s2": "",
            "s3": "",
            "s4": "",
            "s5": "存在的主要问题是公开内容不够全面，人员力量不足。",
            "s6": "无其他需要报告的事项。",
        },
        headings=headings("2021"),
    )


def trial_2020() -> AnnualReport:
    """A report for 2020 in the trial form of 2019."""
    organ = "澜汀县石榆乡人民政府"
    return AnnualReport(
        organ=organ,
        year=2020,
        edition="2019",
        period=year_of(2020),
        published_on=datetime.date(2021, 1, 20),
        title=f"{organ}2020年政府信息公开工作年度报告",
        contact=Contact(address="澜汀县石榆乡古渡街19号", phone="0000-8800319", postcode="000319"),
        scope="township",
        complete=True,
        cells=cells("2019", TRIAL_2020, TRIAL_2020_PRINTED),
        preface=(
            "本报告依据《中华人民共和国政府信息公开条例》（国务院令第711号）和国办公开办函〔2019〕60号文件编制，数据统计期限为"
            "2020年1月1日至2020年12月31日。电子版可在澜汀县人民政府门户网站（https://county.example/）下载。联系地址：澜汀县石榆乡"
            "古渡街19号，邮编：000319，电话：0000-8800319。"
        ),
        sections={
            "s1": """（一）主动公开。2020年，石榆乡主动公开政府信息233条，其中网站公开176条，公开栏公开57条。
（二）依申请公开。全年收到政府信息公开申请2件，全部办结：予以公开1件，因申请人逾期不补正不再处理1件。
（三）政府信息管理。新制作规范性文件3件并全部公开。
（四）平台建设。乡便民服务大厅设查阅点1处。
（五）监督保障。开展社会评议1次，工作考核合格，没有责任追究情形。""",
            "s2": "",
            "s3": "",
            "s4": "",
            "s5": "主要问题是公开目录划分较粗。已对照基层政务公开标准目录细化事项，明确到岗到人。",
            "s6": "没有收取信息处理费，没有其他需要报告的事项。",
        },
        headings=headings("2019"),
    )


def as_text(report: AnnualReport) -> bytes:
    """The report as a web page looks when its text is copied out: one cell a line."""
    return ("\n".join(_text_lines(report)) + "\n").encode()


def _text_lines(report: AnnualReport) -> Iterator[str]:
    page = outline(report)
    yield from (page.title, page.dateline, "")
    for line in page.preface:
        yield line.text
    for part in page.parts:
        yield from ("", part.heading, "")
        for line in part.paragraphs:
            yield line.text
        for table in part.tables:
            yield from (cell.text for row in table.rows() for cell in row)


def build() -> dict[str, bytes]:
    """Every example: file name → content."""
    return {
        "township-2023.html": write_report(clean_2023(), "html"),
        "township-2024.docx": write_report(clean_2024(), "docx"),
        "township-2024-faulty.txt": as_text(faulty_2024()),
        "township-2020.json": write_report(trial_2020(), "json"),
    }


def main() -> None:
    """Write the files."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    EXAMPLES.mkdir(exist_ok=True)
    for name, content in build().items():
        (EXAMPLES / name).write_bytes(content)


if __name__ == "__main__":
    main()
