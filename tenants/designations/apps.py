from django.apps import AppConfig


class DesignationsConfig(AppConfig):
    name = "tenants.designations"
    label = "designations"
    verbose_name = "基地认定"
