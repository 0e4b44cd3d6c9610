"""What the second of two people is told: without a database."""

from datetime import date
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from tenants.seen import SeenForm


class Place(SeenForm, forms.Form):
    name = forms.CharField(label="名称")
    on = forms.DateField(label="日期", widget=forms.DateInput(format="%Y-%m-%d"))
    kind = forms.ChoiceField(label="类别", choices=[("a", "理论"), ("b", "实操")])
    open = forms.BooleanField(label="开放", required=False)
    days = forms.MultipleChoiceField(
        label="星期", choices=[("1", "一"), ("2", "二")], required=False
    )


ROW = {"name": "村部", "on": date(2026, 1, 5), "kind": "a", "open": True, "days": ["1"]}
TYPED = {"name": "村部", "on": "2026-01-05", "kind": "a", "open": "on", "days": ["1"]}


def sent(row, shown=ROW, **typed):
    data = QueryDict(mutable=True)
    for name, value in (TYPED | typed).items():
        if isinstance(value, list):
            data.setlist(name, value)
        elif value is not None:
            data[name] = value
    data["seen"] = Place(initial=shown)["seen"].value()
    return Place(data, initial=row)


def said(form):
    return " ".join(form.non_field_errors())


def test_a_form_that_nobody_else_has_touched_counts():
    form = sent(ROW, name="学校")
    assert form.is_valid()
    assert form.cleaned_data["name"] == "学校"


def test_the_second_is_told_what_was_changed_and_keeps_what_was_typed():
    form = sent(ROW | {"name": "乡政府"}, name="学校")
    assert not form.is_valid()
    assert "“名称”由“村部”改为“乡政府”；您填的是“学校”。" in said(form)
    assert form["name"].value() == "学校"


def test_a_field_that_was_not_touched_takes_the_new_value():
    now = ROW | {"on": date(2026, 2, 1), "kind": "b", "open": False, "days": ["1", "2"]}
    form = sent(now, name="学校")
    assert not form.is_valid()
    assert "“类别”由“理论”改为“实操”。" in said(form)
    assert "“开放”由“是”改为“否”。" in said(form)
    assert form["name"].value() == "学校"
    assert form["on"].value() == "2026-02-01"
    assert form["kind"].value() == "b"
    assert form["days"].value() == ["1", "2"]
    assert not form["open"].value()


def test_sent_once_more_it_counts():
    now = ROW | {"name": "乡政府"}
    first = sent(now, name="学校")
    assert not first.is_valid()
    again = Place(first.data, initial=now)
    assert again.is_valid()
    assert again.cleaned_data["name"] == "学校"


def test_a_forged_or_missing_note_of_what_was_seen_does_no_harm():
    """What is no note is no note; one that says something else only asks to look again."""
    for forged in ("", "x", "[]", '{"name": 1, "none": 2}', "[" * 1000):
        form = Place(QueryDict(urlencode({**TYPED, "seen": forged}, doseq=True)), initial=ROW)
        assert form.is_valid() == (not forged.startswith("{"))
        assert form.cleaned_data["name"] == TYPED["name"]
