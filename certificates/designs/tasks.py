"""Short work of the worker: it goes before long jobs that wait."""

from django_tasks import task

from certificates.designs.services.previews import draw_sample


@task()
def draw_preview(digest: str) -> None:
    draw_sample(digest)
