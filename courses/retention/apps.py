from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "courses.retention"
    label = "retention"
    verbose_name = "档案保存期"

    def ready(self) -> None:
        from courses.retention import daily  # noqa: F401  (registers itself)
