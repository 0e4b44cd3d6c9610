from django.apps import AppConfig


class HoldersConfig(AppConfig):
    name = "certificates.holders"
    label = "holders"
    verbose_name = "持证人"

    def ready(self) -> None:
        from certificates.holders import receivers  # noqa: F401
