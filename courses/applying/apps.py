from django.apps import AppConfig


class ApplyingConfig(AppConfig):
    name = "courses.applying"
    label = "applying"
    verbose_name = "报名"

    def ready(self) -> None:
        from courses.applying import daily, signals  # noqa: F401  (register themselves)
