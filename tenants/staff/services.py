"""Accounts of a tenant's staff: by invitation, with roles, ended at once."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenants import crypto
from tenants.current import current_tenant
from tenants.signals import account_changed
from tenants.staff.models import Invitation, StaffChange, User
from tenants.staff.roles import FIRST, TITLES, roles_of

VALID = timedelta(days=7)
PURPOSE = "staff/invitation"


def _digest(token: str) -> bytes:
    return crypto.keyed_digest(token, PURPOSE, current_tenant().uuid.bytes)


@transaction.atomic
def invite(
    username: str, display_name: str, roles: Sequence[str], by: str, division_prefix: str = ""
) -> str:
    """Make an invitation and return its secret, which is kept nowhere. Raises ValidationError."""
    _check_roles(roles)
    if not display_name.strip():
        raise ValidationError({"display_name": "请填写姓名 / give the name"})
    User.username_validator(username)
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError({"username": "用户名已有人使用 / this user name is taken"})
    if division_prefix and not division_prefix.isdecimal():
        raise ValidationError({"division_prefix": "区划代码只有数字 / a division code is digits"})
    token = _write(username, display_name.strip(), list(roles), by, division_prefix, None)
    _note(username, f"invited: {', '.join(roles)}", by)
    return token


@transaction.atomic
def new_link(user: User, by: str) -> str:
    """A link with which `user` sets a new password and, if required, a new second factor."""
    _void_links(user)
    token = _write(user.username, str(user), [], by, user.division_prefix, user)
    _note(user.username, "new link", by)
    return token


def _write(
    username: str, name: str, roles: list[str], by: str, prefix: str, user: User | None
) -> str:
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(
        digest=_digest(token),
        username=username,
        display_name=name,
        roles=roles,
        division_prefix=prefix,
        user=user,
        invited_by=by,
        expires_at=timezone.now() + VALID,
    )
    return token


def find_invitation(token: str) -> Invitation | None:
    """The invitation behind a link that can still be used."""
    return Invitation.objects.filter(
        digest=_digest(token), used_at__isnull=True, expires_at__gt=timezone.now()
    ).first()


@transaction.atomic
def accept(token: str, password: str) -> User:
    """Use a link: the account is made, or gets the password. Raises ValidationError."""
    found = (
        Invitation.objects.select_for_update()
        .filter(digest=_digest(token), used_at__isnull=True, expires_at__gt=timezone.now())
        .first()
    )
    if found is None:
        raise ValidationError(
            "链接已用过或已过期，请向管理员重新索取 / this link is used up; ask for another"
        )
    user = found.user or User(
        username=found.username,
        display_name=found.display_name,
        division_prefix=found.division_prefix,
    )
    validate_password(password, user)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    if found.user is None:
        user.groups.set(Group.objects.filter(name__in=[TITLES[r] for r in found.roles]))
    else:  # whoever lost the phone too starts again with both
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user)
        _void_links(user)
    found.used_at = timezone.now()
    found.save(update_fields=["used_at"])
    _note(user.username, "link used", str(user))
    return user


@transaction.atomic
def set_roles(user: User, roles: Sequence[str], by: User, division_prefix: str = "") -> None:
    """Give exactly these roles. Raises ValidationError, also when it would lock everybody out."""
    _check_roles(roles)
    first = FIRST[current_tenant().type]
    if user.pk == by.pk and first not in roles:
        raise ValidationError("不能取消自己的管理权限 / you cannot take your own rights away")
    if division_prefix and not division_prefix.isdecimal():
        raise ValidationError({"division_prefix": "区划代码只有数字 / a division code is digits"})
    user.groups.set(Group.objects.filter(name__in=[TITLES[role] for role in roles]))
    user.division_prefix = division_prefix
    user.save(update_fields=["division_prefix"])
    account_changed.send(None, user=User.objects.get(pk=user.pk), by=by)  # as it may be asked anew
    _note(user.username, f"roles: {', '.join(roles)}", str(by))


@transaction.atomic
def set_active(user: User, active: bool, by: User) -> None:
    """Close or open an account. A closed one is signed out everywhere at once."""
    if user.pk == by.pk:
        raise ValidationError("不能停用自己的账号 / you cannot close your own account")
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        end_sessions(user)
        _void_links(user)
        # Those that this person gave out too: whoever was sent away lets nobody in.
        Invitation.objects.filter(invited_by=str(user), used_at__isnull=True).update(
            expires_at=timezone.now()
        )
    account_changed.send(None, user=User.objects.get(pk=user.pk), by=by)
    _note(user.username, "opened" if active else "closed", str(by))


def end_sessions(user: User, but: str | None = "") -> int:
    """Sign `user` out everywhere, `but` in one session; returns how many were ended."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=but or "-")
    keys = list(rows.values_list("session_key", flat=True))
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return ended


def _void_links(user: User) -> None:
    """Links of this account lead nowhere any more."""
    Invitation.objects.filter(user=user, used_at__isnull=True).update(expires_at=timezone.now())


def end_session(user: User, pk: int) -> None:
    """End one session of `user`; nothing when it is not theirs."""
    for row in UserSession.objects.filter(user=user, pk=pk):
        Session.objects.filter(session_key=row.session_key).delete()
        row.delete()


def _check_roles(roles: Sequence[str]) -> None:
    known = roles_of(current_tenant().type)
    if not roles or set(roles) - known.keys():
        raise ValidationError({"roles": "请至少选择一个角色 / choose at least one role"})


def _note(account: str, what: str, by: str) -> None:
    StaffChange.objects.create(account=account, what=what[:200], by=by[:60])


@transaction.atomic
def make_manager(username: str) -> str:
    """Make the tenant's first account, which gives out the others; returns the password.

    It is made up here and shown once: nobody chooses a weak one, and none is kept. It is no
    superuser: nothing goes round roles and second factor.
    """
    password = secrets.token_urlsafe(12)
    user = User(username=username, display_name=username)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    user.groups.add(Group.objects.get(name=TITLES[FIRST[current_tenant().type]]))
    return password


def sessions_of(user: User) -> list[Any]:
    """Living sessions, newest first."""
    return sorted(
        UserSession.objects.purge_and_list(user), key=lambda s: s.last_seen_at, reverse=True
    )
