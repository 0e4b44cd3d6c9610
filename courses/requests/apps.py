from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "courses.requests"
    label = "requests"
    verbose_name = "开班申请与计划"
