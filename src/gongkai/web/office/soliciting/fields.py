"""What the office fills in about calls for opinions."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from gongkai.law.duties import duties
from gongkai.web.disclosure.soliciting.periods import matters
from gongkai.web.disclosure.soliciting.values import SITE, choices, longest

COLUMNS = [(duty.id, duty.title) for duty in duties()]
# Points that the form asks for; more are written in the item itself.
POINTS = 6


def _day(label: str, **marks: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **marks)


class SolicitForm(forms.Form):
    """About what, from when until when, and how to send opinions beside the site."""

    matter = forms.ChoiceField(label="征集的是", widget=forms.RadioSelect)
    from_on = _day("起始日期", help_text="从这一天起可以在网站上提意见，不早于今天。")
    until_on = _day("截止日期", required=False, help_text="不填就按最短期限算。当天仍可以提意见。")
    shortened = forms.CharField(
        label="缩短期限的理由", required=False, max_length=longest("reason"), widget=forms.Textarea(attrs={"rows": 2}),
        help_text="截止日期早于最短期限才写，公众会看到。补偿安置方案、补偿方案的期限不能缩短。",
    )  # fmt: skip
    postal = forms.CharField(label="来信地址", required=False, max_length=200)
    phone = forms.CharField(label="电话", required=False, max_length=60)
    email = forms.EmailField(label="电子邮箱", required=False, max_length=100)

    def __init__(self, *args: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].choices = [(limit.id, f"{limit.matter}（{limit.words}）") for limit in matters(on)]


class EnterForm(forms.Form):
    """An opinion that came another way than by the site."""

    channel = forms.ChoiceField(label="怎样收到的", choices=[pair for pair in choices("channels").items() if pair[0] != SITE])
    received_on = _day("收到日期")
    text = forms.CharField(
        label="意见", max_length=longest("text"), widget=forms.Textarea(attrs={"rows": 6}), help_text="照原话记，可以归纳，不改变意思。"
    )
    name = forms.CharField(label="姓名或者单位", required=False, max_length=longest("name"), help_text="加密保存。")
    contact = forms.CharField(label="联系方式", required=False, max_length=longest("contact"), help_text="加密保存。")


class AsideForm(forms.Form):
    """Why an opinion does not count."""

    why = forms.ChoiceField(label="为什么不计入", choices=list(choices("asides").items()), widget=forms.RadioSelect)
    reason = forms.CharField(label="说明", max_length=longest("reason"), help_text="例如与哪一件重复。台账会记下来，提意见的人只看到原因。")


class AgainForm(forms.Form):
    """Why an opinion counts again."""

    reason = forms.CharField(label="为什么重新计入", max_length=longest("reason"))


class SummaryForm(forms.Form):
    """The column of the summary, and words before its points."""

    column = forms.ChoiceField(label="栏目", choices=[("", "请选择"), *COLUMNS])
    opening = forms.CharField(
        label="总的说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="选填，写在各条前面。收到多少件由系统写。",
    )  # fmt: skip


class PointForm(forms.Form):
    """One point; an empty one is left out."""

    said = forms.CharField(
        label="提了什么",
        required=False,
        max_length=longest("point"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="用自己的话归纳，不写姓名。",
    )
    n = forms.IntegerField(label="件数", required=False, min_value=1)
    fate = forms.ChoiceField(label="是否采纳", required=False, choices=[("", "请选择"), *choices("fates").items()])
    why = forms.CharField(
        label="理由", required=False, max_length=longest("point"), widget=forms.Textarea(attrs={"rows": 2}), help_text="采纳的写怎样修改。"
    )


Points = forms.formset_factory(PointForm, extra=POINTS)
