from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = "证书"

    def ready(self) -> None:
        from certificates import (  # noqa: F401  (register themselves)
            daily,
            exampapers,
            intake,
            jobs,
            signals,
        )
        from certificates.lists import bulk, histories  # noqa: F401
