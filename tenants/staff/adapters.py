"""allauth, made to know the tenant: no sign-up, sealed secrets, the issuer's own name."""

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from tenants import crypto
from tenants.current import current_tenant
from tenants.throttle import caller

JUST_NOW = 300  # seconds
SEALING = "second-factor/secret"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # accounts are made by invitation alone

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not in the minutes after a sign-in: the first set-up follows it at once."""
        request = self.request
        records = get_authentication_records(request, request.user)
        if records and time.time() - records[-1]["at"] < JUST_NOW:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_client_ip(self, request: HttpRequest) -> str:
        return caller(request)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def get_totp_issuer(self) -> str:
        return str(current_tenant().name)

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def encrypt(self, text: str) -> str:
        sealed = crypto.seal(text.encode(), SEALING, current_tenant().uuid.bytes)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        blob = base64.b64decode(encrypted_text)
        return crypto.unseal(blob, SEALING, current_tenant().uuid.bytes).decode()
