import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import CommandError

from lms.demo import facts
from tenants.commands import JsonCommand


class Command(JsonCommand):
    help = "Print the second factor's code of the moment for the demo's accounts."

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        if settings.PRODUCTION:
            raise CommandError("正式环境没有演示账号 / no demo accounts in production")
        now = int(time.time())
        code = format_hotp_value(hotp_value(facts.SECRET, now // 30))
        seconds = 30 - now % 30
        return {"code": code, "seconds": seconds}, [f"{code}  ({seconds} s)"]
