"""What a person fills in on the screens of review, as typed values."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.review.plans import MOST_DAYS, Plan
from gongkai.web.review.stages import stages

_NOT_USED = ("", "不用")


class UrgentForm(forms.Form):
    """Who approves an urgent publication, for every organ that issues it, and why it is urgent."""

    approver = forms.ModelChoiceField(label="审批人", queryset=Person.objects.none(), empty_label="请选择")
    reason = forms.CharField(
        label="突发事件和理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明是什么突发事件、为什么来不及按一般程序审查。理由记入台账。",
    )  # fmt: skip

    def __init__(self, *args: Any, approvers: Mapping[Agency, list[Person]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leading, *self.others = approvers
        self.fields["approver"].queryset = _people(approvers[leading])
        if self.others:
            self.fields["approver"].label = _of(leading)
        for organ in self.others:
            found = _people(approvers[organ])
            self.fields[f"approver_{organ.pk}"] = forms.ModelChoiceField(label=_of(organ), queryset=found, empty_label="请选择")
        for organ, name in ((leading, "approver"), *((organ, f"approver_{organ.pk}") for organ in self.others)):
            self.fields[name].initial = approvers[organ][0].pk if len(approvers[organ]) == 1 else None
        self.order_fields(["approver", *(f"approver_{organ.pk}" for organ in self.others), "reason"])

    def named(self) -> dict[str, Any]:
        """Who approves, for the leading organ and for the others, and why, as the action takes it."""
        values = self.cleaned_data
        others = {organ.pk: values[f"approver_{organ.pk}"] for organ in self.others}
        return {"approver": values["approver"], "approvers": others, "reason": values["reason"]}


def _of(organ: Agency) -> str:
    """The label of an organ's approver."""
    words: str = _("%(organ)s的审批人") % {"organ": organ.short_name}
    return words


def _people(people: list[Person]) -> Any:
    return Person.objects.filter(pk__in=[one.pk for one in people])


class StagesForm(forms.Form):
    """The stages of one lane: for each its place and its days, and the day from which they count."""

    def __init__(self, *args: Any, plan: Plan, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [_NOT_USED, *((str(place), f"第{place}道") for place in range(1, len(stages()) + 1))]
        for stage in stages().values():
            place = plan.stages.index(stage.name) + 1 if stage.name in plan.stages else ""
            self.fields[f"place_{stage.name}"] = forms.ChoiceField(choices=places, required=False, initial=str(place))
            days = plan.days.get(stage.name, stage.days)
            number = forms.NumberInput(attrs={"min": 1, "max": MOST_DAYS, "inputmode": "numeric"})
            self.fields[f"days_{stage.name}"] = forms.IntegerField(initial=days, min_value=1, max_value=MOST_DAYS, widget=number)
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.fields["from_on"] = forms.DateField(label="起用日期", initial=today, widget=widget)

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Each stage with its two fields."""
        return [(stage, self[f"place_{stage.name}"], self[f"days_{stage.name}"]) for stage in stages().values()]

    def clean(self) -> dict[str, Any]:
        """Two stages cannot have one place."""
        values: dict[str, Any] = super().clean() or {}
        places = [values.get(f"place_{name}") for name in stages() if values.get(f"place_{name}")]
        if len(set(places)) < len(places):
            raise forms.ValidationError("两道环节排在了同一个位置，请每道选不同的位置。")
        return values

    def names(self) -> list[str]:
        """The stages in the order of their places."""
        chosen = {name: int(self.cleaned_data[f"place_{name}"]) for name in stages() if self.cleaned_data.get(f"place_{name}")}
        return sorted(chosen, key=lambda name: chosen[name])

    def days(self) -> dict[str, int]:
        """The working days of each stage."""
        return {name: self.cleaned_data[f"days_{name}"] for name in self.names()}
