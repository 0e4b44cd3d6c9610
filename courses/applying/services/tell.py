"""Write to the applicant, or to the village, what the desk has decided."""

from courses.applying.models import ClassProposal, ClassTerms, CourseApplication
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.outbox.channels import way_to
from tenants.outbox.services import send_message

State = CourseApplication.State


def tell_decision(application: CourseApplication) -> None:
    """By the channel that reaches phones, or kept for somebody to pass on. No ID, no link that lets in."""
    if not application.phone:
        return
    base = current_tenant()
    address = absolute(base, "/join/status/")
    text = (
        f"{application.name}，{words_of(application)}"
        f"受理号 {application.number}，可在 {address} 查询。{base.name} {base.phone}"
    )
    send_message(application.phone, "报名结果", text.strip(), way_to(application.phone))


def words_of(application: CourseApplication) -> str:
    """What was decided, in sentences."""
    course = application.project.name
    if application.state == State.ACCEPTED and application.placed_in:
        one = application.placed_in
        where = f"{one.village.parent or ''}{one.village.name} {one.place}"
        terms = ClassTerms.objects.filter(training_class=one).first()
        bring = f"请带上{terms.bring}。" if terms and terms.bring else ""
        return f"您报的“{course}”已录取，{one.starts_on} 开班，地点：{where}。{bring}"
    if application.state == State.WAITING:
        why = f"（{application.reason}）" if application.reason else ""
        return f"您报的“{course}”已列入候补{why}，有空位或开新班时通知您。"
    return f"您报的“{course}”没有录取：{application.reason}。"


def tell_answer(proposal: ClassProposal) -> None:
    base = current_tenant()
    said = "同意办班" if proposal.state == ClassProposal.State.AGREED else "暂时不能办班"
    one = proposal.training_class
    begins = f"{one.starts_on} 开班。" if one else ""
    text = (
        f"{proposal.contact}，{proposal.village.name}申请的{proposal.trade.name}培训，{said}。"
        f"{begins}{proposal.answer} 受理号 {proposal.number}。{base.name} {base.phone}"
    )
    send_message(proposal.phone, "办班申请答复", text.strip(), way_to(proposal.phone))
