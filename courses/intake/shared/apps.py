from django.apps import AppConfig


class SharedIntakeConfig(AppConfig):
    name = "courses.intake.shared"
    label = "shared_intake"
    verbose_name = "每年培训次数"
