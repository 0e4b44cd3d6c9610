"""Marks that are corrected after an issue, and what is asked about because of it."""

from certificates.models import Reevaluation
from courses.fieldlog.services.review import review_session
from courses.services.attendance import MarkEntry, record_attendance
from tenants.staff.models import User


def get(role):
    return User.objects.get(username=role)


def correct(found, mark="absent", minutes=0, number=1, person=0):
    """The trainer corrects a mark after the certificates were issued."""
    session = found.sessions.get(number=number)
    enrolment = found.enrolments.order_by("id")[person]
    entry = MarkEntry(enrolment.pk, mark, minutes, "记错人")
    record_attendance(session, [entry], get("trainer"))
    return session


def accept(session, reason="已核实"):
    review_session(session, "accepted", get("manager"), reason)


def rows(found, person=0):
    enrolment = found.enrolments.order_by("id")[person]
    return list(Reevaluation.objects.filter(certificate__enrolment=enrolment).order_by("id"))
