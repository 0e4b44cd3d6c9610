from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "tenants.lists"
    label = "lists"
    verbose_name = "列表"
