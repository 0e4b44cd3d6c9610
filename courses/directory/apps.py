from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "courses.directory"
    label = "directory"
    verbose_name = "公共目录"
