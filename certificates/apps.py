from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = "证书"

    def ready(self) -> None:
        from certificates import daily, exampapers, jobs, signals  # noqa: F401  (register themselves)
