from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "certificates.register"
    label = "register"
    verbose_name = "证书登记簿"
