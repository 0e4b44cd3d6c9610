from django.apps import AppConfig


class CheckApiConfig(AppConfig):
    name = "certificates.checkapi"
    label = "checkapi"
    verbose_name = "核验接口"
