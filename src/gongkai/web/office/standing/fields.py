"""What a person fills in on the screens of what stands per organ."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.law.catalog import fields


class TermForm(forms.Form):
    """One entry of the negative list."""

    term = forms.CharField(label="词语", max_length=60, help_text="“*”代表一行内任意几个字，“?”代表一个字。例如：*号楼*单元。")
    reason = forms.CharField(label="不得公开的理由", max_length=200)
    basis = forms.CharField(label="依据", max_length=200, required=False, help_text="例如《条例》第十五条，或者本机关的文件。")
    in_force_from = forms.DateField(label="起", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    lapsed_on = forms.DateField(label="失效日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class TermFileForm(forms.Form):
    """A file of entries for the negative list."""

    file = forms.FileField(label="文件", help_text="CSV或者XLSX，不超过5MB、5000行。第一行写列名，从第二行起每行一条。")


class CatalogFileForm(forms.Form):
    """A file that becomes the catalogue of one field of work."""

    field = forms.ChoiceField(label="领域", choices=[])
    file = forms.FileField(label="文件", help_text="CSV或者XLSX，不超过5MB、20000行。一个文件是一个领域的完整目录。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", "请选择"), *((field.id, field.title) for field in fields())]
