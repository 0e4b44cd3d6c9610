"""Answers that say what went wrong and what to do, in Chinese and English."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from certificates.register.many import MOST

A_MINUTE = 60  # requests of one key
GUESSES = 30  # keys that do not exist, of one address in an hour
LARGEST = 512 * 1024  # bytes of a request
#: Code -> status, Chinese, English.
FAULTS: dict[str, tuple[int, str, str]] = {
    "not_json": (
        400,
        "内容不符合格式：应为 JSON，items 中每项有 number 和 name 两个文本",
        "not as described: JSON with items, each with the texts number and name",
    ),
    "too_many": (
        400,
        f"一次至少 1 项，最多 {MOST} 项，请分批发送",
        f"at least one item and at most {MOST} at once: send several requests",
    ),
    "key_missing": (
        401,
        "缺少密钥：请在 Authorization 中写 Bearer 和密钥；没有密钥请向服务中心申请",
        "the key is missing: send Authorization: Bearer KEY; the service centre gives keys",
    ),
    "key_unknown": (
        401,
        "没有这把密钥，请核对，或向服务中心询问",
        "there is no such key: check it, or ask the service centre",
    ),
    "key_ended": (
        403,
        "这把密钥已停用，请向服务中心申请新的",
        "this key has ended: ask the service centre for a new one",
    ),
    "not_found": (
        404,
        "没有这个地址，请看接口说明",
        "there is no such address: read the description",
    ),
    "not_so": (
        405,
        "这个地址不接受这种请求，请看接口说明",
        "not by this method: read the description",
    ),
    "too_large": (413, "请求超过 512 KB，请分批发送", "more than 512 KB: send several requests"),
    "too_often": (
        429,
        f"请求过于频繁：每分钟最多 {A_MINUTE} 次，请一分钟后再试",
        f"too many requests: at most {A_MINUTE} a minute; try again in a minute",
    ),
    "guessed": (
        429,
        "错误的密钥过多，请一小时后再试",
        "too many wrong keys: try again in an hour",
    ),
    "over_quota": (
        429,
        "超出今日限额，本次没有答复也没有计数；请减少份数、明日再查，或请服务中心提高限额",
        "more than is left of today's quota: nothing was answered; ask for fewer, or for more",
    ),
}
WAIT = {"too_often": 60, "guessed": 3600}


def fault(code: str, **more: Any) -> JsonResponse:
    status, zh, en = FAULTS[code]
    answer = JsonResponse({"error": {"code": code, "zh": zh, "en": en}, **more}, status=status)
    if code in WAIT:
        answer["Retry-After"] = str(WAIT[code])
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


class Refusal(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def answer_faults(api: NinjaAPI) -> None:
    """Every refusal of the API is one of ours."""

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return fault(refusal.code)

    @api.exception_handler(AuthenticationError)
    def no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return fault("key_missing")

    @api.exception_handler(ValidationError)
    def not_fitting(request: HttpRequest, error: ValidationError) -> HttpResponse:
        amount = any(each["type"] in ("too_long", "too_short") for each in error.errors)
        return fault("too_many" if amount else "not_json")

    @api.exception_handler(HttpError)
    def not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
        return fault("not_json")
