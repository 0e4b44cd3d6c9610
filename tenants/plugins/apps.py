from django.apps import AppConfig


class PluginsConfig(AppConfig):
    name = "tenants.plugins"
    label = "plugins"
    verbose_name = "插件"

    def ready(self) -> None:
        from django.core.checks import register

        from tenants.plugins.checks import check_plugins

        register(check_plugins)
