from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "certificates.dossiers"
    label = "dossiers"
    verbose_name = "补贴档案"

    def ready(self) -> None:
        from certificates.dossiers import jobs  # noqa: F401  (registers itself)
