"""What a person fills in on a screen, as typed values."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.actions import Content
from gongkai.web.disclosure.choices import words


class ItemForm(forms.Form):
    """The draft of an item."""

    agency = forms.ModelChoiceField(label="发布机构", queryset=Agency.objects.none(), empty_label=None)
    title = forms.CharField(label="标题", max_length=200, help_text="公众看到的标题，不超过200个字。")
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *words("kinds").items()])
    column = forms.ChoiceField(label="公开栏目", choices=[])
    formed_on = forms.DateField(label="形成或者变更之日", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    document_number = forms.CharField(label="文号", required=False, max_length=60)
    body = forms.CharField(label="正文", widget=forms.Textarea(attrs={"rows": 14}))
    primary_channel = forms.ChoiceField(label="主渠道", choices=list(words("channels").items()), initial="site")
    channels = forms.MultipleChoiceField(
        label="其他渠道", choices=list(words("channels").items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    attribute = forms.ChoiceField(label="公开属性", choices=list(words("attributes").items()), initial="proactive")
    attribute_reason = forms.CharField(label="不主动公开的理由", required=False, max_length=300)
    summary = forms.CharField(label="内容概述", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    keywords = forms.CharField(label="关键词", required=False, max_length=100)

    def __init__(self, *args: Any, agencies: Any, columns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        self.fields["column"].choices = [("", "请选择"), *columns]

    def content(self) -> Content:
        """The content as the action takes it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "agency"}
        return Content(**{**values, "channels": tuple(values["channels"])})


class ReasonForm(forms.Form):
    """A reason that the ledger keeps."""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class EvidenceForm(forms.Form):
    """By what one can see that a channel carried something."""

    evidence = forms.CharField(label="凭证", max_length=300, help_text="链接、张贴照片编号或者移交单号。")
