from django.apps import AppConfig


class LmsConfig(AppConfig):
    name = "lms"
    verbose_name = "Trainbase"

    def ready(self) -> None:
        from lms import roles  # noqa: F401  (connects its receiver)
        from lms.archive import jobs  # noqa: F401  (registers its job)
        from lms.exports import guard_wagtail
        from lms.portal import jobs as portal_jobs  # noqa: F401  (registers its job)
        from lms.portal import setup  # noqa: F401  (connects its receiver)

        guard_wagtail()
