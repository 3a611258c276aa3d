"""What a person fills in on the screens of the watch, and what the public fills in to report an error."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.suggesting.queries import grounds
from gongkai.web.disclosure.suggesting.values import longest, outcomes
from gongkai.web.disclosure.watch.models import OUTCOMES, SETTLED, VERDICTS

_WORDS = {"rows": 3}


class OverturnedForm(forms.Form):
    """That a penalty decision was altered, revoked or found illegal or void."""

    outcome = forms.ChoiceField(label="处罚决定的结果", choices=list(OUTCOMES.items()), widget=forms.RadioSelect)
    overturned_on = forms.DateField(
        label="变更、撤销或者确认之日", help_text="从这一天的次日起三个工作日内撤回。", widget=forms.DateInput(attrs={"type": "date"})
    )
    evidence = forms.CharField(label="文书", max_length=300, help_text="行政复议决定书、判决书或者本机关撤销决定的文号。")


class ReassessForm(forms.Form):
    """What an assessment of a withheld item found."""

    verdict = forms.ChoiceField(label="评估结论", choices=list(VERDICTS.items()), widget=forms.RadioSelect)
    reason = forms.CharField(
        label="理由", max_length=500, widget=forms.Textarea(attrs=_WORDS), help_text="原来不公开的情形还在不在，依据是哪一条。"
    )


class SettleForm(forms.Form):
    """What an organ decides about a pair."""

    verdict = forms.ChoiceField(label="处理结论", choices=list(SETTLED.items()), widget=forms.RadioSelect)
    burden = forms.ChoiceField(
        label="由哪一条撤回或者更正", choices=[], required=False, widget=forms.RadioSelect, help_text="结论是“都保留”的，不用选。"
    )
    reason = forms.CharField(
        label="理由", max_length=500, widget=forms.Textarea(attrs=_WORDS), help_text="另一个机关看得到您的结论和理由。"
    )

    def __init__(self, *args: Any, sides: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["burden"].choices = sides


class AnswerForm(forms.Form):
    """The answer to a report of an error."""

    is_taken = forms.ChoiceField(label="是否采纳", choices=[("yes", "采纳"), ("no", "不采纳")], widget=forms.RadioSelect)
    words = forms.CharField(
        label="答复", max_length=1000, widget=forms.Textarea(attrs=_WORDS), help_text="采纳的写怎样更正，不采纳的写理由。提出的人看得到。"
    )


class SuggestionForm(forms.Form):
    """The answer to a suggestion to publish. Which fields it needs goes by the outcome; the others are not looked at."""

    outcome = forms.ChoiceField(label="怎样答复", choices=list(outcomes().items()), widget=forms.RadioSelect)
    item = forms.CharField(
        label="公开的信息", required=False, max_length=300, help_text="已经公开的填：本机关那条信息的索引号，或者它的网页地址。"
    )
    organ = forms.ModelChoiceField(
        label="属于哪个机关", queryset=Agency.objects.none(), required=False, empty_label="请选择", help_text="不属于本机关的选。"
    )
    ground = forms.ChoiceField(
        label="不予公开的情形", required=False, help_text="不纳入的，属于法定情形就选；是其他理由的不选，写在答复里。"
    )
    words = forms.CharField(
        label="答复", required=False, max_length=longest("words"), widget=forms.Textarea(attrs=_WORDS),
        help_text="纳入的写公开什么、大约什么时候，不纳入的写理由，这两种必须写。提出的人看得到。",
    )  # fmt: skip

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Agency.objects.filter(path__startswith=agency.county_path).exclude(pk=agency.pk)
        self.fields["organ"].queryset = others.order_by("path")
        self.fields["organ"].label_from_instance = lambda organ: organ.name
        self.fields["ground"].choices = [("", "其他理由"), *grounds()]
