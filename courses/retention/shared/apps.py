from django.apps import AppConfig


class SharedRetentionConfig(AppConfig):
    name = "courses.retention.shared"
    label = "shared_retention"
    verbose_name = "各基地的到期档案"
