"""Answers that say what went wrong and what to do, in Chinese and English."""

import errno
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from psycopg.errors import DiskFull

MESSAGES = {
    "not_json": (
        "内容不是 JSON，请更新应用后重试",
        "this is no JSON: update the app and try again",
    ),
    "not_found": ("没有这一项，请更新应用", "there is no such thing: update the app"),
    "batch_too_large": ("一次发送过多，请分批发送", "too much at once: send fewer"),
    "too_often": ("请求过于频繁，请过一会再试", "too many requests: try again later"),
    "token_unknown": (
        "本机登记已失效，请让办事员重新登记；未送达的记录仍在手机里",
        "this phone's enrolment is over: ask the clerk for a new one; unsent records are still here",
    ),
    "device_revoked": (
        "本机已被停用；未送达的记录仍可送达，请联系办事员",
        "this phone has been revoked; unsent records can still be sent: ask the clerk",
    ),
    "ticket_over": (
        "登记码已失效，请让办事员重新出示",
        "this enrolment code is over: ask the clerk to show a new one",
    ),
    "bad_key": ("手机密钥无效，请更新应用", "the phone's key is not valid: update the app"),
    "device_unknown": ("本基地没有这台手机", "this base does not know the phone"),
    "blob_not_named": (
        "没有记录用到这个文件，请先发送记录",
        "no stored event names this file: send the events first",
    ),
    "blob_too_large": ("文件超过 8 MB", "the file is larger than 8 MB"),
    "piece_does_not_follow": ("分片不连续，请从给出的位置续传", "go on from the offset given"),
    "hash_mismatch": (
        "文件与校验值不符，请从头再传",
        "the file is not what its name says: send it again from the beginning",
    ),
    "disk_full": (
        "服务器存储已满，这次没有收下；记录和照片留在手机里，以后自动再发。请告诉系统管理员",
        "the server's disk is full: nothing was taken in, the phone keeps it and sends it later",
    ),
    "bad_range": ("Content-Range 有误", "the Content-Range is not valid"),
}


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_disk_full(error: BaseException) -> bool:
    """Whether it says that the disk of the files, or of the database, has no more room."""
    if isinstance(error, OSError):
        return error.errno in FULL
    return isinstance(error.__cause__, DiskFull)


def fault(status: int, code: str, **more: Any) -> JsonResponse:
    zh, en = MESSAGES[code]
    return JsonResponse({"error": {"code": code, "zh": zh, "en": en}, **more}, status=status)


class Refusal(Exception):
    """An answer with `status` and the message of `code`."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def answer_faults(api: NinjaAPI) -> None:
    """Every refusal of the API is one of ours."""

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return fault(refusal.status, refusal.code)

    @api.exception_handler(HttpError)
    def not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
        return fault(error.status_code, "not_json")

    @api.exception_handler(ValidationError)
    def not_fitting(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return fault(400, "not_json")
