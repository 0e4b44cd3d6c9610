"""Facts of classes and courses for `structured`, from the rows."""

from courses.models.classes import TrainingClass
from courses.site import structured


def run_of(training_class: TrainingClass, url: str) -> structured.Run:
    """A class as it is announced; `url` is the page that announces it."""
    village = training_class.village
    region = f"{village.parent.name if village.parent else ''}{village.name}"
    hours = training_class.theory_hours + training_class.practice_hours
    return structured.Run(
        f"{training_class.project_name} {training_class.code}",
        url,
        training_class.starts_on,
        training_class.ends_on,
        training_class.place,
        region,
        hours * training_class.minutes_per_hour,
    )
