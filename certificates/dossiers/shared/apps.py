from django.apps import AppConfig


class SharedDossiersConfig(AppConfig):
    name = "certificates.dossiers.shared"
    label = "shared_dossiers"
    verbose_name = "已登记的补贴档案"
