from django.apps import AppConfig


class LawConfig(AppConfig):
    name = "certificates.law"
    label = "law"
    verbose_name = "发证顺序"
