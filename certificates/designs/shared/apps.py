from django.apps import AppConfig


class SharedDesignsConfig(AppConfig):
    name = "certificates.designs.shared"
    label = "shared_designs"
    verbose_name = "中心的证书版式"
