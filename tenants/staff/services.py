"""Accounts of a tenant's staff."""

import secrets

from django.contrib.auth.models import Group
from django.db import transaction

from tenants.staff.models import User

MANAGERS = "管理员"


@transaction.atomic
def make_manager(username: str) -> str:
    """Make the tenant's first manager, who may make the other accounts; returns the password.

    It is made up here and shown once: nobody chooses a weak one, and none is kept.
    """
    password = secrets.token_urlsafe(12)
    user = User(username=username, display_name=username, is_staff=True, is_superuser=True)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    user.groups.add(Group.objects.get(name=MANAGERS))
    return password
