from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "courses.finding"
    verbose_name = "课程搜索"
