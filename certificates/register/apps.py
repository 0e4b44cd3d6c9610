from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "certificates.register"
    label = "register"
    verbose_name = "证书登记簿"

    def ready(self) -> None:
        from certificates.register import signals  # noqa: F401  (registers receivers)
