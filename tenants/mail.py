"""E-mail speaks for the tenant that sends it, or is not sent."""

from collections.abc import Sequence
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from tenants.current import NoTenant, current_tenant
from tenants.links import host_of


class TenantEmailBackend(BaseEmailBackend):
    """Hands messages to `TENANT_EMAIL_BACKEND` under the sending tenant's name and host.

    A message from no tenant is refused: nobody could answer for it.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._inner = get_connection(settings.TENANT_EMAIL_BACKEND, **kwargs)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        try:
            tenant = current_tenant()
        except NoTenant as error:
            raise SuspiciousOperation("an e-mail needs a tenant") from error
        sender = formataddr((tenant.name, f"no-reply@{host_of(tenant)}"))
        for message in email_messages:
            message.from_email = sender
            message.extra_headers["X-Tenant"] = tenant.slug
        return int(self._inner.send_messages(list(email_messages)) or 0)
