"""What a person fills in on the registers' screens, as typed values."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.registers.values import Column, Register

YES_NO = [("", "请选择"), ("yes", "是"), ("no", "否")]


class RowForm(forms.Form):
    """One row of a register: its fields are the register's columns. With ``agencies`` the organ is chosen, otherwise a reason given."""

    def __init__(self, *args: Any, register: Register, agencies: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register = register
        if agencies is not None:
            self.fields["agency"] = forms.ModelChoiceField(label="机关", queryset=agencies, empty_label=None)
        for column in register.columns:
            self.fields[column.name] = _field(column)
        if register.shape == "fee":
            self.fields["is_monthly"] = forms.BooleanField(label="按月汇总（日期填当月任意一天）", required=False)
        if agencies is None:
            self.fields["reason"] = forms.CharField(label="更正的理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def values(self) -> dict[str, Any]:
        """The values as the action takes them."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in ("agency", "reason")}
        return {name: value == "yes" if value in ("yes", "no") and name == "is_published" else value for name, value in found.items()}


def _field(column: Column) -> Any:
    marks: dict[str, Any] = {"label": column.title, "required": column.required}
    if column.kind in ("day", "month"):
        return forms.DateField(**marks, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    if column.kind == "amount":
        return forms.DecimalField(**marks, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    if column.kind == "flag":
        return forms.ChoiceField(**marks, choices=YES_NO)
    return forms.CharField(**marks, max_length=column.length)


def initial_of(row: Any) -> dict[str, Any]:
    """What a correction begins with."""
    values = {name: ("yes" if value else "no") if isinstance(value, bool) else value for name, value in row.values().items()}
    if row.register == "fee":
        values |= {"is_monthly": row.is_monthly, "amount_wan": f"{row.amount_wan.normalize():f}"}
    return values


class FileForm(forms.Form):
    """A file to take into a register."""

    agency = forms.ModelChoiceField(label="机关", queryset=Agency.objects.none(), empty_label=None)
    file = forms.FileField(label="文件", help_text="CSV或者XLSX，不超过5MB、5000行。第一行写列名，从第二行起每行一条。")

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies


class FigureForm(forms.Form):
    """A declared figure."""

    address = forms.ChoiceField(label="表二的哪一格", choices=[])
    value = forms.DecimalField(label="数值", widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    source = forms.CharField(label="数据来源", max_length=200, help_text="哪个系统或者哪个部门。")
    evidence = forms.CharField(
        label="依据", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="凭什么可以核对：导出日期、文号、统计表页码。"
    )

    def __init__(self, *args: Any, addresses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].choices = [("", "请选择"), *addresses]
