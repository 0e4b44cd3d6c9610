"""What is taught, when, to whom; who came, and how they did."""

from courses.models.assessment import Score
from courses.models.attendance import Attendance, Mark
from courses.models.classes import Project, TrainingClass, VillageSession
from courses.models.pages import BaseHomePage, CoursePage
from courses.models.people import Enrolment, RosterImport, Trainee

__all__ = [
    "Attendance",
    "BaseHomePage",
    "CoursePage",
    "Enrolment",
    "Mark",
    "Project",
    "RosterImport",
    "Score",
    "Trainee",
    "TrainingClass",
    "VillageSession",
]
