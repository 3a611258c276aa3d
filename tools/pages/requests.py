"""docs/law/requests.md: outcomes, letters, fees and remedies of requests, from the law data."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from gongkai import law
from gongkai.law.attributes import exemptions
from gongkai.law.requests import outcomes
from gongkai.law.requests.fees import standard
from gongkai.law.requests.letters import field_words
from gongkai.law.requests.letters import letters as every_letter
from gongkai.law.store import load

HEAD = """# 依申请公开：办理结果、文书、费用、救济途径

This page is made from `src/gongkai/law/data/requests` by `make docs`; `gongkai.law.requests` asks these data. 以下是{day}的规定。

- **先复议**：应当先申请行政复议，对复议决定不服再起诉。**任选**：可以申请行政复议，也可以直接起诉。
- **看理由**：部分公开的，不公开部分的理由要求先复议时，对这一部分先复议，对其余内容任选。
- 带 * 的一项比同一行的其他内容少一分把握：报告里算在哪一行、用哪种文书、救济途径的类别，由本级主管部门或者法律顾问定。
- “要写明”是除申请人、收到申请之日、申请内容以外，答复中还必须有的内容；缺一项就不能签发。
"""
REMEDIES = {"R1": "先复议", "R2": "任选", "by_ground": "看理由", "none": "不写", "by_outcome": "看办理结果"}
DIRECTIONS = {"outgoing": "发出", "incoming": "收进", "internal": "内部", "register": "登记"}
ADDRESSEES = {"applicant": "申请人", "third_party": "第三方", "co_organ": "共同制作机关", "unit": "协办单位", "keeper": "档案馆、图书馆"}
ORGANS = {
    "township": "乡镇政府",
    "department": "政府部门",
    "county": "县级政府",
    "city": "市级政府",
    "province": "省级政府",
    "street": "街道办事处",
    "institution": "授权组织、事业单位",
    "vertical": "海关、金融、外汇、税务、国家安全等垂直领导的机关",
    "justice": "司法行政部门",
}


def page() -> str:
    """The whole page, as the law stands on the day of its newest entry."""
    day = _newest()
    words = f"{day.year}年{day.month}月{day.day}日以后"
    return HEAD.format(day=words) + _outcomes(day) + _grounds() + _letters(day) + _fees(day) + _remedies(day)


def _newest() -> datetime.date:
    files = (load(f"requests/{name}") for name in ("outcomes", "letters", "fees", "remedies"))
    days: list[datetime.date] = [
        entry["from"] for data in files for part in data.values() if isinstance(part, list) for entry in part if "from" in entry
    ]
    days += [told["from"] for told in load("requests/remedies")["classes"].values() if "from" in told]
    return max(days)


def _table(title: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cells = list(head)
    lines = [f"\n## {title}\n\n| {' | '.join(cells)} |\n|{' --- |' * len(cells)}\n"]
    return "".join([*lines, *(f"| {' | '.join(row)} |\n" for row in rows)])


def _outcomes(day: datetime.date) -> str:
    titles = {told.id: f"{told.number} {told.name}" for told in every_letter(on=day)}
    rows = []
    for found in outcomes(on=day):
        mark = {name: "*" if name in found.unsure else "" for name in ("row", "letter", "remedy")}
        rows.append(
            (
                f"{found.words}<br>`{found.code}`",
                "<br>".join(_short(basis) for basis in found.bases),
                f"`{found.rows['2021']}`{mark['row']}",
                titles[found.letter] + mark["letter"],
                REMEDIES[found.remedy] + mark["remedy"],
                "；".join(field_words()[name] for name in found.given),
            )
        )
    return _table("办理结果", ("结果", "依据", "表三的行（2021年格式）", "文书", "救济", "要写明"), rows)


def _grounds() -> str:
    lifted = load("attributes")["overrides"]
    rows = ((entry.title, _short(entry.basis), "；".join(lifted[name] for name in entry.overrides)) for entry in exemptions())
    return _table("不予公开的理由", ("理由", "依据", "有下列情形的应当公开"), rows)


def _letters(day: datetime.date) -> str:
    head = load("requests/letters")["head"]
    rows = (
        (
            told.number,
            f"{told.name}<br>`{told.id}`",
            DIRECTIONS[told.direction] + (f"：{ADDRESSEES[told.addressee]}" if told.addressee else ""),
            told.series or "",
            _short(told.basis),
            REMEDIES[told.remedy],
            "；".join(field_words()[name] for name in told.fields if told.direction != "outgoing" or name not in head),
        )
        for told in every_letter(on=day)
    )
    note = (
        f"\n发出的文书还必须有{'、'.join(field_words()[name] for name in head)}；文号、成文日期和印章在签发时加上。"
        "它们按 GB/T 9704-2012 的信函格式排成 Word 和 PDF，正文的句子在 `templates.yaml`；其余的印成表格，没有填的栏留空。\n"
    )
    return _table("文书", ("编号", "文书", "去向", "文种字", "依据", "救济", "签发前必须有的内容"), rows) + note


def _fees(day: datetime.date) -> str:
    methods = load("requests/fees")["methods"]
    rows = (
        (entry["words"], entry["counted"], "<br>".join(standard(method=entry["id"], on=day)), _short(entry["basis"])) for entry in methods
    )
    return _table("信息处理费", ("方式", "计数", "收费标准", "依据"), rows) + "\n每件申请只选一种方式。各档只对落在该档的部分计费。\n"


def _remedies(day: datetime.date) -> str:
    data = load("requests/remedies")
    rows = (
        (ORGANS[entry["organ"]], "或者".join(data["roles"][role]["words"] for role in entry["to"]), _short(entry["basis"]))
        for entry in data["organs"]
    )
    limits = [
        law.at(day).value(name) for name in ("reconsideration_limit", "litigation_direct_limit", "litigation_after_reconsideration_limit")
    ]
    told = "".join(f"- {value.name}：{value.words}（{law.cite(value.basis)}）\n" for value in limits)
    return _table("向谁申请行政复议", ("作出答复的机关", "受理行政复议的机关", "依据"), rows) + f"\n{told}"


def _short(basis: str) -> str:
    """A basis without the words that every title begins with."""
    return law.cite(basis).replace("中华人民共和国", "")
