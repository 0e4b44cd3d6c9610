from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "certificates.figures"
    label = "figures"
    verbose_name = "统计"
