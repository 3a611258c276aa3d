"""The draft of an item as a person fills it in: essentials first, the rest in named groups, some of it by the item's kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from gongkai.law import matters
from gongkai.law.duties import duties
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure import kinds
from gongkai.web.disclosure.about.queries import open_topics
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.content import Content
from gongkai.web.disclosure.watch import limits
from gongkai.web.settings import moment

_PREFIX = "part_"
# A plain text box, which our own script makes an editor where scripts run: the library's own widget needs a script in the page.
_BODY = {"rows": 16, "data-editor": "", "lang": "zh-Hans"}
ESSENTIALS = ("agency", "title", "kind", "formed_on", "column")
# Group → its fields; the fields named again are told beside the group's name while it is closed.
GROUPS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "公开方式": (("attribute", "attribute_reason", "primary_channel", "channels"), ("attribute", "primary_channel")),
    "文件信息": (("document_number", "written_on", "origin"), ("document_number", "origin")),
    "与其他机关协商": (("coordination_required", "approval_required"), ("coordination_required", "approval_required")),
    "便于查找": (("summary", "keywords", "topics", "special_topics"), ("topics", "special_topics")),
}


@dataclass(frozen=True, slots=True)
class Group:
    """A named group of fields; ``told`` is what it says while it is closed."""

    name: str
    fields: list[Any]
    told: str
    is_open: bool


class ItemForm(forms.Form):
    """The draft of an item."""

    agency = forms.ModelChoiceField(label="发布机构", queryset=Agency.objects.none(), empty_label=None)
    title = forms.CharField(label="标题", max_length=200, help_text="公众看到的标题，不超过200个字。")
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *words("kinds").items()])
    column = forms.ChoiceField(label="公开栏目", choices=[])
    formed_on = forms.DateField(label="形成或者变更之日", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    body = forms.CharField(
        label="正文",
        widget=forms.Textarea(attrs=_BODY),
        help_text="可以从Word、WPS直接粘贴，格式自动整理。图片不能放在正文里，请作为附件上传。",
    )
    attribute = forms.ChoiceField(label="公开属性", choices=list(words("attributes").items()), initial="proactive")
    attribute_reason = forms.CharField(label="不主动公开的理由", required=False, max_length=300)
    primary_channel = forms.ChoiceField(label="主渠道", choices=list(words("channels").items()), initial="site")
    channels = forms.MultipleChoiceField(
        label="其他渠道", choices=list(words("channels").items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    document_number = forms.CharField(label="文号", required=False, max_length=60)
    written_on = forms.DateField(label="成文日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    origin = forms.ChoiceField(label="信息来源", choices=list(words("origins").items()), initial="made")
    coordination_required = forms.BooleanField(
        label="涉及其他机关，要与其协商、确认",
        required=False,
        help_text="选上后，要有机关答复同意才能发布（《政府信息公开条例》第十一条）。",
    )
    approval_required = forms.BooleanField(
        label="依照规定需要批准", required=False, help_text="选上后，没有批准就不能发布，也不能用理由代替。"
    )
    summary = forms.CharField(label="内容概述", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    keywords = forms.CharField(label="关键词", required=False, max_length=100)
    topics = forms.MultipleChoiceField(
        label="主题", choices=list(words("topics").items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    special_topics = forms.MultipleChoiceField(label="专题", required=False, widget=forms.CheckboxSelectMultiple)
    matter = forms.ChoiceField(
        label="适用的公开期限", required=False, help_text="不选就按类别和栏目确定。与实际不符的才选，例如放在预算决算栏目里的其他信息。"
    )

    def __init__(self, *args: Any, agencies: Any, columns: list[tuple[str, str]], **kwargs: Any) -> None:
        initial = kwargs.pop("initial", None) or {}
        details = {f"{_PREFIX}{name}": value for name, value in (initial.get("details") or {}).items()}
        super().__init__(*args, initial={**initial, **details}, **kwargs)
        organs = list(agencies)
        self.fields["agency"].queryset = agencies
        self.only_agency = organs[0] if len(organs) == 1 else None
        if self.only_agency:
            self.fields["agency"].widget = forms.HiddenInput()
        offered = columns_of(organ.kind for organ in organs) | {initial.get("column")}
        self.fields["column"].choices = [("", "请选择"), *((name, title) for name, title in columns if name in offered)]
        names = dict.fromkeys([*open_topics(organs, moment.today()), *initial.get("special_topics", ())])
        if names:
            self.fields["special_topics"].choices = [(name, name) for name in names]
        else:
            del self.fields["special_topics"]
        for part in kinds.parts().values():
            self.fields[f"{_PREFIX}{part.name}"] = _part_field(part)
        self.fields["matter"].choices = [("", "按类别和栏目确定"), *limits.offered(moment.today())]
        for name, label in matters.asked_days().items():
            self.fields[name] = forms.DateField(label=label, required=False, widget=_day_input(), help_text="公开期限从这一天起算。")
        self.organ_kinds = {organ.pk: organ.kind for organ in organs}

    def clean(self) -> dict[str, Any]:
        """Say what is missing for the chosen kind and organ beside the field it is missing in."""
        values: dict[str, Any] = super().clean()
        agency, column = values.get("agency"), values.get("column")
        if self.only_agency and not agency:
            self.add_error(None, "发布机构有误，请刷新页面后重新填写。")
        if agency and column and column not in columns_of([agency.kind]) and column != self.initial.get("column"):
            self.add_error("column", "这个栏目不是所选机构应当公开的，请重新选择。")
        for name, problem in kinds.faults(values.get("kind", ""), self._details(values), moment.today()):
            self.add_error(f"{_PREFIX}{name}", f"{problem}。")
        if agency and column and not self.errors.keys() & {"matter", *matters.asked_days()}:
            for name, problem in limits.faults(values, kind=values.get("kind", ""), column=column, organ=agency.kind, on=moment.today()):
                self.add_error(name, f"{problem}。")
        return values

    def _details(self, values: Mapping[str, Any]) -> dict[str, str]:
        found = {name: values.get(f"{_PREFIX}{name}") for name in kinds.parts()}
        return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in found.items() if value}

    def content(self) -> Content:
        """The content as the action takes it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "agency" and not name.startswith(_PREFIX)}
        lists = {name: tuple(values.get(name, ())) for name in ("channels", "topics", "special_topics")}
        return Content(**{**values, **lists, "details": self._details(self.cleaned_data)})

    def essentials(self) -> list[Any]:
        """What every draft needs."""
        return [self[name] for name in ESSENTIALS]

    def kind_parts(self) -> list[tuple[Any, str, bool]]:
        """What some kinds ask, each with the kinds that ask it and whether these always do."""
        return [(self[f"{_PREFIX}{name}"], " ".join(kinds.kinds_with(name)), kinds.is_always(name)) for name in kinds.parts()]

    def kind_parts_open(self) -> bool:
        """Whether the chosen kind asks for parts, or one of them is wrong."""
        kind = str(self["kind"].value() or "")
        return bool(kinds.parts_of(kind)) or any(field.errors for field, *_rest in self.kind_parts())

    def limit_parts(self) -> list[Any]:
        """What the publication limit is counted by: which matter it is, and the days that some limits count from."""
        return [self["matter"], *(self[name] for name in matters.asked_days())]

    def limit_parts_open(self) -> bool:
        """Whether a day is asked for the chosen kind, column and organ, another matter was named, or one of them is wrong."""
        return bool(self.is_day_asked() or self["matter"].value()) or any(field.errors for field in self.limit_parts())

    def is_day_asked(self) -> bool:
        """Whether a limit that is open to what is chosen now counts from a day that the draft is asked for."""
        kind, column = (str(self[name].value() or "") for name in ("kind", "column"))
        if not column:
            return False
        fitting = matters.matters(kind=kind, column=column, organ=self.organ_kinds.get(_key(self["agency"].value()), ""))
        return any(matters.start_of(matter) in matters.asked_days() for matter in fitting)

    def limit_rules(self) -> dict[str, Any]:
        """By which the page shows these parts as kind, column and organ are chosen: the rows of the law's table, and the organs' kinds."""
        rows = [{"kinds": row.kinds, "columns": row.columns, "organs": row.organs, "matters": row.matters} for row in matters.choices()]
        return {
            "rows": rows,
            "starts": {matter: matters.start_of(matter) for row in matters.choices() for matter in row.matters},
            "organs": self.organ_kinds,
        }

    def groups(self) -> list[Group]:
        """The other fields in their groups."""
        found = []
        for name, (names, told) in GROUPS.items():
            fields = [self[field] for field in names if field in self.fields]
            parts = filter(None, (self._told(self[field]) for field in told if field in self.fields))
            found.append(Group(name, fields, _("、").join(parts), any(field.errors for field in fields)))
        return found

    def _told(self, field: Any) -> str:
        """A field's present value in words."""
        value = field.value()
        if isinstance(field.field, forms.BooleanField):
            return _(field.label) if value else ""
        known = {str(code): _(str(label)) for code, label in getattr(field.field, "choices", ())}
        chosen = value if isinstance(value, list | tuple) else [value] if value else []
        return _("、").join(known.get(str(one), str(one)) for one in chosen)


def columns_of(organ_kinds: Iterable[str]) -> set[str | None]:
    """The columns that organs of these kinds have; an institution publishes as a department does."""
    return {duty.id for kind in organ_kinds for duty in duties(kind="department" if kind == "institution" else kind)}


def _key(value: Any) -> int | None:
    """The key of a chosen organ, as a form or its initial value gives it."""
    found = getattr(value, "pk", value)
    return int(found) if str(found or "").isdecimal() else None


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _part_field(part: kinds.Part) -> forms.Field:
    label, told = part.label, part.help
    if part.type == "choice":
        return forms.ChoiceField(label=label, help_text=told, required=False, choices=[("", "请选择"), *part.choices.items()])
    if part.type == "day":
        return forms.DateField(label=label, help_text=told, required=False, widget=_day_input())
    if part.type == "amount":
        return forms.CharField(
            label=label, help_text=told, required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"})
        )
    return forms.CharField(label=label, help_text=told, required=False, max_length=part.longest)
