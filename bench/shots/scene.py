"""What the pages need beyond the demo: jobs on their way, sites opened and closed, open links."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone
from django_tenants.utils import tenant_context
from stdnum.cn.uscc import calc_check_digit

from bench.shots.exams import assessed
from bench.shots.village import taught_in_the_village
from certificates.checkapi.models import ApiKey
from certificates.designs.models import CertificateDesign
from certificates.designs.services import previews
from certificates.designs.services.designs import facts_of
from certificates.dossiers.services.make import make
from certificates.duties.models import OpeningCheck, SampleCheck, SampledPerson
from certificates.employers.models import Confirmation, Employer
from certificates.employers.services import sign_in
from certificates.employers.services.register import Firm, apply, decide
from certificates.employment.models import Claim
from certificates.employment.services.links import send_confirm_link
from certificates.employment.services.worker import tell
from certificates.external.models import ExternalCertificate
from certificates.holders.services import shares
from certificates.models import Certificate, FollowUp, Objection, Outcome
from certificates.register.checks.services import API, note
from certificates.register.models import RegisterEntry
from certificates.services.correct import correct
from certificates.standing.models import MonthlyReport
from courses.applying.models import ClassProposal, CourseApplication
from courses.fieldlog.models import Device, PaperSheet
from courses.intake.services.rosters import take_in
from courses.models import CoursePage, Enrolment, Project, RosterImport, TrainingClass
from courses.notices.models import NoticeTemplate, Sending
from courses.planning.models import Proposal
from courses.requests.models import ClassRequest
from courses.services import seen
from courses.services.photos import set_photo
from courses.services.roster import upload_roster
from courses.site.models import NewsIndexPage, StoryPage
from lms.archive.jobs import EXPORT
from lms.demo import facts
from lms.demo.coming import foreign_headings
from lms.demo.designations import DIRECTOR, OFFICER, picture
from tenants import sites
from tenants.applications.models import Application
from tenants.console.jobs import OPEN
from tenants.designations.models import TrainingBase
from tenants.designations.services import Places, apply_for, designate, take_step
from tenants.jobs.models import JobRun
from tenants.jobs.services import cancel, perform, start
from tenants.looks.services import Reason
from tenants.models import Division, Tenant
from tenants.outbox.models import Message
from tenants.outbox.services import send_message
from tenants.plugins.services import switch
from tenants.staff.models import User
from tenants.staff.services import invite

CENTRE, BASE = facts.CENTRE["slug"], facts.BASES[0]["slug"]
#: Bases beyond the demo's: designated and without a site; with a closed site.
MORE = {
    "siteless": ("52222404MJ0000086", "珲春示范建筑职业培训学校", "222404"),
    "closed": ("52222402MJ0000097", "图们示范养老护理培训中心", "222402"),
}
#: The demo's own bases by what they show.
KNOWN = {
    "running": facts.BASES[0]["name"],
    "applied": "珲春示范缝纫职业培训学校",
    "checked": "图们示范餐饮技能培训中心",
    "failed": "龙井示范计算机培训学校",
    "suspended": "汪清示范家政职业培训中心",
    "removed": "安图示范保安职业培训学校",
}


@dataclass
class Scene:
    """Keys and names by which pages are reached."""

    bases: dict[str, int] = field(default_factory=dict)
    jobs: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    of: dict[str, Any] = field(default_factory=dict)
    tenants: dict[str, Tenant] = field(default_factory=dict)


def prepare() -> Scene:
    """Add it to the demo, and find what is there."""
    scene = Scene()
    switch(Tenant.objects.get(slug=BASE), "sample", True, "周主任", at_centre=False)
    centre = Tenant.objects.get(slug=CENTRE)
    for key, (code, name, division) in MORE.items():
        scene.bases[key] = _designated(centre, code, name, division).pk
    for key, name in KNOWN.items():
        scene.bases[key] = TrainingBase.objects.get(name=name).pk
    with tenant_context(centre):
        _at_centre(scene)
    with tenant_context(Tenant.objects.get(slug=BASE)):
        _at_base(scene)
        complaint = apps.get_model("hotline", "Complaint").objects.first()
        scene.of |= {"complaint": complaint.pk, "receipt": complaint.number}
    with tenant_context(Tenant.objects.get(slug=facts.BASES[1]["slug"])):
        warned = OpeningCheck.objects.order_by("pk").last()
        scene.of["warned"] = warned.training_class.code
    scene.tenants = {tenant.slug: tenant for tenant in Tenant.objects.all()}
    return scene


def _designated(centre: Tenant, code: str, name: str, division: str) -> TrainingBase:
    today = timezone.localdate()
    where = Division.objects.get(code=division)
    base = apply_for(centre, code + calc_check_digit(code), name, where, OFFICER, today)
    take_step(base, "check", OFFICER, reason="符合要求", on=today)
    designate(
        base,
        DIRECTOR,
        document=f"示范劳认〔2026〕{division[-2:]}1号",
        starts_on=today,
        ends_on=today + timedelta(days=365),
        trades={"sewing": Places(60, 40, 120)},
        reason="核查合格",
        on=today,
    )
    base.refresh_from_db()
    return base


def _open_params(base: int, slug: str) -> dict[str, Any]:
    return {"base": base, "slug": slug, "host": f"{slug}.localhost", "rule_code": "standard"} | {
        "seasons": [{"name": "冬闲", "starts": "11-01", "ends": "03-31"}],
        "page_set": True,
    }


def _at_centre(scene: Scene) -> None:
    director = User.objects.get(username="director")
    closed = TrainingBase.objects.get(pk=scene.bases["closed"])
    back = f"/admin/bases/{closed.pk}/"
    opening = start(OPEN, closed.name, _open_params(closed.pk, "tumen"), director, back)
    perform(opening)
    opened = Tenant.objects.get(slug="tumen")
    take_step(
        closed,
        "remove",
        DIRECTOR,
        document="示范劳撤〔2026〕9号",
        reason="自愿退出",
        on=timezone.localdate(),
    )
    sites.close(opened, "孙主任", "培训机构注销")
    exported = start(
        EXPORT,
        facts.BASES[0]["name"],
        {"tenant": Tenant.objects.get(slug=BASE).pk},
        director,
        f"/admin/bases/{scene.bases['running']}/",
    )
    perform(exported)
    under_way = start(OPEN, "珲春示范建筑职业培训学校", {"base": 0}, director, "/admin/bases/")
    JobRun.objects.filter(pk=under_way.pk).update(state=JobRun.State.RUNNING, done=2, total=4)
    failed = start(OPEN, "延吉示范学校", {"base": -1}, director, "/admin/bases/")
    error = "先认定，再开通网站 / a base is designated before its site is opened"
    JobRun.objects.filter(pk=failed.pk).update(
        state=JobRun.State.FAILED, done=1, total=4, result={"error": error}
    )
    scene.jobs |= {
        "opened": opening.pk,
        "exported": exported.pk,
        "under-way": under_way.pk,
        "failed": failed.pk,
    }
    _employers(scene)
    scene.tokens[CENTRE] = invite("jin", "金科员", ["officer"], "孙主任")
    scene.of["application"] = Application.objects.get(base_id=scene.bases["suspended"]).number
    scene.of["check_key"] = ApiKey.objects.earliest("pk").pk
    signed, drafted = MonthlyReport.objects.order_by("month")
    scene.of |= {"report": f"{signed.month:%Y-%m}", "report_draft": f"{drafted.month:%Y-%m}"}
    scene.of["person"] = User.objects.get(username="township_officer").pk


def _token(subject: str) -> str:
    """The secret of the link in the last message of that subject."""
    text = Message.objects.filter(subject=subject).latest("pk").text
    return re.findall(r"https?://\S+?/([\w-]{16,})/", text)[-1]


def _employers(scene: Scene) -> None:
    """At the centre: one who comes in, one with a link in hand, one that waits for a decision."""
    working, applied = Employer.objects.order_by("pk")
    scene.of |= {"employer": working.pk, "employer_applied": applied.pk}
    sign_in.send_link(working.uscc)
    scene.tokens["employer"] = _token("用人单位登录")
    decide(applied, "approved", User.objects.get(username="director"))
    sign_in.send_link(applied.uscc)
    scene.tokens["employer_link"] = _token("用人单位登录")
    Employer.objects.filter(pk=applied.pk).update(phone="0433-2500003")
    firm = Firm(
        "91222402MA0D00036", "图们示范餐饮店", "餐饮", "222402", "", "朴店长", "0433-3600003"
    )
    firm = replace(firm, uscc=firm.uscc + calc_check_digit(firm.uscc))
    scene.of["employer_applied"] = apply(firm).pk
    scene.of["confirmed"] = Confirmation.objects.filter(state="counted").earliest("pk").pk


def _work(scene: Scene, clerk: User) -> None:
    """At the base: a claim with a link, an outcome that an employer has confirmed, an objection."""
    claim = Claim.objects.earliest("pk")
    send_confirm_link(claim, claim.phone, "public", clerk)
    outcome = Outcome.objects.filter(objections__isnull=True, employer_uscc__gt="").earliest("pk")
    trainee = outcome.certificate.trainee
    trainee.phone = trainee.phone or "13800000009"
    trainee.save()
    tell(outcome)
    scene.tokens |= {"confirm": _token("就业核实"), "worker": _token("就业登记")}
    scene.of |= {
        "claim": claim.pk,
        "outcome": outcome.pk,
        "working": outcome.certificate.number,
        "worker_last4": trainee.id_last4,
        "objection": Objection.objects.earliest("pk").pk,
    }


def _of_plugins() -> None:
    from trainbase_sample.models import Note

    Note.objects.create(text="教室的投影仪要修", open=True)
    Note.objects.create(text="下周一领教材")
    send_message("13800000000", "开班通知", "12 月 1 日 8:30 在村部上课，请带身份证。", "carrier")
    send_message("13800000001", "", "结业证已经办好，可以来领。")
    send_message("13800000002", "开班通知", "12 月 1 日上课。", "sms")


def _notices() -> dict[str, Any]:
    """The demo's own sending and the first template, with whom a preview is for."""
    sending, template = Sending.objects.latest("pk"), NoticeTemplate.objects.earliest("pk")
    code = sending.notices.earliest("pk").training_class.code
    return {
        "sending": sending.pk,
        "notice_template": template.pk,
        "noticed": f"?to=class:{code}&template={template.pk}",
    }


