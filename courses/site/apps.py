from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "courses.site"
    label = "site"
    verbose_name = "网站"

    def ready(self) -> None:
        from courses.site import daily, workflow  # noqa: F401  (regular work, receivers)
