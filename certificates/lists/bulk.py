"""What is done with the certificates of many classes at once."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certificates.jobs import PRINT
from certificates.services import prints
from tenants.jobs.services import start
from tenants.lists.bulk import one_by_one
from tenants.lists.shape import Bulk, Outcome, add_bulk
from tenants.staff.access import actor

SEE = "certificates.view_certificate"


def _printed(kind: str) -> Callable[[HttpRequest, list[Any], dict[str, Any]], Outcome]:
    def begin(request: HttpRequest, rows: list[Any], said: dict[str, Any]) -> Outcome:
        by = actor(request)

        def one(found: Any) -> None:
            if not prints.of_class(found):
                raise ValidationError(
                    "本班还没有有效证书 / the class has no valid certificates yet"
                )
            back = reverse("class_certificates", args=[found.code])
            start(PRINT, found.code, {"class": found.pk, "kind": kind}, by, back)

        return one_by_one(rows, lambda found: found.code, one)

    return begin


WARNS = _("每个班在后台生成，完成后在该班的“签发证书”页下载。")
add_bulk("classes", Bulk("zip", _("生成证书压缩包"), _printed("zip"), may=SEE, warns=WARNS))
add_bulk("classes", Bulk("sheets", _("生成打印用拼版"), _printed("sheets"), may=SEE, warns=WARNS))
