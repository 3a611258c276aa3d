"""What a person fills in on a screen, as typed values."""

from __future__ import annotations

from django import forms

from gongkai.web.office.about.draft_fields import ItemForm as ItemForm  # noqa: PLC0414 - the screens' forms are asked for here


class ReasonForm(forms.Form):
    """A reason that the ledger keeps."""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
