from django.apps import AppConfig


class DesignsConfig(AppConfig):
    name = "certificates.designs"
    label = "designs"
    verbose_name = "证书版式"

    def ready(self) -> None:
        from certificates.designs import receivers  # noqa: F401
