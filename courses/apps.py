from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "培训"

    def ready(self) -> None:
        from courses import signals  # noqa: F401  (connects its receivers)