def _jobs_on_their_way(scene: Scene, running: TrainingClass, clerk: User) -> None:
    issuing = start("certificates.issue", running.code, {"class": running.pk}, clerk, "/desk/")
    JobRun.objects.filter(pk=issuing.pk).update(
        state=JobRun.State.RUNNING,
        done=800,
        total=4000,
        pace_from=timezone.now() - timedelta(seconds=90),
    )
    cancelled = start("certificates.print", running.code, {"class": 0}, clerk, "/desk/")
    cancel(cancelled)
    scene.jobs |= {"issuing": issuing.pk, "cancelled": cancelled.pk}


def _designs(scene: Scene) -> None:
    """The demo's own, with a draft on it, and its sample drawn."""
    design = CertificateDesign.objects.earliest("pk")
    design.note = "本证书由服务中心监制"
    manager = User.objects.get(username="manager")
    later = design.save_revision(user=manager)
    facts_now, found = facts_of(design)
    digest = previews.wish(facts_now, found, manager)
    previews.draw_sample(digest)
    first = design.revisions.earliest("pk")
    scene.of |= {"design": design.pk, "revision": first.pk, "later_revision": later.pk}


def _share(valid: Certificate) -> str:
    """A link to it with its paper, and somebody with a key who has checked it."""
    entry = RegisterEntry.objects.select_related("tenant").get(code=valid.code)
    note([entry], API, "延边示范电子厂")
    made = shares.share(bytes(entry.person), [entry.code], 7, papers=True, label="图们示范物业公司")
    return shares.token_of(made)


