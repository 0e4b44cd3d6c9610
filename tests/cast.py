"""The cast that plugins are tested with too."""

from lms.plugin.testing.cast import *


def two():
    """The two people of a base that a revocation needs: who asks, and who does it."""
    from tenants.staff.models import User

    return User.objects.get(username="clerk"), User.objects.get(username="manager")


def the_centre():
    from tenants.models import Tenant

    return Tenant.objects.get(type="centre", slug="centre")
