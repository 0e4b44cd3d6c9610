from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "tenants.staff"
    label = "staff"
    verbose_name = "人员"

    def ready(self) -> None:
        from tenants.staff import signals  # noqa: F401  (connects its receiver)
