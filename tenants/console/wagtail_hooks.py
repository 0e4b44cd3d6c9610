"""The console in Wagtail's admin; it does not exist at a base."""

from wagtail import hooks

from tenants.console.viewsets import BaseViewSet


@hooks.register("register_admin_viewset")
def bases() -> BaseViewSet:
    return BaseViewSet()
