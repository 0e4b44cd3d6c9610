"""Every page that is photographed: its name, who looks at it, and how it is reached.

An address of ours that stands neither here nor in `NO_PAGE` is an error: see `forgotten`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bench.shots.routes import our_routes
from bench.shots.scene import BASE, CENTRE, Scene
from lms.demo import facts

Args = Callable[[Scene], list[Any]]
#: The month in which most of what the demo plans lies.
AHEAD = f"?month={date.today() + timedelta(days=28):%Y-%m}"
WAGTAIL_PAGE = "wagtail_serve"


@dataclass(frozen=True)
class Shot:
    """One page of the site `site`, as `role` sees it; a stranger without one.

    `then` is what is clicked or typed on `route` before the page is there: (selector, text) types, or
    chooses in a `select`, (selector, None) clicks. `lands` is the route of the page that comes, when it is another.
    """

    name: str
    site: str
    role: str
    route: str
    args: Args = lambda scene: []
    query: str = ""
    status: int = 200
    then: tuple[tuple[str, str | None], ...] = ()
    lands: str = ""
    path: str = ""  # for a page of Wagtail, which has no route of its own


def at_centre(name: str, route: str, args: Args = lambda s: [], **more: Any) -> Shot:
    return Shot(name, CENTRE, more.pop("role", "director"), route, args, **more)


def at_base(name: str, route: str, args: Args = lambda s: [], **more: Any) -> Shot:
    return Shot(name, BASE, more.pop("role", "clerk"), route, args, **more)


def public(name: str, site: str, route: str, args: Args = lambda s: [], **more: Any) -> Shot:
    return Shot(name, site, "", route, args, **more)


def _step(base: str, kind: str) -> Shot:
    return at_centre(f"console-step-{kind}", "console:step", lambda s: [s.bases[base], kind])


def _job(name: str) -> Shot:
    return at_centre(f"job-{name}", "job", lambda s: [s.jobs[name]])


def _change(base: str, kind: str) -> Shot:
    return at_centre(f"site-{kind}", "console:site_change", lambda s: [s.bases[base], kind])


ACCOUNT = [  # first: some of these ask for a fresh sign-in
    public("login", CENTRE, "account_login"),
    public(
        "login-wrong",
        CENTRE,
        "account_login",
        then=(("#id_username", "nobody"), ("#id_password", "wrong"), ("main button", None)),
    ),
    at_centre("second-factor-code", "mfa_authenticate", role="director/password"),
    at_centre("second-factor-on", "mfa_activate_totp", role="township_officer"),
    at_centre("account", "mfa_index"),
    at_centre("second-factor-off", "mfa_deactivate_totp"),
    at_centre("recovery-codes-new", "mfa_generate_recovery_codes"),
    at_centre(
        "recovery-codes",
        "mfa_generate_recovery_codes",
        then=(("main button", None),),
        lands="mfa_view_recovery_codes",
    ),
    at_centre("confirm-by-code", "mfa_reauthenticate"),
    at_centre("confirm-by-password", "account_reauthenticate", role="township_officer"),
    at_centre("password", "account_change_password"),
    at_centre("sessions", "usersessions_list"),
    public("account-inactive", CENTRE, "account_inactive"),
    public("invitation", CENTRE, "accept_invitation", lambda s: [s.tokens[CENTRE]]),
    public("invitation-used", CENTRE, "accept_invitation", lambda s: ["used"], status=404),
]
STAFF = [
    at_centre("staff", "staff"),
    at_centre("staff-invite", "staff_invite"),
    at_centre("staff-person", "staff_person", lambda s: [s.of["person"]]),
    at_centre(
        "staff-link",
        "staff_person",
        lambda s: [s.of["person"]],
        then=(("[name=act][value=link]", None),),
        lands="staff_act",
    ),
]
CONSOLE = [
    at_centre("console", "console:index"),
    at_centre("console-search", "console:index", query="?q=珲春&state=designated"),
    at_centre("console-township", "console:index", role="township_officer"),
    at_centre("console-applied", "console:base", lambda s: [s.bases["applied"]]),
    at_centre("console-failed", "console:base", lambda s: [s.bases["failed"]]),
    at_centre("console-siteless", "console:base", lambda s: [s.bases["siteless"]]),
    at_centre("console-running", "console:base", lambda s: [s.bases["running"]]),
    at_centre("console-suspended", "console:base", lambda s: [s.bases["suspended"]]),
    at_centre("console-closed", "console:base", lambda s: [s.bases["closed"]]),
    _step("applied", "check"),
    at_centre(
        "console-step-check-faults",
        "console:step",
        lambda s: [s.bases["applied"], "check"],
        then=((".nice-padding form button", None),),
    ),
    _step("checked", "designate"),
    _step("checked", "refuse"),
    _step("running", "warn"),
    _step("suspended", "lift"),
    _step("running", "suspend"),
    _step("running", "remove"),
    at_centre("notice-designate", "console:notice", lambda s: [s.bases["running"], 3]),
    at_centre("notice-suspend", "console:notice", lambda s: [s.bases["suspended"], 4]),
    at_centre("site-open", "console:site_open", lambda s: [s.bases["siteless"]]),
    at_centre("site-first", "console:site_first", lambda s: [s.bases["running"]]),
    at_centre(
        "site-first-link",
        "console:site_first",
        lambda s: [s.bases["running"]],
        then=(
            ("[name=display_name]", "新主任"),
            ("[name=username]", "xinzhuren"),
            (".nice-padding form button", None),
        ),
    ),
    _change("running", "renamed"),
    _change("running", "moved"),
    _change("running", "closed"),
    _change("closed", "reopened"),
    _job("under-way"),
    _job("opened"),
    _job("failed"),
    _job("exported"),
    at_centre("trades", "trades:index"),
    at_centre("trade-new", "trades:add"),
    at_centre("trade", "trades:edit", lambda s: [1]),
    at_centre("rule-sets", "rule-sets:index"),
    at_centre("rule-set-new", "rule-sets:add"),
    at_centre("rule-set", "rule-sets:edit", lambda s: [1]),
    at_centre("programmes", "programmes:index"),
    at_centre("programme-new", "programmes:add"),
    at_centre("synonyms", "synonyms:index"),
    at_centre("synonyms-new", "synonyms:add"),
    at_centre("admin-centre", "wagtailadmin_home"),
]
CHECK_API = [
    at_centre("check-keys", "check-keys:index"),
    at_centre("check-key-new", "check-keys:new"),
    at_centre(
        "check-key-once",
        "check-keys:new",
        then=(
            ("[name=name]", "图们示范物业公司"),
            ("[name=contact]", "赵经理 0433-0000008"),
            (".nice-padding form button", None),
        ),
    ),
    at_centre("check-key", "check-keys:key", lambda s: [s.of["check_key"]]),
    at_centre("check-uses", "check-keys:uses"),
    public("check-api", CENTRE, "check_api"),
]
_ENTER = (("#code", "{valid.code}"), ("#last4", "{last4}"), ("main .button", None))


def _holder(name: str, *then: tuple[str, str | None], lands: str = "holder_certificates") -> Shot:
    return public(name, CENTRE, "holder", then=(*_ENTER, *then), lands=lands)


HOLDER = [
    public("holder-door", CENTRE, "holder"),
    public(
        "holder-refused",
        CENTRE,
        "holder",
        status=403,
        then=(("#code", "NOSUCHCODE"), ("#last4", "0000"), ("main .button", None)),
    ),
    _holder("holder"),
    _holder("holder-shared", ("#label", "延边示范电子厂"), ("#share .button", None)),
    _holder(
        "holder-checks",
        ("main .actions a[href^='/my/certificates/'][href$='/']", None),
        lands="holder_checks",
    ),
    public("share", CENTRE, "shared", lambda s: [s.of["share"]]),
    public("share-over", CENTRE, "shared", lambda s: ["x"], status=404),
    at_base("certificate-holder", "certificate_holder", lambda s: [s.of["valid"].number]),
]
FIGURES = [
    at_centre("figures", "figures"),
    at_centre("figures-hidden", "figures", role="officer"),
    at_centre("figures-township", "figures", role="township_officer"),
    at_centre("figures-base", "figures_base", lambda s: [BASE]),
    at_centre("figures-by-base", "figures_by_base", query="?dimension=total&step=certified"),
    at_centre(
        "figures-names",
        "figures_names",
        lambda s: [BASE],
        query="?dimension=total&step=employed",
    ),
    at_centre("figures-looks", "figures_looks"),
    at_centre("reports-monthly", "report_months"),
    at_centre("report-monthly", "report_month", lambda s: [s.of["report"], 0]),
    at_centre("report-draft", "report_month", lambda s: [s.of["report_draft"], 0]),
    at_centre("rural-labour", "rural_labour"),
    at_centre("archives", "figures_archives"),
    at_centre("archives-hidden", "figures_archives", role="officer"),
    at_centre("programme", "programmes:edit", lambda s: [1]),
]
PUBLIC = [
    public("portal", CENTRE, WAGTAIL_PAGE, path="/"),
    public("portal-bases", CENTRE, "bases"),
    public("portal-courses", CENTRE, "courses"),
    public("apply", CENTRE, "apply"),
    public("apply-faults", CENTRE, "apply", then=(("main form button", None),)),
    public("application", CENTRE, "application", lambda s: [s.of["application"]]),
    public("check", CENTRE, "check"),
    public("check-many", CENTRE, "check_many"),
    public("check-number", CENTRE, "check", query="?q={valid.number}"),
    public("verify-valid", CENTRE, "verify", lambda s: [s.of["valid"].code]),
    public("verify-revoked", CENTRE, "verify", lambda s: [s.of["revoked"].code]),
    public("verify-superseded", CENTRE, "verify", lambda s: [s.of["superseded"].code]),
    public("verify-undesignated", CENTRE, "verify", lambda s: [s.of["undesignated"].code]),
    public(
        "verify-forged",
        CENTRE,
        "check",
        query="?q=https://x/c/{valid.code}%23{revoked.token}",
        status=404,
    ),
    public("verify-unknown", CENTRE, "verify", lambda s: ["NOSUCHCODE"], status=404),
    public("base-home", BASE, WAGTAIL_PAGE, path="/"),
    public("base-search", BASE, WAGTAIL_PAGE, path="/courses/", query="?q=裁缝"),
    public("catalogue", BASE, WAGTAIL_PAGE, path="/courses/"),
    public("course", BASE, WAGTAIL_PAGE, path="/courses/sewing/"),
    public("course-other", facts.BASES[1]["slug"], WAGTAIL_PAGE, path="/courses/catering/"),
    public("news-list", BASE, WAGTAIL_PAGE, path="/news/"),
    public("news", BASE, WAGTAIL_PAGE, path="/news/news-1/"),
    public("news-without-picture", BASE, WAGTAIL_PAGE, path="/news/news-3/"),
    public("class-notice", BASE, WAGTAIL_PAGE, path="/news/sewing-class/"),
    public("stories", BASE, WAGTAIL_PAGE, path="/stories/"),
    public("story", BASE, WAGTAIL_PAGE, path="/stories/story-1/"),
    public("policies", BASE, WAGTAIL_PAGE, path="/policies/"),
    public("policy", BASE, WAGTAIL_PAGE, path="/policies/training-subsidy/"),
    public("policy-over", BASE, WAGTAIL_PAGE, path="/policies/training-subsidy-2025/"),
    public("contact", BASE, WAGTAIL_PAGE, path="/contact/"),
    public("base-home-other", facts.BASES[1]["slug"], WAGTAIL_PAGE, path="/"),
    public("no-page", BASE, WAGTAIL_PAGE, path="/nothing/", status=404),
    at_base("no-right", "staff", role="trainer", status=403),
    Shot("closed-site", "tumen", "", WAGTAIL_PAGE, path="/", status=410),
    Shot("no-such-host", "nobody", "", WAGTAIL_PAGE, path="/", status=404),
]
DESK = [
    at_base("desk", "desk"),
    at_base("desk-manager", "desk", role="manager"),
    at_base("desk-trainer", "desk", role="trainer"),
    at_base("desk-examiner", "desk", role="examiner"),
    at_base("issue-due", "issue_due"),
    at_base("funnel", "funnel_names", lambda s: ["certified"]),
    at_base("classes", "class_list"),
    at_base("classes-of-a-view", "class_list", query="?state=open&sort=-starts&columns=code,state"),
    at_base("classes-print", "class_list", query="?format=print"),
    at_base("classes-none", "class_list", query="?q=nothing"),
    at_base("trainees", "trainee_list"),
    at_base("class-people", "class_people", lambda s: [s.of["in_session"]]),
    at_base("history", "record_history", lambda s: ["device", s.of["device"]]),
    at_base("class-open", "class_open"),
    at_base("class-finished", "class_detail", lambda s: [s.of["finished"]]),
    at_base("class-in-session", "class_detail", lambda s: [s.of["in_session"]]),
    at_base("class-opened", "class_detail", lambda s: [s.of["opened"]]),
    at_base("roster-upload", "roster_upload", lambda s: [s.of["opened"]]),
    at_base("roster-preview", "roster_preview", lambda s: [s.of["preview"]]),
    at_base("roster-columns", "roster_preview", lambda s: [s.of["unexplained"]]),
    at_base(
        "roster-columns-faults",
        "roster_preview",
        lambda s: [s.of["unexplained"]],
        then=(("main form .button", None),),
        lands="roster_columns",
    ),
    at_base("columns-list", "columns_list"),
    at_base("class-intake", "class_intake", lambda s: [s.of["waited_for"]]),
    at_base("enrolment-leave", "enrolment_leave", lambda s: [s.of["on_roll"]]),
    at_base(
        "enrolment-leave-faults",
        "enrolment_leave",
        lambda s: [s.of["on_roll"]],
        then=(("select#id_why", "other"), ("[name=withdraw]", None)),
    ),
    at_base("enrolment-admit", "enrolment_back", lambda s: [s.of["waits"]]),
    at_base("enrolment-take-back", "enrolment_back", lambda s: [s.of["left"]]),
    at_base("roster-imported", "roster_preview", lambda s: [s.of["imported"]]),
    at_base("photo", "enrolment_photo", lambda s: [s.of["photo"]]),
    at_base("photo-none", "enrolment_photo", lambda s: [s.of["no_photo"]]),
    at_base("attendance", "session_attendance", lambda s: [s.of["session"]], role="trainer"),
    at_base("review-queue", "review_queue", role="manager"),
    at_base("review", "session_review", lambda s: [s.of["to_review"]], role="manager"),
    at_base("unreadable", "unreadable"),
    at_centre("clashes", "presence_clashes"),
    at_base("scores", "class_scores", lambda s: [s.of["finished"]], role="examiner"),
    at_base("certificates", "class_certificates", lambda s: [s.of["finished"]]),
    at_base("certificate", "certificate", lambda s: [s.of["valid"].number], role="manager"),
    at_base("certificate-correct", "certificate_correct", lambda s: [s.of["valid"].number]),
    at_base("dossiers", "class_dossiers", lambda s: [s.of["finished"]]),
    at_base("dossiers-missing", "class_dossiers", lambda s: [s.of["in_session"]]),
    at_base("dossier-ids", "dossier_ids", lambda s: [s.of["dossier"]]),
    at_centre("dossier-register", "dossier_register"),
    at_centre("dossier-unknown", "dossier_register", query="?digest=abc"),
    at_base("class-history", "class_history", lambda s: [s.of["finished"]]),
    at_base("trainee", "trainee", lambda s: [s.of["trainee"]], role="manager"),
    at_base("trainee-contact", "trainee_contact", lambda s: [s.of["trainee"]]),
    at_base("trainee-id", "trainee_id", lambda s: [s.of["trainee"]]),
    at_base(
        "trainee-id-shown",
        "trainee_id",
        lambda s: [s.of["trainee"]],
        then=(
            ("select#id_why", "subsidy"),
            ("#id_text", "核对补贴名单"),
            ("main form.card button", None),
        ),
    ),
    at_base("roster-marked", "roster_errors", lambda s: [s.of["imported"]]),
    at_base("looks", "look_list", role="manager"),
    at_centre("looks-centre", "look_list"),
    at_base("retention", "retention", role="manager"),
    at_base("revocations", "revocation_list", role="manager"),
    at_base("certificate-revoked", "certificate", lambda s: [s.of["revoked"].number]),
    at_base("job-issued", "job", lambda s: [s.jobs["issued"]]),
    at_base("job-issuing", "job", lambda s: [s.jobs["issuing"]]),
    at_base("job-cancelled", "job", lambda s: [s.jobs["cancelled"]]),
    at_base("base-staff", "staff", role="manager"),
    at_base("base-person", "staff_person", lambda s: [s.of["trainer"]], role="manager"),
    at_base("admin-base", "wagtailadmin_home"),
    at_base("pages", "wagtailadmin_explore_root"),
    at_base("course-edit", "wagtailadmin_pages:edit", lambda s: [s.of["course"]]),
    at_base("story-edit", "wagtailadmin_pages:edit", lambda s: [s.of["story"]], role="manager"),
    at_base(
        "class-notice-new",
        "wagtailadmin_pages:add",
        lambda s: ["site", "classnoticepage", s.of["news"]],
    ),
    at_base("admin-manager", "wagtailadmin_home", role="manager"),
    at_base("terms", "site_terms", role="manager"),
    at_base("projects", "projects:index"),
    at_base("project-new", "projects:add"),
    at_base("project", "projects:edit", lambda s: [s.of["project"]]),
    at_base("project-copy", "projects:copy", lambda s: [s.of["project"]], role="manager"),
    at_base("project-history", "projects:history", lambda s: [s.of["project"]]),
    at_base("project-usage", "projects:usage", lambda s: [s.of["project"]]),
]
EXTERNAL = [
    at_base("external", "external_list"),
    at_base("external-new", "external_new"),
    at_base("external-faults", "external_new", then=(("main form.card > button", None),)),
    at_base("external-certificate", "external_certificate", lambda s: [s.of["external"]]),
    at_base("external-correct", "external_correct", lambda s: [s.of["external"]]),
    at_base("external-import", "external_import"),
    at_base("external-kinds", "external_kinds", role="manager"),
]
CALLS = [
    at_base("calls", "call_list"),
    at_base("calls-liaison", "call_list", role="liaison"),
    at_base("desk-liaison", "desk", role="liaison"),
    at_base("calls-print", "call_print"),
    at_base("call-script", "call_script"),
    at_base("call-person", "call_person", lambda s: [s.of["to_call"]]),
    at_base("call-kind", "call_person", lambda s: [s.of["to_call"]], query="?answer=self"),
    at_base(
        "call-confirm",
        "call_person",
        lambda s: [s.of["to_call"]],
        query="?answer=self&kind=outward",
    ),
    at_base("discrepancies", "discrepancy_list"),
    at_base("discrepancy", "discrepancy", lambda s: [s.of["discrepancy"]]),
    at_base("gate", "gate"),
    at_base("gate-names", "gate_names", lambda s: ["sewing"]),
    at_centre("follow-up", "follow_up_bases", role="officer"),
    at_centre("samples", "sample_list", lambda s: [BASE], role="officer"),
    at_centre("sample", "sample_person", lambda s: [BASE, s.of["sampled"]], role="officer"),
    at_centre("gate-exceptions", "gate_exceptions", lambda s: [facts.BASES[1]["slug"]]),
    Shot("class-open-warned", facts.BASES[1]["slug"], "clerk", "class_open"),
    Shot(
        "class-warned", facts.BASES[1]["slug"], "clerk", "class_detail", lambda s: [s.of["warned"]]
    ),
]
EMPLOYMENT = [
    at_centre("employers", "employers:index"),
    at_centre("employer", "employers:employer", lambda s: [s.of["employer"]]),
    at_centre("employer-applied", "employers:employer", lambda s: [s.of["employer_applied"]]),
    at_centre("employer-change", "employers:change", lambda s: [s.of["employer"]]),
    public("employer-apply", CENTRE, "employer_apply"),
    public("employer-apply-faults", CENTRE, "employer_apply", then=(("main form button", None),)),
    public("employer-sign-in", CENTRE, "employer_sign_in"),
    public("employer-enter", CENTRE, "employer_enter", lambda s: [s.tokens["employer_link"]]),
    public("employer-enter-used", CENTRE, "employer_enter", lambda s: ["used"], status=410),
    at_centre("employer-home", "employer_home", role="employer"),
    at_centre("employer-check", "employer_check", role="employer"),
    at_centre("employer-person", "employer_person", lambda s: [s.of["confirmed"]], role="employer"),
    at_centre("works-here-tap", "works_here", lambda s: [s.of["valid"].code], role="employer"),
    public("works-here", CENTRE, "works_here", lambda s: [s.of["valid"].code]),
    public(
        "works-here-revoked", CENTRE, "works_here", lambda s: [s.of["revoked"].code], status=409
    ),
    at_base("claims", "claim_list"),
    at_base("claim", "claim", lambda s: [s.of["claim"]]),
    at_base("objection", "objection", lambda s: [s.of["objection"]]),
    at_base("outcome-link", "outcome_link", lambda s: [s.of["outcome"]]),
    at_base(
        "certificate-work", "certificate", lambda s: [s.of["working"]], query="?ends={outcome}"
    ),
    public("employer-confirms", BASE, "employer_confirms", lambda s: [s.tokens["confirm"]]),
    public("employer-confirms-unknown", BASE, "employer_confirms", lambda s: ["used"], status=404),
    public("worker-page", BASE, "worker_page", lambda s: [s.tokens["worker"]]),
    public(
        "worker-page-open",
        BASE,
        "worker_page",
        lambda s: [s.tokens["worker"]],
        then=(("#last4", "{worker_last4}"), ("main form button", None)),
    ),
]
_DESIGN = "designs"


def _design(name: str, view: str, *more: str) -> Shot:
    """`more` are further keys of the scene for the address, behind the design's own."""
    keys = ("design", *more)
    return at_base(name, f"{_DESIGN}:{view}", lambda s: [s.of[key] for key in keys], role="manager")


