from django.apps import AppConfig


class SharedLooksConfig(AppConfig):
    name = "tenants.looks.shared"
    label = "shared_looks"
    verbose_name = "基地的证号查看记录"
