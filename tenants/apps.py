from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "租户"

    def ready(self) -> None:
        from tenants.hosts import connect

        connect()