DESIGNS = [
    at_base("designs", f"{_DESIGN}:list", role="manager"),
    at_centre("designs-centre", f"{_DESIGN}:list"),
    at_base("design-new", f"{_DESIGN}:add", role="manager"),
    _design("design", "edit"),
    _design("design-preview", "preview_on_edit"),
    _design("design-copy", "copy"),
    _design("design-history", "history"),
    _design("design-usage", "usage"),
    _design("design-delete", "delete"),
    _design("design-unpublish", "unpublish"),
    _design("design-revision", "revisions_view", "revision"),
    _design("design-revert", "revisions_revert", "revision"),
    _design("design-compare", "revisions_compare", "revision", "later_revision"),
]
FIELD = [
    at_base("devices", "device_list"),
    at_base("device", "device", lambda s: [s.of["device"]]),
    at_base("device-enrol", "device_enrol"),
    at_base(
        "device-ticket",
        "device_enrol",
        query="?trainer={trainer}",
        then=(("main form button", None),),
    ),
    at_base("paper", "paper_list"),
    at_base("paper-unknown", "paper_list", query="?code=0000-0001"),
    at_base("paper-print", "paper_print", lambda s: [s.of["sheet_open"]]),
    at_base("paper-entry", "paper_sheet", lambda s: [s.of["sheet_open"]]),
    at_base(
        "paper-faults",
        "paper_sheet",
        lambda s: [s.of["sheet_open"]],
        then=(("main [name=enter]", None),),
    ),
    at_base("paper-entered", "paper_sheet", lambda s: [s.of["sheet"]], role="manager"),
    at_base("cards", "class_cards", lambda s: [s.of["in_session"]]),
    at_base("lag", "field_lag"),
    at_base("villages", "village_places"),
    at_base("trainers", "trainer_list"),
    at_centre("lag-centre", "field_lag"),
    at_base("witness-check", "witness_check"),
    at_base(
        "witness-answer",
        "witness_check",
        then=(("#code", "184-3F7K2M9QXA"), ("main form button", None)),
    ),
    public("witness", BASE, "witness"),
]
PLANNING = [
    at_base("requests", "request_list"),
    at_base("request-form", "request_new"),
    at_base("request-form-faults", "request_new", then=(("main form [name=keep]", None),)),
    at_base("request-edit", "request_edit", lambda s: [s.of["proposals"]["08"]]),
    at_base("request-draft", "request_page", lambda s: [s.of["proposals"]["08"]]),
    at_base("request-asked", "request_page", lambda s: [s.of["proposals"]["09"]], role="manager"),
    at_base("request-returned", "request_page", lambda s: [s.of["proposals"]["10"]]),
    at_base("request-approved", "request_page", lambda s: [s.of["proposals"]["11"]]),
    at_base("request-change", "request_page", lambda s: [s.of["proposals"]["change"]]),
    at_base("class-change", "class_change", lambda s: [s.of["changed_class"]]),
    at_base("class-changed", "class_change", lambda s: [s.of["in_session"]]),
    at_base("calendar", "calendar", query=AHEAD),
    at_base("calendar-this", "calendar"),
    at_base("calendar-trainer", "calendar", role="trainer"),
    at_base("calendar-list", "calendar", query=f"{AHEAD}&view=list"),
    at_base("calendar-by-village", "calendar", query="?view=list&by=village"),
    at_base("calendar-print", "calendar_print", query=AHEAD),
    at_base("calendar-print-village", "calendar_print", query="?by=village"),
    at_base("session-move", "session_move", lambda s: [s.of["movable"]]),
    at_base("calendar-links", "calendar_links"),
    at_base("calendar-link-new", "calendar_links", then=(("main form.card button", None),)),
    at_centre("centre-requests", "centre_requests", role="officer"),
    at_centre("centre-request", "centre_request", lambda s: [s.of["request"]], role="officer"),
    at_centre(
        "centre-request-change",
        "centre_request",
        lambda s: [s.of["request_change"]],
        role="officer",
    ),
    at_centre("centre-calendar", "centre_calendar", query=AHEAD),
    at_centre("centre-calendar-list", "centre_calendar", query="?view=list&by=village"),
    at_centre("holidays", "holiday_year", lambda s: [2026], role="officer"),
    at_centre("holidays-unknown", "holiday_year", lambda s: [2039], role="officer"),
    at_centre("opening-policies", "opening-policies:index"),
    at_centre("opening-policy-new", "opening-policies:add"),
    at_centre("season-windows", "season-windows:index"),
    at_centre("season-window-new", "season-windows:add"),
]
PLUGINS = [  # with the sample plugin of the tests on
    at_centre("plugins-centre", "plugin_list"),
    at_base("plugins-base", "plugin_list", role="manager"),
    at_base("reports", "report_list", role="manager"),
    at_base("report", "report", lambda s: ["sample", "notes"], role="manager"),
    at_base("messages", "message_list", role="manager"),
    public("hotline", BASE, "hotline:complain"),
    public("hotline-follow", BASE, "hotline:follow"),
    public("hotline-receipt", BASE, "hotline:receipt", lambda s: [s.of["receipt"]]),
    at_base("hotline-desk", "hotline:desk", role="manager"),
    at_base("hotline-late", "hotline:breaches", role="manager"),
    at_base("hotline-sheet", "hotline:sheet", role="manager"),
    at_base("hotline-by-phone", "hotline:by_phone", role="manager"),
    at_base("hotline-case", "hotline:case", lambda s: [s.of["complaint"]], role="manager"),
]
NOTICES = [
    at_base("notices", "notice_list"),
    at_base("notice-new", "notice_new"),
    at_base("notice-preview", "notice_new", query="{noticed}&channel=outbox"),
    at_base("notice-preview-carrier", "notice_new", query="{noticed}&channel=carrier"),
    at_base("notice-sending", "notice_sending", lambda s: [s.of["sending"]]),
    at_base("notice-templates", "notice_templates", role="manager"),
    at_base("notice-template-new", "notice_template_new", role="manager"),
    at_base(
        "notice-template", "notice_template", lambda s: [s.of["notice_template"]], role="manager"
    ),
    at_base("notice-opt-outs", "notice_opt_outs"),
]
IN_KOREAN = (("button[value=ko]", None),)
KOREAN = [
    public("holder-door-ko", CENTRE, "holder", then=IN_KOREAN),
    public("courses-ko", CENTRE, "courses", then=IN_KOREAN),
    public("employer-apply-ko", CENTRE, "employer_apply", then=IN_KOREAN),
]


