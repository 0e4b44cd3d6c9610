"""Commands that people read and programs parse."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from tenants.cells import must_be_here
from tenants.models import Tenant


class Refused(CommandError):
    """The command did not do all that it was asked; `data` is printed all the same."""

    def __init__(self, text: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(text)
        self.data = data or {}


class JsonCommand(BaseCommand):
    """`work` returns (data, lines for people). Exit 0 only when it did what it was asked."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data, lines = self.work(**options)
        except ValidationError as error:
            self._fail("\n".join(error.messages), {}, options)
        except CommandError as error:
            self._fail(str(error), getattr(error, "data", {}), options)
        else:
            if options["json"]:
                self.stdout.write(self._text(data))
            else:
                self.stdout.write("\n".join(lines))

    def _fail(self, text: str, data: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(self._text({"error": text, **data}))
        raise CommandError(text)

    @staticmethod
    def _text(data: dict[str, Any]) -> str:
        return json.dumps(data, ensure_ascii=False, indent=1, default=str)


def the_base(slug: str) -> Tenant:
    """The base of that slug. Raises CommandError that lists the bases there are,

    and ValidationError for one that is not here.
    """
    found = Tenant.objects.filter(type=Tenant.Type.BASE, slug=slug).first()
    if found is None:
        known = ", ".join(
            Tenant.objects.filter(type=Tenant.Type.BASE).values_list("slug", flat=True)
        )
        raise CommandError(f"没有基地 {slug}，现有：{known} / no base {slug}; there are: {known}")
    must_be_here(found)
    return found
