from django.apps import AppConfig


class ExternalConfig(AppConfig):
    name = "certificates.external"
    label = "external"
    verbose_name = "外部证书登记"
