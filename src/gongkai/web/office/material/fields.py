"""What a person fills in about material, as typed values."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.material.values import MOST_BYTES, MOST_FILES, Handing
from gongkai.web.review.files import KINDS, LARGEST

UNSURE = "不清楚，请公开办决定"


class FilesInput(forms.ClearableFileInput):
    """One control for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, counted and weighed before any of them is read."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The uploads, none where none was chosen."""
        uploads = [one for one in data if one] if isinstance(data, (list, tuple)) else [data] if data else []
        if len(uploads) > MOST_FILES:
            raise forms.ValidationError(f"一次最多交{MOST_FILES}个文件，请分几次交。")
        if sum(upload.size for upload in uploads) > MOST_BYTES:
            raise forms.ValidationError(f"文件合计超过{MOST_BYTES // 1048576}MB，请分几次交。")
        return uploads


class MaterialForm(forms.Form):
    """The hand-in. What most people never need stands last and has a default."""

    credit = forms.ChoiceField(label="以哪个单位的名义", choices=[])
    title = forms.CharField(label="标题", max_length=200, help_text="一句话说清楚是什么事。")
    body = forms.CharField(
        label="内容",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="时间、地点、人、事情。有写好的文件可以不写，直接上传。",
    )
    files = FilesField(
        label="照片和文件", required=False, help_text=f"最多{MOST_FILES}个，合计不超过{MOST_BYTES // 1048576}MB。",
        widget=FilesInput(attrs={"accept": ",".join((*KINDS, "image/png", "image/jpeg"))}),
    )  # fmt: skip
    happened_on = forms.DateField(
        label="发生的日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), help_text="文件填落款的日期。"
    )
    agency = forms.ModelChoiceField(label="交给", queryset=Agency.objects.none(), empty_label=None)
    column = forms.ChoiceField(label="希望公开的栏目", required=False, choices=[])
    urgency = forms.ChoiceField(label="希望什么时候公开", choices=list(words("urgencies").items()), initial="ordinary")
    contact = forms.CharField(label="联系电话", required=False, max_length=60, help_text="只给办理的人看，不公开。")

    # Folded away: what has a default.
    MORE = ("agency", "column", "urgency", "contact")

    def __init__(self, *args: Any, senders: Any, receivers: Any, columns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.senders = {f"{agency.pk}-{unit.pk if unit else 0}": (agency, unit) for agency, unit in senders}
        self.fields["credit"].choices = [(key, unit.name if unit else agency.short_name) for key, (agency, unit) in self.senders.items()]
        if len(self.senders) == 1:
            self.fields["credit"].widget = forms.HiddenInput()
        self.fields["agency"].queryset = receivers
        # Where the own organ takes none up, nothing is chosen for the contributor.
        self.has_own = receivers.filter(pk=self.initial.get("agency") or 0).exists()
        if not self.has_own:
            self.fields["agency"].empty_label = "请选择"
        self.fields["agency"].label_from_instance = lambda agency: agency.short_name
        self.fields["column"].choices = [("", UNSURE), *columns]

    @property
    def plain_fields(self) -> list[Any]:
        """The fields that are always shown."""
        return [self[name] for name in self.fields if name not in self.MORE]

    @property
    def more_fields(self) -> list[Any]:
        """The fields that are folded away."""
        return [self[name] for name in self.MORE]

    @property
    def is_unfolded(self) -> bool:
        """Whether something folded away needs a look."""
        return not self.has_own or any(name in self.errors for name in self.MORE)

    def handed(self) -> dict[str, Any]:
        """The values as the action takes them."""
        values = self.cleaned_data
        sender, unit = self.senders[values["credit"]]
        said = {name: values[name] for name in ("title", "body", "happened_on", "column", "urgency", "contact")}
        # One byte more than is allowed is enough to tell that it is too much.
        uploads = [(upload.name, upload.read(LARGEST + 1)) for upload in values["files"]]
        return {"sender": sender, "unit": unit, "agency": values["agency"], "handing": Handing(**said), "uploads": uploads}