def _into(code: str) -> tuple[tuple[str, str | None], ...]:
    """How an examinee comes in: the code of a sitting, and the last four."""
    return (
        ("#code", f"{{{code}}}"),
        ("#last4", f"{{{code}_last4}}"),
        ("main form.card button", None),
    )


ASSESSMENT = [
    at_base("assessments", "sitting_list"),
    at_base("class-assessment", "class_assessment", lambda s: [s.of["in_session"]]),
    at_base("sitting-new", "sitting_new", lambda s: [s.of["in_session"], "theory"]),
    at_base("sitting-new-practice", "sitting_new", lambda s: [s.of["in_session"], "practice"]),
    at_base("sitting-open", "sitting", lambda s: [s.of["sat"]], role="examiner"),
    at_base("sitting-closed", "sitting", lambda s: [s.of["sat_before"]]),
    at_base("sitting-practice", "sitting", lambda s: [s.of["practised"]], role="examiner"),
    at_base("sitting-paper", "sitting", lambda s: [s.of["on_paper"]], role="examiner"),
    at_base("sitting-enter", "sitting_enter", lambda s: [s.of["on_paper"]], role="examiner"),
    at_base(
        "sitting-person",
        "sitting_person",
        lambda s: [s.of["sat_before"], s.of["voided"]],
        role="manager",
    ),
    at_base(
        "sitting-look",
        "sitting_person",
        lambda s: [s.of["practised"], s.of["to_look_at"]],
        role="examiner",
    ),
    at_base("sitting-sheet", "sitting_sheet", lambda s: [s.of["sat_before"]]),
    at_base("sitting-questions", "sitting_questions", lambda s: [s.of["sat_before"]]),
    at_base("appeals", "appeal_list", role="manager"),
    at_base("appeal", "appeal", lambda s: [s.of["appeal"]], role="manager"),
    at_base("appeal-new", "appeal_new", lambda s: [s.of["to_appeal"]]),
    at_base("question-statistics", "question_statistics"),
    at_base("question-import", "question_import"),
    at_base("question-import-preview", "question_import_preview", lambda s: [s.of["bank_import"]]),
    at_base("questions", "questions:index"),
    at_base("question-new", "questions:add"),
    at_base("question", "questions:edit", lambda s: [s.of["pictured"]]),
    at_base("blueprints", "blueprints:index"),
    at_base("blueprint-new", "blueprints:add"),
    at_base("blueprint", "blueprints:edit", lambda s: [s.of["blueprint"]]),
    at_base("checklists", "checklists:index"),
    at_base("checklist-new", "checklists:add"),
    at_base("checklist", "checklists:edit", lambda s: [s.of["checklist"]]),
    at_centre("assessment-policies", "assessment-policies:index"),
    at_centre("assessment-policy-new", "assessment-policies:add"),
    at_centre(
        "assessment-policy", "assessment-policies:edit", lambda s: [s.of["assessment_policy"]]
    ),
    public("exam-door", BASE, "exam_door"),
    public(
        "exam-door-wrong",
        BASE,
        "exam_door",
        then=(("#code", "ABCDEF"), ("#last4", "0000"), ("main form button", None)),
    ),
    public("exam-begin", BASE, "exam_door", then=_into("exam_waiting"), lands="exam_paper"),
    public(
        "exam-paper",
        BASE,
        "exam_door",
        then=_into("exam_started"),
        lands="exam_paper",
    ),
    public(
        "exam-check",
        BASE,
        "exam_door",
        then=(*_into("exam_started"), ("[name=act][value=check]", None)),
        lands="exam_paper",
    ),
    public("exam-after", BASE, "exam_door", then=_into("exam_closed"), lands="exam_paper"),
    public(
        "exam-appeal",
        BASE,
        "exam_door",
        then=(*_into("exam_closed"), ("main a.button", None)),
        lands="exam_appeal",
    ),
]

