from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "courses.intake"
    label = "intake"
    verbose_name = "学员入班"

    def ready(self) -> None:
        from courses.intake import daily, jobs  # noqa: F401  (register themselves)
