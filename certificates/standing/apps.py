from django.apps import AppConfig


class StandingConfig(AppConfig):
    name = "certificates.standing"
    label = "standing"
    verbose_name = "统计与月报"

    def ready(self) -> None:
        from certificates.standing import daily, jobs, receivers  # noqa: F401  (register themselves)
