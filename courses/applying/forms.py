"""What an applicant and a village type, and what the desk answers."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.applying.models import ClassProposal, ClassTerms, ConsentText
from courses.applying.rules import id_fault, name_of
from courses.applying.services.apply import Sent
from courses.applying.services.propose import Wanted
from courses.forms import DAY, PhoneField
from courses.models import CoursePage, Project, TrainingClass
from courses.openings.models import OpenClass
from courses.roster.words import REASONS
from courses.rules import normalise_id
from courses.villages import find_villages, written
from tenants.current import current_tenant
from tenants.models import Division, Trade, in_language


class NameField(forms.CharField):
    def clean(self, value: Any) -> str:
        name = name_of(super().clean(value))
        if name is None:
            raise ValidationError(_("请照身份证填写姓名，不要数字和符号。"))
        return name


class TicketField(forms.UUIDField):
    """The form's own number: sent twice, it is one application."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, initial=uuid.uuid4)


class _WithVillage(forms.Form):
    """A form with a village: typed, or tapped and kept in `village_code`. `found` are the villages
    that what was typed may mean.
    """

    found: list[Division] = []

    def clean_village(self) -> Division | None:
        text = str(self.cleaned_data["village"]).strip()
        if not text:
            return None
        code = str(self.data.get("village_code", ""))
        tapped = Division.objects.filter(code=code[:12], level="village").select_related("parent")
        if (one := tapped.first()) is not None and written(one) == text:
            return one
        self.found = find_villages(text)[:12]
        if len(self.found) == 1:
            return self.found[0]
        if self.found:
            raise ValidationError(_("有几个同名的村，请在下面点一个。"))
        raise ValidationError(_("没有找到这个村：请写“乡镇 村”，或者在下面点选。"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.data.get("consent"):
            self.add_error("consent", _("请看过告知内容，同意后打勾。"))
        return data


VILLAGE_HELP = _("写“乡镇 村”，或者点下面的名字")
NUMBER = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class JoinForm(_WithVillage):
    wish = forms.ChoiceField(label=_("想学什么"))
    name = NameField(
        label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    resident_id = forms.CharField(
        label=_("身份证号"),
        max_length=40,
        help_text=_("18 位，照身份证填写；加密保存，不公开"),
        widget=forms.TextInput(attrs=NUMBER | {"maxlength": "24"}),
    )
    phone = PhoneField()
    village = forms.CharField(
        label=_("您住在哪个村"), max_length=80, required=False, help_text=VILLAGE_HELP
    )
    lodging = forms.BooleanField(label=_("需要住宿"), required=False)
    note = forms.CharField(label=_("想说明的（可以不填）"), max_length=200, required=False)
    consent = forms.BooleanField(required=False)
    consent_version = forms.IntegerField(widget=forms.HiddenInput)
    ticket = TicketField()

    def __init__(self, *args: Any, consent: ConsentText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent_version"].initial = consent.version
        wish = self.fields["wish"]
        assert isinstance(wish, forms.ChoiceField)
        listed = wishes()
        wish.choices = [("", _("请选择")), *listed] if listed else []

    def clean_resident_id(self) -> str:
        typed = str(self.cleaned_data["resident_id"])
        if code := id_fault(typed, timezone.localdate()):
            raise ValidationError(in_language(*REASONS[code]))
        return normalise_id(typed)

    def sent(self) -> Sent:
        data = self.cleaned_data
        kind, _colon, key = data["wish"].partition(":")
        one = None
        if kind == "class":
            one = TrainingClass.objects.select_related("project").get(code=key)
        return Sent(
            name=data["name"],
            resident_id=data["resident_id"],
            phone=data["phone"],
            village=data["village"],
            project=one.project if one else Project.objects.get(code=key),
            training_class=one,
            consent_version=data["consent_version"],
            ticket=data["ticket"],
            lodging=data["lodging"],
            note=data["note"],
        )


def wishes() -> list[tuple[str, Any]]:
    """Courses on the base's site, and classes to come of each: under its name where there are some."""
    today = timezone.localdate()
    rows = OpenClass.objects.filter(tenant_id=current_tenant().pk, starts_on__gte=today)
    by_project: dict[int, list[OpenClass]] = {}
    project_of = dict(
        TrainingClass.objects.filter(pk__in=[row.class_key for row in rows]).values_list(
            "pk", "project_id"
        )
    )
    for row in rows.select_related("village").order_by("starts_on"):
        if row.class_key in project_of:
            by_project.setdefault(project_of[row.class_key], []).append(row)
    shown = set(CoursePage.objects.live().values_list("project_id", flat=True)) | by_project.keys()
    found: list[tuple[str, Any]] = []
    for project in Project.objects.filter(pk__in=shown).order_by("code"):
        classes = [(f"class:{row.code}", _said(row)) for row in by_project.get(project.pk, [])]
        later = _("别的日期也可以，开班时通知我") if classes else _("开班时通知我")
        found.append((project.title, [*classes, (f"course:{project.code}", later)]))
    return found


def _said(row: OpenClass) -> str:
    parts = [row.title, f"{row.starts_on:%Y-%m-%d}", row.village.name]
    return " · ".join([*parts, str(_("已满，可候补"))] if row.left == 0 else parts)


class ProposalForm(_WithVillage):
    village = forms.CharField(label=_("哪个村"), max_length=80, help_text=VILLAGE_HELP)
    trade = forms.ModelChoiceField(Trade.objects.none(), label=_("想学什么"))
    starts_on = forms.DateField(label=_("希望哪天开班"), widget=DAY)
    place = forms.CharField(
        label=_("上课地点"), max_length=120, help_text=_("例如村部活动室，能坐多少人")
    )
    people = forms.IntegerField(label=_("大约多少人想学"), min_value=1, max_value=500)
    contact = NameField(label=_("联系人"), max_length=60)
    phone = PhoneField()
    sender = forms.ChoiceField(label=_("您是"), choices=ClassProposal.Sender.choices)
    note = forms.CharField(label=_("想说明的（可以不填）"), max_length=300, required=False)
    consent = forms.BooleanField(required=False)
    consent_version = forms.IntegerField(widget=forms.HiddenInput)
    ticket = TicketField()

    def __init__(self, *args: Any, consent: ConsentText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent_version"].initial = consent.version
        taught = Trade.objects.filter(project__isnull=False).distinct()
        self.fields["trade"].queryset = taught  # type: ignore[attr-defined]

    def clean_starts_on(self) -> Any:
        day = self.cleaned_data["starts_on"]
        if day < timezone.localdate():
            raise ValidationError(_("日期已经过了，请改日期。"))
        return day

    def wanted(self) -> Wanted:
        data = {key: value for key, value in self.cleaned_data.items() if key != "consent"}
        return Wanted(**data)


class FollowForm(forms.Form):
    """A number that nobody guesses, and four characters that only the sender knows."""

    number = forms.CharField(label=_("受理号"), max_length=30, widget=forms.TextInput(attrs=NUMBER))
    last4 = forms.CharField(
        label=_("证件号码后四位"),
        max_length=4,
        min_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class FollowProposalForm(FollowForm):
    last4 = forms.CharField(
        label=_("联系电话后四位"),
        max_length=4,
        min_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class TermsForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ClassTerms
        fields = ("lodging", "meals", "bring", "cost")
        help_texts = {
            "bring": _("例如身份证、一寸照片两张、饭盒"),
            "cost": _("例如培训免费，住宿每晚 20 元"),
        }


class ConsentForm(forms.Form):
    kind = forms.ChoiceField(label=_("用于"), choices=ConsentText.Kind.choices)
    text = forms.CharField(
        label=_("告知内容"), max_length=3000, widget=forms.Textarea(attrs={"rows": 8})
    )
