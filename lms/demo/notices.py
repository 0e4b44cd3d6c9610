"""Notices of a demo base: templates, one sending that is done, a number that wants none."""

from courses.models import TrainingClass
from courses.notices import services
from courses.notices.audiences import people_of
from courses.notices.models import NoticeTemplate
from tenants.jobs.models import JobRun
from tenants.jobs.services import perform
from tenants.outbox.services import OUTBOX
from tenants.staff.models import User

TEMPLATES = (
    ("开班通知", "{姓名}您好：您报名的{项目}{日期}在{地点}开班，请带身份证准时参加。{基地} {电话}"),
    ("考核提醒", "{姓名}您好：{项目}即将考核，请提前复习，考核时带身份证。{基地}"),
    (
        "领证通知",
        "{姓名}您好：您的{项目}培训合格证书已办好，可到基地领取，或在 {链接} 查看。{基地}",
    ),
    ("回访提醒", "{姓名}您好：我们给您打过回访电话没有接通，方便时请回电 {电话}。{基地}"),
)


def notices(training_class: TrainingClass) -> None:
    """Written as the manager, sent as the clerk to a class that is about to open."""
    manager, clerk = (User.objects.get(username=name) for name in ("manager", "clerk"))
    for name, text in TEMPLATES:
        services.write_template(NoticeTemplate(), name, text, True, manager)
    people = people_of(f"class:{training_class.code}")
    with_phone = [person for person in people if person.trainee.phone]
    if not with_phone:
        return
    services.opt_out(with_phone[0].trainee.phone, "来电说不再接收短信", clerk)
    sending = services.begin(
        NoticeTemplate.objects.get(name=TEMPLATES[0][0]),
        people,
        f"一个班的学员：{training_class.code}",
        channel=OUTBOX,
        link="",
        urgent=True,
        by=clerk,
    )
    perform(JobRun.objects.get(kind=services.SEND, params={"sending": sending.pk}))
