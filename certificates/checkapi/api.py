"""What other programs ask: whether numbers and names belong together. OpenAPI describes it.

A key is sent with each request and no cookie is read, so that there is nothing to forge across sites.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.urls import URLPattern, URLResolver
from django.utils.cache import patch_vary_headers
from ninja import NinjaAPI, Schema
from ninja.security import HttpBearer
from pydantic import Field

from certificates.checkapi import services
from certificates.checkapi.faults import (
    A_MINUTE,
    GUESSES,
    LARGEST,
    Refusal,
    answer_faults,
    fault,
)
from certificates.checkapi.models import ApiKey
from certificates.register.many import MOST
from tenants.throttle import too_often, used_up

#: No control characters: neither a number nor a name has any, and the database refuses some.
TEXT = r"^[^\x00-\x1f\x7f]*$"


class Bearer(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        if used_up(request, "check-api-guess", GUESSES, 3600):
            raise Refusal("guessed")
        key = services.key_of(token.strip())
        if key is None:
            too_often(request, "check-api-guess", GUESSES, 3600)
            raise Refusal("key_unknown")
        if key.ended_at:
            raise Refusal("key_ended")
        if too_often(request, "check-api", A_MINUTE, 60, f"key {key.pk}"):
            raise Refusal("too_often")
        return key


api = NinjaAPI(
    title="Trainbase certificate check / 证书核验接口",
    version="1",
    description="Whether certificate numbers and names belong together. Nothing that was not sent comes back.",
    urls_namespace="checkapi",
    docs_url=None,
    auth=Bearer(),
)
answer_faults(api)


class ItemIn(Schema):
    number: str = Field(max_length=80, pattern=TEXT, description="证书编号或核验码 number or code")
    name: str = Field(max_length=80, pattern=TEXT, description="证书上的姓名 name on the paper")


class CheckIn(Schema):
    items: list[ItemIn] = Field(min_length=1, max_length=MOST)


class ItemOut(Schema):
    """`number` is what was sent; `result` is one of the words that the description lists."""

    number: str
    match: bool
    result: str
    zh: str
    en: str


class QuotaOut(Schema):
    limit: int
    used: int
    left: int
    resets_at: datetime


class CheckOut(Schema):
    results: list[ItemOut]
    quota: QuotaOut


class SaidOut(Schema):
    code: str
    zh: str
    en: str


class FaultOut(Schema):
    error: SaidOut


class OverOut(FaultOut):
    quota: QuotaOut | None = None


REFUSALS: Any = {(400, 401, 403, 413): FaultOut, 429: OverOut}


@api.post(
    "certificates/check", response={200: CheckOut, **REFUSALS}, summary="核验一批证书 Check a list"
)
def check_certificates(request: HttpRequest, sent: CheckIn) -> Any:
    """One result for each item, in the order in which they were sent. The whole list counts against the
    quota of the day; a list that does not fit is not answered at all.
    """
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    try:
        lines, quota = services.check(key, [(each.number, each.name) for each in sent.items])
    except services.OverQuota as error:
        return fault("over_quota", quota=_quota(error.quota))
    results = [
        {
            "number": line.number,
            "match": line.matches,
            "result": line.result,
            "zh": line.words[0],
            "en": line.words[1],
        }
        for line in lines
    ]
    return {"results": results, "quota": _quota(quota)}


@api.get("quota", response={200: QuotaOut, **REFUSALS}, summary="今日限额 Today's quota")
def get_quota(request: HttpRequest) -> Any:
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    return _quota(services.quota_of(key))


def _quota(quota: services.Quota) -> dict[str, Any]:
    return {
        "limit": quota.limit,
        "used": quota.used,
        "left": quota.left,
        "resets_at": quota.resets_at.isoformat(),
    }


def _plain(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Nothing too large is read, nothing is kept on the way, and every refusal is one of ours."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            response: HttpResponse = fault("too_large")
        else:
            try:
                response = view(request, *args, **kwargs)
            except RawPostDataException:  # a form, which something has read before
                response = fault("not_json")
        if response.status_code == 405:
            response = fault("not_so")
        response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ("Authorization",))
        return response

    return answer


def addresses() -> tuple[list[URLResolver | URLPattern], str, str]:
    """For `path("api/check/v1/", ...)`."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name not in ("openapi-json", "api-root"):
            pattern.callback = _plain(pattern.callback)
    return patterns, app, namespace
