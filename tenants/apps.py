from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "租户"

    def ready(self) -> None:
        from django.core.checks import register

        import tenants.many  # noqa: F401  (registers its lookup)
        from tenants.citus.checks import check_database
        from tenants.hosts import connect

        connect()
        register(check_database)
