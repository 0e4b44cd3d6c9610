from django.apps import AppConfig


class EmploymentConfig(AppConfig):
    name = "certificates.employment"
    label = "employment"
    verbose_name = "就业核实"
