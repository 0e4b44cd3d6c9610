"""People who sign in at one tenant. Nobody has an account at two."""

from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tenants.current import connection
from tenants.models import in_language
from tenants.plugins import gate
from tenants.staff.roles import ENGLISH, TITLES

#: What a change of an account is called on a page.
SAID = {
    "invited": _("邀请"),
    "roles": _("更改角色"),
    "new link": _("新的密码链接"),
    "link used": _("使用链接"),
    "closed": _("停用账号"),
    "opened": _("恢复账号"),
}


class User(AbstractUser):
    """A member of the tenant's staff; what they may do comes from their groups.

    The permissions in `SECOND_FACTOR_PERMISSIONS` (issue, revoke, decide, import people) count only
    for somebody who signs in with a second factor, whatever page or command asks; those of a plugin
    count only where it is on.
    """

    id = models.BigAutoField(primary_key=True)
    display_name = models.CharField(_("姓名"), max_length=40)
    #: What a township officer or a village liaison sees: divisions whose code begins so. Empty is the
    #: whole prefecture for an officer, and nobody for a liaison.
    division_prefix = models.CharField(_("所辖区划代码"), max_length=12, blank=True)

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined,misc]
        permissions = [("manage_staff", "可管理工作人员")]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    @cached_property
    def has_second_factor(self) -> bool:
        from allauth.mfa.models import Authenticator

        return Authenticator.objects.filter(user=self, type=Authenticator.Type.TOTP).exists()

    @property
    def needs_second_factor(self) -> bool:
        """Whether a role of theirs is worth nothing until they set one up."""
        return not self.has_second_factor and any(
            super(User, self).has_perm(name) for name in gate.second_factor_permissions()
        )

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        if not gate.allows(perm):
            return False
        if gate.wants_second_factor(perm) and not self.has_second_factor:
            return False
        return super().has_perm(perm, obj)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bound to the tenant: the same password at another base gives another hash."""
        salt = f"tenants.staff.session.{connection.schema_name}"
        return salted_hmac(salt, self.password, secret=secret, algorithm="sha256").hexdigest()


class Invitation(models.Model):
    """A link that makes an account, or gives an existing one a new password. Used once.

    Only a keyed digest of the link's secret is kept, bound to the tenant.
    """

    digest = models.BinaryField(unique=True)
    username = models.CharField(_("用户名"), max_length=150)
    display_name = models.CharField(_("姓名"), max_length=40)
    roles = models.JSONField(default=list)
    division_prefix = models.CharField(max_length=12, blank=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    invited_by = models.CharField(max_length=60)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.username


class StaffChange(models.Model):
    """Who changed what of whose account, and when."""

    account = models.CharField(max_length=150)
    what = models.CharField(max_length=200)
    by = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.account}: {self.what}"

    @property
    def said(self) -> str:
        """What was done, in the reader's language; the row itself keeps words of the code."""
        act, _colon, roles = self.what.partition(": ")
        titles = [in_language(TITLES[r], ENGLISH[r]) for r in roles.split(", ") if r in TITLES]
        return f"{SAID.get(act, act)} {'、'.join(titles)}".strip()
