from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "tenants.console"
    label = "console"
    verbose_name = "中心工作台"

    def ready(self) -> None:
        from tenants.console import jobs  # noqa: F401  (registers its jobs)
        from tenants.console.exports import escape_formulas

        escape_formulas()
