from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "certificates.register.checks"
    label = "checks"
    verbose_name = "核验记录"
