"""People who sign in at one tenant. Nobody has an account at two."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tenants.current import connection


class User(AbstractUser):
    """A member of the tenant's staff; what they may do comes from their groups."""

    id = models.BigAutoField(primary_key=True)
    display_name = models.CharField(_("姓名"), max_length=40)
    #: What a township officer sees: divisions whose code begins so. Empty is the whole prefecture.
    division_prefix = models.CharField(_("所辖区划代码"), max_length=12, blank=True)

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bound to the tenant: the same password at another base gives another hash."""
        salt = f"tenants.staff.session.{connection.schema_name}"
        return salted_hmac(salt, self.password, secret=secret, algorithm="sha256").hexdigest()
