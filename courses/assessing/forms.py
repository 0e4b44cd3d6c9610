"""What a person types about assessment."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from courses.assessing.models import Blueprint, Checklist, Question, Sitting
from courses.assessing.models.bank import OPTIONS
from courses.assessing.services.bank import keep_picture
from courses.models import TrainingClass
from courses.rules import score_of
from tenants.models import Trade
from tenants.staff.models import User


class QuestionForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A question with its picture, which is drawn anew and kept once."""

    upload = forms.FileField(
        label=_("图片（JPEG 或 PNG）"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    no_picture = forms.BooleanField(label=_("去掉现有图片"), required=False)

    class Meta:
        model = Question
        fields = (
            *("trade", "project", "kind", "text", *OPTIONS, "answer"),
            *("points", "topic", "difficulty", "picture_alt", "state"),
        )
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.picture_id is None:
            del self.fields["no_picture"]
        else:
            address = reverse("question_picture", args=[self.instance.picture_id])
            said = format_html('<a href="{}">{}</a>', address, _("现有图片"))
            self.fields["upload"].help_text = said

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("no_picture"):
            self.instance.picture = None
        if file := data.get("upload"):
            try:
                self.instance.picture = keep_picture(file.read())
            except ValidationError as error:
                self.add_error("upload", error)
        if self.instance.picture_id and not data.get("picture_alt"):
            self.add_error(
                "picture_alt",
                "请用一句话说明图片，看不见图的人要靠它答题 / say in a sentence what the picture shows",
            )
        return data


def examiners() -> QuerySet[User]:
    """Who may enter scores here."""
    [permission] = Permission.objects.filter(
        content_type__app_label="courses", codename="enter_scores"
    )
    may = Q(groups__permissions=permission) | Q(user_permissions=permission)
    return User.objects.filter(may, is_active=True).distinct().order_by("display_name")


class SittingForm(forms.Form):
    """One sitting of a class; who takes part stands beside the form."""

    held_on = forms.DateField(
        label=_("考核日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    how = forms.ChoiceField(label=_("方式"))
    blueprint = forms.ModelChoiceField(
        Blueprint.objects.none(),
        label=_("组卷方案"),
        required=False,
        help_text=_("手机答题和纸质试卷要选"),
    )
    minutes = forms.IntegerField(
        label=_("考试时间（分钟）"),
        required=False,
        min_value=5,
        max_value=240,
        help_text=_("空着按组卷方案"),
    )
    checklist = forms.ModelChoiceField(
        Checklist.objects.none(), label=_("评分表"), required=False, help_text=_("按评分表评分要选")
    )
    examiners = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("考评人"), widget=forms.CheckboxSelectMultiple
    )
    seed = forms.RegexField(
        r"^[0-9a-zA-Z-]{0,32}$",
        label=_("抽题种子"),
        required=False,
        help_text=_("一般空着；填上以前一场的种子，题库没变时抽出同样的题"),
    )

    WAYS = {
        "theory": (Sitting.How.PHONE, Sitting.How.PAPER, Sitting.How.SCORES),
        "practice": (Sitting.How.CHECKLIST, Sitting.How.SCORES),
    }

    def __init__(self, training_class: TrainingClass, part: str, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        project = training_class.project_id
        ways = [(way.value, way.label) for way in self.WAYS[part]]
        self.fields["how"].choices = ways  # type: ignore[attr-defined]
        self.fields["held_on"].initial = max(timezone.localdate(), training_class.starts_on)
        choices: dict[str, Any] = {
            "blueprint": Blueprint.objects.filter(project=project, in_use=True),
            "checklist": Checklist.objects.filter(project=project, in_use=True),
            "examiners": examiners(),
        }
        for name, queryset in choices.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        for name in ("blueprint", "checklist"):
            if first := choices[name].first():
                self.fields[name].initial = first.pk
        gone = ("checklist",) if part == "theory" else ("blueprint", "minutes", "seed")
        for name in gone:
            del self.fields[name]


class UploadForm(forms.Form):
    trade = forms.ModelChoiceField(Trade.objects.all(), label=_("工种"))
    file = forms.FileField(label=_("考题表（.xlsx）"))


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("哪里不对，为什么"), max_length=400, widget=forms.Textarea(attrs={"rows": 4})
    )


class DecideForm(forms.Form):
    score = forms.CharField(
        label=_("复核后的分数"), required=False, max_length=8, help_text=_("维持原分数就空着")
    )
    reason = forms.CharField(label=_("理由"), max_length=200)

    def clean_score(self) -> Decimal | None:
        typed = self.cleaned_data["score"].strip()
        if not typed:
            return None
        try:
            return score_of(typed)
        except ValueError as error:
            raise ValidationError(
                "成绩应是 0 到 100 的数，最多一位小数 / a score is 0 to 100 with one decimal at most"
            ) from error
