"""What an auditor types into the filter, as typed values."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import actions
from gongkai.web.ledger.exporting import KINDS
from gongkai.web.ledger.queries import Asked
from gongkai.web.office.ledger.subjects import family, indexed
from gongkai.web.office.templatetags.office_words import act_words


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class AskForm(forms.Form):
    """The filter of the ledger. What cannot be read narrows nothing and is shown as wrong."""

    agency = forms.ChoiceField(label="机关", required=False)
    person = forms.CharField(label="办理人", required=False, max_length=60, help_text="姓名或者用户名")
    action = forms.ChoiceField(label="事项", required=False)
    since = _day("发生日期从")
    until = _day("到")
    words = forms.CharField(label="理由和意见里的词", required=False, max_length=50)
    index = forms.CharField(label="信息的索引号", required=False, max_length=60)
    number = forms.IntegerField(label="台账序号", required=False, min_value=1, max_value=10**15)
    recorded_since = _day("记录日期从")
    recorded_until = _day("到")
    about = forms.RegexField(r"^[a-z_]+\.[a-z_]+:\d{1,17}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: list[Agency] = list(organs)
        self.fields["agency"].choices = [("", "全部"), *((row.path, row.short_name) for row in rows)]
        self.fields["action"].choices = [("", "全部"), *((name, act_words(name)) for name in actions() if not name.endswith(".view"))]

    def asked(self, county: str) -> Asked:
        """The filter as the ledger takes it."""
        values = {name: value for name, value in self.cleaned_data.items() if value and name not in ("index", "about")}
        index, about = self.cleaned_data.get("index", "").strip(), self.cleaned_data.get("about", "")
        if index:
            about = indexed(index) or "none:0"
        return Asked(county=county, about=family(about), **values)


class TakeOutForm(forms.Form):
    """An export: which kind of file, and why."""

    kind = forms.ChoiceField(label="文件格式", choices=list(KINDS.items()))
    reason = forms.CharField(label="理由", max_length=500)
