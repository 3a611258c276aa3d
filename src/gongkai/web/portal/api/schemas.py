"""What the answers hold: the types that the description in OpenAPI is made from."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Literal

from ninja import Schema
from pydantic import Field


class Organ(Schema):
    """An organ that publishes here."""

    code: str = Field(description="机关代码，不变")
    name: str = Field(description="全称")
    short_name: str = Field(description="简称")
    kind: str = Field(description="county、department、township、street、institution")
    parent: str | None = Field(description="上级机关的代码")
    credit_code: str | None = Field(description="统一社会信用代码")
    office_name: str | None = Field(description="政府信息公开工作机构")
    office_address: str | None = Field(description="办公地址")
    office_hours: str | None = Field(description="办公时间")
    phone: str | None = Field(description="联系电话")
    fax: str | None = Field(description="传真")
    internet_contact: str | None = Field(description="互联网联系方式")
    address: str = Field(description="网页")


class Organs(Schema):
    """All organs."""

    rows: list[Organ]


class ContentColumn(Schema):
    """A column of the statutory content."""

    id: str = Field(description="栏目代码，不变")
    title: str = Field(description="条例列明的内容")
    basis: str = Field(description="依据，写法见数据说明")
    organ_kinds: list[str] = Field(description="应当公开这项内容的机关类型")
    n_items: int = Field(description="现在公开的条数")
    last_on: datetime.date | None = Field(description="最近一次发布")


class ContentColumns(Schema):
    """All columns."""

    rows: list[ContentColumn]


class ItemRow(Schema):
    """What a list says of an item."""

    id: str = Field(description="索引号，把/换成-，不变")
    index_number: str = Field(description="索引号")
    title: str = Field(description="标题")
    organ: str = Field(description="发布机构的代码")
    organ_name: str = Field(description="机关全称")
    kind: str = Field(description="类别代码")
    kind_title: str = Field(description="类别")
    column: str = Field(description="栏目代码")
    document_number: str | None = Field(description="文号")
    formed_on: datetime.date | None = Field(description="形成或者变更之日")
    written_on: datetime.date | None = Field(description="成文日期")
    published_on: datetime.date = Field(description="发布日期")
    validity: str | None = Field(description="in_force有效、lapsed失效、repealed废止；没有说明效力的是null")
    validity_since_on: datetime.date | None = Field(description="有效性从哪一天起")
    summary: str | None = Field(description="摘要")
    keywords: str | None = Field(description="关键词")
    topics: list[str] = Field(description="主题代码")
    n_attachments: int = Field(description="附件数")
    address: str = Field(description="网页")


class Items(Schema):
    """A page of items, the newest first."""

    rows: list[ItemRow]
    next: str | None = Field(description="下一页的地址，最后一页是null")


class Detail(Schema):
    """One thing that an item of its kind says beside the text."""

    name: str = Field(description="代码")
    label: str = Field(description="名称")
    value: str = Field(description="内容")


class Attachment(Schema):
    """A file of an item."""

    name: str = Field(description="名称")
    type: str = Field(description="文件类型，取自文件名")
    size: int = Field(description="字节")
    sm3: str = Field(description="内容的SM3摘要")
    address: str = Field(description="下载地址")


class Tie(Schema):
    """A document or its interpretation. ``id`` is null for a page elsewhere."""

    id: str | None = Field(description="信息的id，在别处的是null")
    title: str = Field(description="标题")
    form_of: str = Field(description="解读形式")
    address: str = Field(description="网页")


class Item(ItemRow):
    """One item as it is public now."""

    html: str = Field(description="正文，HTML")
    text: str = Field(description="正文，纯文本")
    details: list[Detail] = Field(description="这个类别另外写明的事项")
    special_topics: list[str] = Field(description="专题")
    attachments: list[Attachment] = Field(description="附件：名称、类型、字节数、SM3摘要、地址")
    interpreted_by: list[Tie] = Field(description="它的解读")
    interprets: list[Tie] = Field(description="它解读的文件")
    replaced_by: str | None = Field(description="代替它的信息的id")


class Register(Schema):
    """A register, and which figures of table two it gives."""

    id: str = Field(description="登记册的代码")
    title: str = Field(description="名称")
    shape: str = Field(description="行的样子：document、decision、fee")
    fields: list[str] = Field(description="这个登记册的行里会有值的字段")
    n_years: int = Field(description="有登记的年份数")


class Registers(Schema):
    """All registers."""

    rows: list[Register]


class RegisterRow(Schema):
    """One row. Fields that the register does not have, or that are not public, are null; ``why`` then tells why."""

    kind: str = Field(description="登记册的代码")
    organ: str = Field(description="机关代码")
    organ_name: str = Field(description="机关全称")
    year: int = Field(description="年度")
    id: str | None = Field(description="登记册/机关代码/文号，不变")
    number: str | None = Field(description="文号")
    title: str | None = Field(description="文件标题")
    issued_on: datetime.date | None = Field(description="印发日期")
    in_force_from: datetime.date | None = Field(description="施行日期")
    repealed_on: datetime.date | None = Field(description="废止日期")
    lapsed_on: datetime.date | None = Field(description="失效日期")
    successor: str | None = Field(description="代替它的文件")
    decided_on: datetime.date | None = Field(description="决定日期")
    is_published: bool | None = Field(description="是否公开")
    item: str | None = Field(description="公开它的信息的id")
    charge: str | None = Field(description="收费项目")
    month: str | None = Field(description="收取月份")
    n_receipts: int | None = Field(description="笔数")
    issued: int | None = Field(description="计入本年制发")
    repealed: int | None = Field(description="计入本年废止")
    in_force: int | None = Field(description="计入年底有效")
    decided: int | None = Field(description="计入本年处理决定")
    amount_wan: Decimal | None = Field(description="万元")
    why: str | None = Field(description="为什么有的字段不公开")


class RegisterRows(Schema):
    """A page of a register, the oldest first."""

    rows: list[RegisterRow]
    next: str | None = Field(description="下一页的地址，最后一页是null")


class FigureRow(Schema):
    """A figure of table two. Silence is null, never zero."""

    organ: str = Field(description="机关代码")
    year: int = Field(description="年度")
    edition: str = Field(description="格式的版本")
    address: str = Field(description="单元格地址")
    title: str = Field(description="名称")
    value: Decimal | None = Field(description="数值")
    source: str = Field(description="register、nil_return、declared、silent")
    why: str = Field(description="数字从哪里来，或者为什么没有")


class Figures(Schema):
    """Table two of an organ's year as its records give it today; the published annual report is what counts."""

    rows: list[FigureRow]


