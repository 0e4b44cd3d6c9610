from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from lms.demo.build import build
from lms.demo.describe import describe
from tenants.commands import JsonCommand


class Command(JsonCommand):
    help = "Make the demo centre and its two bases, with people and classes. Idempotent."

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        if settings.PRODUCTION:
            raise CommandError("正式环境不建演示数据 / no demo data in production")
        build()
        data = describe()
        lines = [f"{data['centre']['name']}  {data['centre']['url']}"]
        for base in data["bases"]:
            lines.append(f"{base['name']}  {base['url']}")
            lines += [f"  {c['code']}  {c['state']}  {c['name']}" for c in base["classes"]]
        lines.append("登录 / sign in:")
        lines += [
            f"  {s['url']}  {s['user']} / {s['password']}  {s['role']}"
            + ("  + 验证码 / code" if "second_factor_secret" in s else "")
            for s in data["sign_ins"]
        ]
        lines.append("验证码 / code of the moment: .venv/bin/python manage.py demo_code")
        return data, lines
