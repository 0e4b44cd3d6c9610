from django.apps import AppConfig


class OpeningsConfig(AppConfig):
    name = "courses.openings"
    label = "openings"
    verbose_name = "招生班次（公共）"
