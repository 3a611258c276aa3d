"""What a person fills in about an item outside its text."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.web.disclosure.choices import words
from gongkai.web.office.choosing import ItemField

_DAY = {"type": "date"}


def _day(label: str, **marks: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"), **marks)


def _number(value: Any) -> int | None:
    return int(value) if value else None


class ValidityForm(forms.Form):
    """From which day an item is in force, lapsed or repealed."""

    state = forms.ChoiceField(label="有效性", choices=list(words("validities").items()), widget=forms.RadioSelect)
    since_on = _day("自哪一天起")
    successor = ItemField(label="由哪份新的文件代替", help_text="新的文件要已经发布。没有就不选。", none="没有新的文件")
    reason = forms.CharField(
        label="依据", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="失效或者废止时要写，例如清理结果的文号。公众会看到。",
    )  # fmt: skip


class LinkForm(forms.Form):
    """An interpretation of a document: one of the platform, or a page elsewhere."""

    form_of = forms.ChoiceField(label="形式", choices=list(words("interpretation_forms").items()))
    interpretation = ItemField(label="平台上的解读", none="不在平台上，在下面填写网址")
    url = forms.CharField(label="其他网站的网址", required=False, max_length=500, help_text="解读不在平台上时填写，例如媒体报道、视频。")
    title = forms.CharField(label="解读的名称", required=False, max_length=200, help_text="填写网址时一并填写。")


class ConsultForm(forms.Form):
    """Which organ is asked what."""

    organ = forms.TypedChoiceField(label="征求哪个机关", required=False, coerce=_number, empty_value=None)
    organ_name = forms.CharField(
        label="平台以外的机关", required=False, max_length=100, help_text="上面没有的机关填写全称，用公函征求，收到复函后登记。"
    )
    is_approval = forms.BooleanField(label="这是报请批准，不是协商", required=False, help_text="依照规定需要批准的才选。没有批准不能发布。")
    question = forms.CharField(label="要对方确认什么", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, organs: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].choices = [("", "请选择，或者在下面填写"), *organs]


class AnswerForm(forms.Form):
    """Whether the asked organ agrees."""

    verdict = forms.ChoiceField(label="意见", choices=list(words("verdicts").items()), widget=forms.RadioSelect)
    answer = forms.CharField(
        label="说明",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="不同意公开的，要写明理由和依据。",
    )


class LetterForm(AnswerForm):
    """The letter of an organ outside the platform."""

    answered_on = _day("复函日期")
    evidence = forms.CharField(label="凭证", max_length=300, help_text="复函的文号和存放的地方。")


class TopicForm(forms.Form):
    """A special topic."""

    name = forms.CharField(label="专题名称", max_length=40, help_text="2到40个字，例如“2026年防汛抗旱”。")


class NumberingForm(forms.Form):
    """How index numbers are written."""

    pattern = forms.CharField(
        label="格式", max_length=100, help_text="花括号里的由平台填写，其余的照写。可以从下面的例子里选一个再改。",
        widget=forms.TextInput(attrs={"list": "patterns", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    code = forms.CharField(
        label="机构代码", required=False, max_length=18, help_text="写在索引号里的代码，数字和大写字母。不填就用统一社会信用代码。"
    )
    from_on = _day("自哪一天起用", help_text="已经给出的索引号不变。")