_JOIN = (("#id_name", "张三"), ("#id_resident_id", "110105194912310029"), (".button.wide", None))


def _mine(name: str, which: str, route: str = "join") -> Shot:
    """What its number shows, as a stranger who types it."""
    then = (("#id_number", f"{{{which}}}"), ("#id_last4", f"{{{which}_last4}}"))
    steps = (*then, (".button.wide", None))
    return public(name, BASE, f"{route}_status", then=steps, lands=f"{route}_mine")


APPLYING = [
    public("open-classes", CENTRE, "open_classes"),
    public("open-classes-near", CENTRE, "open_classes", query="?near={village}"),
    public("open-classes-taps", CENTRE, "open_classes", query="?at=222403"),
    public("open-classes-none", CENTRE, "open_classes", query="?near=没有的村&trade=none"),
    public("open-village", CENTRE, "open_village", lambda s: [s.of["village"]]),
    public("join", BASE, "join"),
    public("join-class", BASE, "join_class", lambda s: [s.of["opened"]]),
    public("join-faults", BASE, "join", then=_JOIN),
    public("join-status", BASE, "join_status"),
    public(
        "join-status-wrong",
        BASE,
        "join_status",
        status=403,
        then=(("#id_number", "NOSUCHNUMBER"), ("#id_last4", "0000"), (".button.wide", None)),
    ),
    _mine("join-mine", "applied"),
    _mine("join-mine-accepted", "accepted"),
    _mine("join-mine-refused", "refused"),
    public("propose", BASE, "propose"),
    at_base("propose-liaison", "propose", role="liaison"),
    public("propose-faults", BASE, "propose", then=((".button.wide", None),)),
    public("propose-status", BASE, "propose_status"),
    _mine("propose-mine", "proposed", "propose"),
    at_base("applications", "desk_applications"),
    at_base("applications-bulk", "desk_applications", query="?project=sewing&state=open"),
    at_base("applications-all", "desk_applications", query="?state="),
    at_base("application-desk", "desk_application", lambda s: [s.of["application_repeated"]]),
    at_base("application-accepted", "desk_application", lambda s: [s.of["application_accepted"]]),
    at_base("proposals", "desk_proposals", query="?state="),
    at_base("proposal", "desk_proposal", lambda s: [s.of["proposal"]]),
    at_base("class-terms", "class_terms", lambda s: [s.of["opened"]]),
    at_base("consents", "desk_consents", role="manager"),
]
SHOTS = [
    *APPLYING,
    *ACCOUNT,
    *STAFF,
    *CONSOLE,
    *FIGURES,
    *CHECK_API,
    *HOLDER,
    *PUBLIC,
    *DESK,
    *EXTERNAL,
    *CALLS,
    *NOTICES,
    *KOREAN,
    *EMPLOYMENT,
    *DESIGNS,
    *FIELD,
    *PLANNING,
    *PLUGINS,
    *ASSESSMENT,
]

