from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "certificates.duties"
    label = "duties"
    verbose_name = "回访"

    def ready(self) -> None:
        from certificates.duties import audience, daily, receivers  # noqa: F401
        from certificates.duties.services.gate import RULE
        from courses.extensions import register_opening_rule

        register_opening_rule(RULE)
