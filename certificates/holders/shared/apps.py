from django.apps import AppConfig


class HoldersSharedConfig(AppConfig):
    name = "certificates.holders.shared"
    label = "holders_shared"
    verbose_name = "持证人（公共）"