def _dossier_and_look(scene: Scene, finished: TrainingClass, clerk: User) -> None:
    """A dossier of the finished class, as far as it can be made, and one number that was looked at."""
    trainee = finished.enrolments.earliest("pk").trainee
    seen.resident_id(trainee, Reason("identity", "本人到柜台补办证书"), clerk)
    scene.of |= {"trainee": trainee.pk, "dossier": make(finished, clerk).pk}


def _at_base(scene: Scene) -> None:
    _of_plugins()
    clerk = User.objects.get(username="clerk")
    finished = TrainingClass.objects.filter(state=TrainingClass.State.FINISHED).latest("pk")
    running = TrainingClass.objects.filter(state=TrainingClass.State.IN_SESSION).earliest("pk")
    opened = TrainingClass.objects.filter(state=TrainingClass.State.OPEN).earliest("pk")
    content = (facts.HERE / facts.BASES[0]["roster"]).read_bytes()
    preview = upload_roster(opened, "缝纫班花名册（新）.xlsx", content, clerk)
    unexplained = take_in(opened, "翰章乡报名.xlsx", foreign_headings(), clerk)
    scene.of |= {"unexplained": unexplained.pk} | _coming()
    photo = Enrolment.objects.filter(training_class=running).earliest("pk")
    set_photo(photo, picture("学员"))
    done = start("certificates.issue", finished.code, {"class": finished.pk}, clerk, "/desk/")
    perform(done)
    scene.jobs["issued"] = done.pk
    _work(scene, clerk)
    _dossier_and_look(scene, finished, clerk)
    _jobs_on_their_way(scene, running, clerk)
    _designs(scene)
    scene.tokens[BASE] = invite("xin", "新教务", ["clerk"], "周主任")
    open_duties = FollowUp.objects.filter(done_on__isnull=True, certificate__status="valid")
    valid = Certificate.objects.filter(status=Certificate.Status.VALID).earliest("pk")
    revoked = Certificate.objects.filter(status=Certificate.Status.REVOKED).earliest("pk")
    scene.of |= {"share": _share(valid), "last4": valid.trainee.id_last4}
    scene.of |= _notices()
    scene.of |= _answers(clerk) | assessed(clerk) | _planned() | _applying(opened)
    scene.of |= {
        "finished": finished.code,
        "in_session": running.code,
        "opened": opened.code,
        "session": running.sessions.earliest("held_on", "starts_at").pk,
        "to_review": taught_in_the_village(running, clerk),
        "preview": preview.pk,
        "imported": RosterImport.objects.filter(state=RosterImport.State.CONFIRMED)
        .earliest("pk")
        .pk,
        "photo": photo.pk,
        "no_photo": Enrolment.objects.filter(training_class=running).latest("pk").pk,
        "external": ExternalCertificate.objects.filter(replaces__isnull=False).latest("pk").pk,
        "valid": valid,
        "revoked": revoked,
        "trainer": User.objects.get(username="trainer").pk,
        "device": Device.objects.latest("pk").pk,
        "sheet": PaperSheet.objects.filter(entered__isnull=False).earliest("pk").code,
        "sheet_open": PaperSheet.objects.filter(entered__isnull=True).earliest("pk").code,
        "project": Project.objects.earliest("pk").pk,
        "to_call": open_duties.earliest("due_on").certificate.trainee_id,
        "discrepancy": SampleCheck.objects.exclude(differences=[]).earliest("pk").pk,
        "sampled": SampledPerson.objects.earliest("pk").pk,
        "course": CoursePage.objects.earliest("pk").pk,
        "story": StoryPage.objects.earliest("pk").pk,
        "news": NewsIndexPage.objects.get().pk,
    }


