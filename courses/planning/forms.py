"""What a clerk writes into a request, and an officer onto it."""

from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.forms import DAY, LARGEST_ROSTER, ClassForm, VillageField
from courses.models import TrainingClass
from courses.planning.services.changes import Change, taught
from courses.requests.facts import Facts, Planned
from courses.requests.models import Holiday
from courses.villages import find_villages
from tenants.models import Division
from tenants.staff.models import User

AT = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
LINES = forms.Textarea(attrs={"rows": 3})


def village_text(code: str, name: str) -> str:
    """A village as the form reads it again: by name, or by code where the name is not enough."""
    found = find_villages(name)
    return name if len(found) == 1 and found[0].code == code else code


class RequestForm(ClassForm):
    """A class as `ClassForm` opens it, and what the centre wants to know of it."""

    other_trainers = forms.CharField(
        label=_("其他教师"), max_length=200, required=False, help_text=_("姓名，用顿号隔开")
    )
    resources = forms.CharField(label=_("设备与教材"), max_length=1000, widget=LINES)
    assessment = forms.CharField(
        label=_("考核安排"),
        max_length=1000,
        widget=LINES,
        help_text=_("理论、实操各何时何地考，由谁考"),
    )
    contact = forms.CharField(label=_("联系人"), max_length=40)
    contact_phone = forms.CharField(label=_("联系电话"), max_length=30)
    roster = forms.FileField(
        label=_("花名册（.xlsx）"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_("只核对并记下人数；文件不保存，身份证号码不离开本基地"),
    )

    def clean_roster(self) -> Any:
        file = self.cleaned_data.get("roster")
        if file and file.size > LARGEST_ROSTER:
            raise forms.ValidationError(_("文件超过 10 MB，请删去图片或拆成几份再上传。"))
        return file

    def facts(self, sessions: list[Planned]) -> Facts:
        data = self.cleaned_data
        project, village, trainer = data["project"], data["village"], data["trainer"]
        programme = data["programme"]
        return Facts(
            class_code=data["code"],
            project=project.code,
            project_name=project.name,
            trade=project.trade.code,
            village=village.code,
            village_name=f"{village.parent.name} {village.name}",
            trainer=trainer.pk,
            trainer_name=str(trainer),
            programme=programme.code if programme else "",
            programme_name=programme.name if programme else "",
            sessions=tuple(sessions),
            **{name: data[name] for name in ("place", "starts_on", "ends_on")},
            **{name: data[name] for name in ("other_trainers", "resources", "assessment")},
            **{name: data[name] for name in ("contact", "contact_phone")},
        )


class ChangeForm(forms.Form):
    """How a class shall be; a line for each session that was not yet taught."""

    village = VillageField(label=_("村"), max_length=80)
    place = forms.CharField(label=_("地点"), max_length=120)
    trainer = forms.ModelChoiceField(User.objects.none(), label=_("教师"))
    starts_on = forms.DateField(label=_("开班日期"), widget=DAY)
    ends_on = forms.DateField(label=_("结业日期"), widget=DAY)
    reason = forms.CharField(label=_("理由"), max_length=400, widget=LINES)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, found: TrainingClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trainers = User.objects.filter(
            is_active=True, groups__permissions__codename="record_attendance"
        ).distinct()
        self.fields["trainer"].queryset = trainers  # type: ignore[attr-defined]
        past = taught(found)
        self.sessions = [s for s in found.sessions.all() if s.number not in past]
        for session in self.sessions:
            title = {"n": session.number}
            self.fields[f"day{session.number}"] = forms.DateField(
                label=_("第 %(n)s 次课：日期") % title, widget=DAY, initial=session.held_on
            )
            self.fields[f"at{session.number}"] = forms.TimeField(
                label=_("第 %(n)s 次课：开始时间") % title, widget=AT, initial=session.starts_at
            )

    def main(self) -> list[Any]:
        names = (name for name in self.base_fields if name != "seen")
        return [self[name] for name in names]

    def lines(self) -> list[tuple[Any, Any, Any]]:
        """(session, its day, its hour), as bound fields."""
        return [(s, self[f"day{s.number}"], self[f"at{s.number}"]) for s in self.sessions]

    def change(self) -> Change:
        data = self.cleaned_data
        village: Division = data["village"]
        return Change(
            village=village,
            place=data["place"],
            trainer=data["trainer"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            times={
                s.number: (data[f"day{s.number}"], data[f"at{s.number}"]) for s in self.sessions
            },
        )


def change_initial(facts: Facts, times: dict[int, tuple[date, time]]) -> dict[str, Any]:
    """What stands in the form: a class, or a request on it, with sessions that somebody has dragged."""
    found: dict[str, Any] = {
        "village": village_text(facts.village, facts.village_name),
        "place": facts.place,
        "trainer": facts.trainer,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        "reason": facts.reason,
    }
    for number, planned in enumerate(facts.sessions, 1):
        day, at = times.get(number, (planned.held_on, planned.starts_at))
        found |= {f"day{number}": day, f"at{number}": at}
    return found


class MoveForm(forms.Form):
    """One session to another day or hour."""

    day = forms.DateField(label=_("日期"), widget=DAY)
    at = forms.TimeField(label=_("开始时间"), widget=AT)
    reason = forms.CharField(label=_("理由"), max_length=400, required=False)


class DecisionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("意见"),
        max_length=400,
        required=False,
        widget=LINES,
        help_text=_("退回和不予批准必须写明理由；基地会看到"),
    )
    document = forms.CharField(
        label=_("批复文号"),
        max_length=60,
        required=False,
        help_text=_("没有文号可以不填；办理以后不能补填"),
    )


class HolidayForm(forms.Form):
    day = forms.DateField(label=_("日期"), widget=DAY)
    name = forms.CharField(label=_("名称"), max_length=40)
    kind = forms.ChoiceField(label=_("类别"), choices=Holiday.Kind.choices)


class LinkForm(forms.Form):
    trainer = forms.ModelChoiceField(
        User.objects.none(), label=_("教师"), required=False, empty_label=_("整个基地")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trainers = User.objects.filter(
            is_active=True, groups__permissions__codename="record_attendance"
        ).distinct()
        self.fields["trainer"].queryset = trainers  # type: ignore[attr-defined]
