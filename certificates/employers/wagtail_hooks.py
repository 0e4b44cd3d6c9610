"""The register of employers in Wagtail's admin; it does not exist at a base."""

from wagtail import hooks

from certificates.employers.console import EmployerViewSet


@hooks.register("register_admin_viewset")
def employers() -> EmployerViewSet:
    return EmployerViewSet()