class Count(Schema):
    """How much stands."""

    organ: str = Field(description="机关代码")
    year: int = Field(description="年度")
    month: int = Field(description="月份")
    column: str = Field(description="栏目代码")
    kind: str = Field(description="类别代码")
    n_items: int = Field(description="条数")


class Counts(Schema):
    """What is public now and was published in a year."""

    rows: list[Count]


class ChannelCount(Schema):
    """Items first published in the year with that primary channel."""

    channel: str = Field(description="渠道代码")
    title: str = Field(description="名称")
    n_items: int = Field(description="条数")


class Timeliness(Schema):
    """Working days from the day that the limit counts from to the first publication."""

    n_known: int = Field(description="算得出的条数")
    n_unknown: int = Field(description="没有写明起算日，或者起算日早于放假安排数据，算不出的条数")
    median_workdays: float | None = Field(description="工作日数的中位数")
    n_late: int | None = Field(description="超过期限的条数")
    why: str | None = Field(description="为什么没有数字")


class OrganYear(Schema):
    """The figures of an organ's year."""

    organ: str = Field(description="机关代码")
    year: int = Field(description="年度")
    n_first_published: int = Field(description="本年第一次发布的条数，撤回的也算")
    channels: list[ChannelCount] = Field(description="按主渠道：代码、名称、条数")
    timeliness: Timeliness = Field(description="从起算日到第一次发布用了几个工作日")


class ReportCell(Schema):
    """A cell of an annual report. ``value`` is a figure where ``kind`` is ``number`` alone; else it is null with the reason in ``why``."""

    organ: str = Field(description="机关代码")
    year: int = Field(description="年度")
    edition: str = Field(description="格式的版本")
    item: str = Field(description="公开它的信息的id")
    address: str = Field(description="单元格地址，见格式")
    unit: str | None = Field(description="单位，见格式")
    kind: Literal["number", "blank", "slash", "text", "missing", "unclear"] = Field(
        description="number数字、blank空白、slash斜杠或者横线、text文字、missing没有这一格、unclear读不准"
    )
    value: Decimal | None = Field(description="数值，只有number有")
    why: str | None = Field(description="为什么没有数值")


class AnnualReports(Schema):
    """The cells of the annual reports that are public now and were read."""

    rows: list[ReportCell]
    next: str | None = Field(description="下一页的地址，最后一页是null")


class FormatCell(Schema):
    """A cell of an edition of the form."""

    edition: str = Field(description="格式的版本")
    address: str = Field(description="单元格地址")
    table: str = Field(description="所在的表")
    title: str = Field(description="名称")
    unit: str | None = Field(description="单位")


class Format(Schema):
    """An edition of the form."""

    edition: str = Field(description="格式的版本")
    name: str = Field(description="名称")
    document: str = Field(description="格式的文号")
    first_year: int = Field(description="从哪一年起用")
    last_year: int | None = Field(description="到哪一年为止")
    rows: list[FormatCell] = Field(description="单元格：地址、表、名称、单位")


class Problem(Schema):
    """A refusal: ``code`` for programs, ``message`` for people."""

    code: str
    message: str
    reason: str | None = Field(default=None, description="撤回的理由")
    withdrawn_on: datetime.date | None = None
    retry_after: int | None = Field(default=None, description="等几秒")


class Refusal(Schema):
    """What comes with every status from 400 on."""

    error: Problem
