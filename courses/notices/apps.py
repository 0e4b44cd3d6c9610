from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "courses.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from courses.notices import jobs  # noqa: F401
