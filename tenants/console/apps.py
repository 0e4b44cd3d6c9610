from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "tenants.console"
    label = "console"
    verbose_name = "中心工作台"
