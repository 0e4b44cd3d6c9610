from django.apps import AppConfig


class FieldlogConfig(AppConfig):
    name = "courses.fieldlog"
    label = "fieldlog"

    def ready(self) -> None:
        from courses.fieldlog import jobs, signals  # noqa: F401  (register themselves)
