"""Two people with the same form open: the second is told what the first has changed, and loses nothing.

A form carries what it showed when it was opened. When the row says something else by the time it is
sent, nothing is written: the answer shows what was changed and what was typed, and sent once more it
counts. Fields that this person has not touched take the new value.
"""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

LONGEST = 200_000  # characters of what a form may say that it has shown


class SeenForm(forms.BaseForm):
    """Mix into a form that changes a row. Give it the row as it is now: `initial`, or `instance`.

    The view locks the row while it asks `is_valid`, where two could save in the same moment.
    """

    unseen = frozenset({"seen"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=json.dumps(self.now())
        )

    def watched(self) -> Iterable[str]:
        """The fields that say something of the row: those that were filled in by it."""
        return [name for name in self.fields if name not in self.unseen]

    def now(self) -> dict[str, Any]:
        """What the row says now, as the form would show it."""
        return {name: self._shown(name) for name in self.watched()}

    def _shown(self, name: str) -> Any:
        field = self.fields[name]
        value = self.get_initial_for_field(field, name)
        if isinstance(field, forms.BooleanField):
            return bool(value)
        if isinstance(field, forms.FileField):
            return ""
        shown = field.widget.format_value(field.prepare_value(value))
        if not isinstance(shown, list | tuple):
            return _plain(shown)
        if getattr(field.widget, "allow_multiple_selected", False):
            return sorted(str(each) for each in shown)
        return _plain(shown[0] if shown else "")  # a choice of one

    def _typed(self, name: str) -> Any:
        field = self.fields[name]
        value = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        if isinstance(field, forms.BooleanField):
            return bool(value)
        if isinstance(value, list | tuple):
            return sorted(str(each) for each in value)
        return _plain(value)

    def changed_meanwhile(self) -> dict[str, tuple[Any, Any]]:
        """{field: (what was shown, what it is now)} of what somebody else has changed."""
        try:
            shown = json.loads(str(self.data.get(self.add_prefix("seen"), ""))[:LONGEST])
        except (ValueError, RecursionError):
            return {}
        if not isinstance(shown, dict):
            return {}
        now = self.now()
        return {
            name: (shown[name], now[name])
            for name in self.watched()
            if name in shown and shown[name] != now[name]
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        data.pop("seen", None)
        changed = self.changed_meanwhile()
        if changed:
            self._tell(changed)
        return data

    def _tell(self, changed: dict[str, tuple[Any, Any]]) -> None:
        sent: Any = self.data.copy()  # type: ignore[attr-defined]
        self.add_error(
            None, _("您填写期间，别人已经改过这条记录。下面是现在的内容，请核对后再保存一次：")
        )
        for name, (before, now) in changed.items():
            typed, title = self._typed(name), self.fields[name].label or name
            if typed == before:
                _put(sent, self.add_prefix(name), now)
                text = _("“%(title)s”由“%(before)s”改为“%(now)s”。")
            else:
                text = _("“%(title)s”由“%(before)s”改为“%(now)s”；您填的是“%(typed)s”。")
            said = {key: self._words(name, value) for key, value in
                    (("before", before), ("now", now), ("typed", typed))}  # fmt: skip
            self.add_error(None, text % {"title": title, **said})
        sent[self.add_prefix("seen")] = json.dumps(self.now())
        self.data = sent

    def _words(self, name: str, value: Any) -> str:
        """A value as people read it: the title of a choice, yes or no, or the text itself."""
        if isinstance(value, bool):
            return _("是") if value else _("否")
        titles = _titles(getattr(self.fields[name], "choices", ()))
        each = value if isinstance(value, list) else [value]
        return "、".join(titles.get(str(one), str(one)) for one in each)[:80] or _("空")


def _plain(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _titles(choices: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, title in choices:
        if isinstance(title, list | tuple):
            found |= _titles(title)
        else:
            found[str(value)] = str(title)
    return found


def _put(data: Any, name: str, value: Any) -> None:
    if isinstance(value, list):
        data.setlist(name, value)
    elif value is False:
        data.pop(name, None)
    else:
        data[name] = "on" if value is True else value