def _planned() -> dict[str, Any]:
    """Requests by the serial of their class, one of a change, and a session that can be moved."""
    openings = Proposal.objects.filter(kind="opening")
    change = Proposal.objects.get(kind="change")
    opened = change.training_class
    assert opened is not None
    return {
        "proposals": {p.class_code[-2:]: p.pk for p in openings} | {"change": change.pk},
        "changed_class": opened.code,
        "movable": opened.sessions.earliest("number").pk,
        "request": ClassRequest.objects.filter(kind="opening", state="sent").latest("pk").number,
        "request_change": change.number,
    }


def _coming() -> dict[str, Any]:
    """A class with a waiting list, and people of it."""
    waits = Enrolment.objects.filter(state="waiting").earliest("queue")
    here = waits.training_class.enrolments
    return {
        "waited_for": waits.training_class.code,
        "waits": waits.pk,
        "on_roll": here.on_roll().earliest("pk").pk,
        "left": here.filter(state="withdrawn").earliest("pk").pk,
    }


def _applying(opened: TrainingClass) -> dict[str, Any]:
    """Applications in each state, with what opens them, and a proposal."""
    rows = CourseApplication.objects.filter(repeats__isnull=True).order_by("pk")
    found: dict[str, Any] = {"village": opened.village.code}
    for key, state in (("applied", "new"), ("accepted", "accepted"), ("refused", "refused")):
        one = rows.filter(state=state)[0]
        found |= {key: one.number, f"{key}_last4": one.id_last4}
    repeated = rows.filter(repeated__isnull=False, state="new").first() or rows[0]
    proposed = ClassProposal.objects.earliest("pk")
    return found | {
        "application_repeated": repeated.pk,
        "application_accepted": rows.filter(state="accepted")[0].pk,
        "proposal": ClassProposal.objects.latest("pk").pk,
        "proposed": proposed.number,
        "proposed_last4": proposed.phone[-4:],
    }


def _answers(clerk: User) -> dict[str, Any]:
    """Certificates that were corrected, or issued on a day without designation."""
    valid = Certificate.objects.filter(status=Certificate.Status.VALID).order_by("-pk")
    superseded, undesignated = valid[:2]
    correct(superseded, f"{superseded.holder_name}一", "姓名录入有误", clerk)
    RegisterEntry.objects.filter(code=undesignated.code).update(issued_on=date(2001, 1, 1))
    return {"superseded": superseded, "undesignated": undesignated}
