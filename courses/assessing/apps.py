from django.apps import AppConfig


class AssessingConfig(AppConfig):
    name = "courses.assessing"
    label = "assessing"
    verbose_name = "结业考核"
