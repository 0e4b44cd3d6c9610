"""What follows a change of how somebody signs in."""

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from django.db.models.signals import post_save
from django.dispatch import receiver

from tenants.staff.services import end_sessions


@receiver(post_save, sender=Authenticator)
def sign_out_elsewhere(
    instance: Authenticator, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """A sign-in by password alone must not gain the rights that a second factor opens.

    With the row and not after it: there is no moment in which another session has them.
    """
    if created and not raw and instance.type == Authenticator.Type.TOTP:
        request = context.request
        end_sessions(instance.user, but=request.session.session_key if request else "")
