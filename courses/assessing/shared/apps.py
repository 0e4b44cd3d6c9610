from django.apps import AppConfig


class AssessingPolicyConfig(AppConfig):
    name = "courses.assessing.shared"
    label = "assessing_policy"
    verbose_name = "考核规定"