#: Our addresses that show no page of their own, and what they do instead.
NO_PAGE = {
    "notice_stop": "POST, leads to the sending",
    "sitting_act": "POST, leads to the sitting",
    "sitting_examiner": "POST, leads to the sitting",
    "sitting_papers": "POST, leads to a job",
    "sitting_paper": "a download",
    "question_import_marked": "a download",
    "question_picture": "a picture",
    "exam_picture": "a picture",
    "exam_leave": "POST, leads to the door",
    "questions:index_results": "a part of questions:index",
    "blueprints:index_results": "a part of blueprints:index",
    "checklists:index_results": "a part of checklists:index",
    "assessment-policies:index_results": "a part of assessment-policies:index",
    "join_withdraw": "POST, leads to join_mine",
    "join_leave": "POST, leads to join",
    "join_places": "names for the form's script",
    "desk_application_decide": "POST, leads to the list",
    "open_village_notice": "a PDF",
    "hotline:act": "POST, leads to the case",
    "hotline:look": "POST, shows the identity on the case",
    "hotline:attachment": "a file",
    "verify_photo": "a picture",
    "request_act": "POST, leads to the request",
    "calendar_link_revoke": "POST, leads to the links",
    "calendar_feed": "for calendar programs: iCalendar",
    "opening-policies:index_results": "a part of the list",
    "season-windows:index_results": "a part of the list",
    "season-windows:edit": "as season-windows:add",
    "season-windows:delete": "Wagtail's own question",
    "programmes:index_results": "a part of programmes:index",
    "employer_leave": "POST, leads to employer_sign_in",
    "outcome_tell": "POST, leads to the certificate",
    "consent_record": "POST, leads to the certificate",
    "employers:index_results": "a part of the list",
    "check_many_excel": "POST, a download",
    "trust_list": "a signed document",
    "status_list": "a signed document",
    "status_list_credential": "a signed document",
    "credential": "a signed document",
    "issuer_document": "a document",
    "log_heads": "a document",
    "log_heads_of": "a document",
    "jwks": "a document",
    "did_document": "a document",
    "media": "a picture",
    "enrolment_photo_file": "a picture",
    "projects:delete": "nobody may: leads to the admin",
    "c/<str:code>/": "leads to verify",
    "admin/login/": "leads to account_login",
    "account_logout": "POST, leads to the front page",
    "set_language": "POST, leads back",
    "base_export": "POST, leads to a job",
    "robots": "for search engines: text",
    "sitemap": "for search engines: XML",
    "feed_news": "for programs: Atom",
    "feed_classes": "for programs: Atom",
    "paper_new": "POST, leads to paper_print",
    "paper_countersign": "POST, leads to the sheet",
    "paper_photo": "a picture",
    "trainer_identity": "POST, leads to trainer_list",
    "village_place": "POST, leads to village_places",
    "device_revoke": "POST, leads to the phone",
    "class_state": "POST, leads to the class",
    "class_places": "POST, leads to class_intake",
    "issue_start": "POST, leads to a job",
    "plugin_switch": "POST, leads to plugin_list",
    "report_sign": "POST, leads to the report",
    "report_correct": "POST, leads to the report",
    "report_pdf": "a download",
    "session_verdict": "POST, leads to session_review",
    "mark_decide": "POST, leads to session_review",
    "walk_in_enrol": "POST, leads to session_review",
    "session_picture": "a picture",
    "certificate_reevaluated": "POST, leads to the certificate",
    "certificate_revoke": "POST, leads to the certificate",
    "certificate_revocation": "POST, leads to the certificate",
    "certificate_reissue": "POST, leads to the certificate",
    "base_export_file": "a download",
    "console:paper": "a download",
    "dossier_file": "a download",
    "dossier_make": "POST, leads to a job",
    "class_papers": "a download",
    "class_sheets": "a download",
    "external_scan": "a download",
    "external_withdraw": "POST, leads to the certificate",
    "design_preview": "a PDF",
    "job_cancel": "POST, leads to the job",
    "designs:preview_on_add": "as preview_on_edit",
    "designs:list_results": "a part of the list",
    "designs:history_results": "a part of the history",
    "designs:revisions_unschedule": "nothing is scheduled here",
    "certificate_paper": "a download",
    "mfa_download_recovery_codes": "a download",
    "console:index_results": "a part of console:index",
    "projects:index_results": "a part of projects:index",
    "projects:history_results": "a part of projects:history",
    "rule-sets:index_results": "a part of rule-sets:index",
    "synonyms:delete": "Wagtail's own question",
    "synonyms:edit": "as synonyms:add",
    "synonyms:index_results": "a part of synonyms:index",
    "trades:index_results": "a part of trades:index",
    "field_app": "the phone app: its own tests look at each of its screens",
    "field_manifest": "for phones: JSON",
    "field_file": "a file of the phone app",
    "holder_leave": "POST, leads to the door",
    "holder_share": "POST, leads to the certificates",
    "holder_withdraw": "POST, leads to the certificates",
    "holder_paper": "a download",
    "shared_paper": "a download",
    "check-keys:index_results": "a part of check-keys:index",
    "check-keys:end": "POST, leads to the key",
    "checkapi:api-root": "for programs: JSON",
    "checkapi:openapi-json": "for programs: JSON",
    "checkapi:check_certificates": "for programs: JSON",
    "checkapi:get_quota": "for programs: JSON",
    "verifier_app": "the verifier: its own tests look at each of its screens",
    "verifier_manifest": "for phones: JSON",
    "verifier_ask": "for the verifier: JSON",
    "verifier_file": "a file of the verifier",
    "field:api-root": "for phones: JSON",
    "field:openapi-json": "for phones: JSON",
    "field:enrol_device": "for phones: JSON",
    "field:get_pack": "for phones: JSON",
    "field:get_photos": "for phones: JSON",
    "field:get_receipt": "for phones: JSON",
    "field:get_status": "for phones: JSON",
    "field:head_blob": "for phones: JSON",
    "field:post_batch": "for phones: JSON",
    "field:put_blob": "for phones: JSON",
}


def forgotten() -> list[str]:
    """What is wrong with the list: addresses of ours that it lacks, names that lead nowhere."""
    ours = our_routes("centre") | our_routes("base")
    shown = {route for shot in SHOTS for route in (shot.route, shot.lands)}
    names = [shot.name for shot in SHOTS]
    return [
        *(
            f"{route}: no picture, and not in NO_PAGE"
            for route in sorted(ours - shown - set(NO_PAGE))
        ),
        *(f"{route}: in NO_PAGE, but no address of ours" for route in sorted(set(NO_PAGE) - ours)),
        *(f"{route}: in NO_PAGE, but photographed" for route in sorted(set(NO_PAGE) & shown)),
        *(f"{name}: listed twice" for name in sorted({n for n in names if names.count(n) > 1})),
    ]
