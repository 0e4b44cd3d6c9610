from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "courses.retention"
    label = "retention"
    verbose_name = "档案保存期"
