from django.apps import AppConfig


class LooksConfig(AppConfig):
    name = "tenants.looks"
    label = "looks"
    verbose_name = "证号查看记录"
