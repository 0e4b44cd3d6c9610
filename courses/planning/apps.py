from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "courses.planning"
    label = "planning"
    verbose_name = "开班申请与日历"

    def ready(self) -> None:
        from courses.extensions import register_opening_rule
        from courses.planning import daily, receivers  # noqa: F401
        from courses.planning.services.opening import RULE

        register_opening_rule(RULE)
