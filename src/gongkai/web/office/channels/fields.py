"""What a person fills in on the screens of the channels, as typed values."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.channels.actions import NOT_PUSHED, Target
from gongkai.web.disclosure.channels.models import SIGNINGS
from gongkai.web.disclosure.channels.proof import Proof
from gongkai.web.disclosure.channels.transfers import MOST_COPIES, Terms
from gongkai.web.disclosure.channels.values import LINK, NUMBER, PHOTO, carriers, evidence_words
from gongkai.web.disclosure.choices import words
from gongkai.web.review.files import LARGEST

NAMES = {"photos": PHOTO, "link": LINK, "number": NUMBER}


class ManyFiles(forms.ClearableFileInput):
    """A chooser of several files at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photographs, each checked later by what it is."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files, none where none was chosen; Django's own field would keep the last alone."""
        return [file for file in data or () if file]


class ProofForm(forms.Form):
    """By what one can see that a channel carried something. ``kinds`` are asked for first; the others may be given too."""

    photos = PhotosField(required=False, widget=ManyFiles(attrs={"accept": "image/jpeg,image/png"}))
    link = forms.CharField(required=False, max_length=500, widget=forms.TextInput(attrs={"inputmode": "url"}))
    number = forms.CharField(required=False, max_length=300)
    said = forms.CharField(label="说明", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, kinds: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in NAMES.items():
            self.fields[name].label, self.fields[name].help_text = evidence_words()[kind]
        first = {kind: name for name, kind in NAMES.items()}
        # Taking something down wants words before anything else.
        self.first_names = [first[kind] for kind in kinds] or ["said"]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """What the channel wants, in its order."""
        return [self[name] for name in self.first_names]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        """What may be given beside."""
        return [field for field in self if field.name not in self.first_names]

    @property
    def other_errors(self) -> bool:
        """Whether something beside is wrong or was filled in: then it must be seen."""
        return any(field.errors or field.value() for field in self.other_fields)

    def proof(self) -> Proof:
        """The proof as the actions take it."""
        said = self.cleaned_data
        photos = tuple((photo.name, photo.read(LARGEST + 1)) for photo in said.get("photos", ()))
        return Proof(words=said["said"], link=said.get("link", ""), number=said.get("number", ""), photos=photos)


class ReceiptForm(ProofForm):
    """By what one can see that a hand-over list was signed for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, kinds=(PHOTO, NUMBER), **kwargs)
        del self.fields["link"]
        self.fields["photos"].label, self.fields["number"].label = "签收单照片", "签收单编号"
        self.fields["photos"].help_text, self.fields["number"].help_text = "手机拍的签收单，jpg或png，可以选几张。", ""


class TermsForm(forms.Form):
    """For which period a hand-over list is made, for whom, in what form."""

    since_on = forms.DateField(label="公开时间起", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until_on = forms.DateField(label="公开时间止", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    receivers = forms.CharField(label="接收单位", max_length=200, help_text="例如：县档案馆、县图书馆。")
    carrier = forms.ChoiceField(label="形式", choices=list(carriers().items()))
    copies = forms.IntegerField(label="份数", min_value=1, max_value=MOST_COPIES, initial=1)

    def terms(self) -> Terms:
        """The terms as the action takes them."""
        return Terms(**self.cleaned_data)

    @staticmethod
    def first_values(today: datetime.date) -> dict[str, Any]:
        """From the beginning of the year until today."""
        return {"since_on": today.replace(month=1, day=1), "until_on": today}


class EndpointForm(forms.Form):
    """Where a channel's deliveries are pushed."""

    agency = forms.ModelChoiceField(label="机关", queryset=Agency.objects.none(), empty_label="请选择")
    channel = forms.ChoiceField(
        label="渠道", choices=[("", "请选择"), *((name, title) for name, title in words("channels").items() if name not in NOT_PUSHED)]
    )
    url = forms.CharField(label="接口地址", max_length=500, help_text="对方接收推送的网址，正式环境必须以https://开头。")
    secret = forms.CharField(
        label="密钥", required=False, max_length=128, help_text="对方用它核对签名，16到128个字符。留空时由平台生成，只显示一次。",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    signing = forms.ChoiceField(label="签名算法", choices=list(SIGNINGS.items()), initial="sm3")
    covers_below = forms.BooleanField(label="下级机关没有自己的接口时也用这个接口", required=False)

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies

    def target(self) -> Target:
        """The target as the action takes it."""
        return Target(**{name: value for name, value in self.cleaned_data.items() if name != "agency"})
