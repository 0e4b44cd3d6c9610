"""All that a plugin may import. docs/reference/plugin-api.md says what each name is.

Names that need Django's models are read when they are asked for: a plugin's `apps.py` is read before
the models are.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tenants.plugins.config import Audience as Audience
from tenants.plugins.config import PluginConfig as PluginConfig
from tenants.verdict import Verdict as Verdict

if TYPE_CHECKING:
    from wagtail import (
        hooks as hooks,
    )
    from wagtail.contrib.settings.models import (
        register_setting as register_setting,
    )

    from certificates.extensions import (
        Checked as Checked,
    )
    from certificates.extensions import (
        Eligibility as Eligibility,
    )
    from certificates.extensions import (
        Firm as Firm,
    )
    from certificates.extensions import (
        Paper as Paper,
    )
    from certificates.extensions import (
        Vacancy as Vacancy,
    )
    from certificates.extensions import (
        certificate_templates as certificate_templates,
    )
    from certificates.extensions import (
        eligibility_rules as eligibility_rules,
    )
    from certificates.extensions import (
        evidence_checks as evidence_checks,
    )
    from certificates.extensions import (
        vacancies as vacancies,
    )
    from certificates.extensions import (
        verification_outputs as verification_outputs,
    )
    from certificates.services.evidence import (
        awaiting as awaiting,
    )
    from courses.extensions import (
        ClassOpening as ClassOpening,
    )
    from courses.extensions import (
        class_opening_rules as class_opening_rules,
    )
    from lms.plugin.counting import (
        LedgerLine as LedgerLine,
    )
    from lms.plugin.counting import (
        bases_of as bases_of,
    )
    from lms.plugin.counting import (
        in_tenant as in_tenant,
    )
    from lms.plugin.counting import (
        ledger as ledger,
    )
    from lms.plugin.keeping import (
        Upload as Upload,
    )
    from lms.plugin.keeping import (
        digest as digest,
    )
    from lms.plugin.keeping import (
        private_file as private_file,
    )
    from lms.plugin.keeping import (
        save_private as save_private,
    )
    from lms.plugin.keeping import (
        seal as seal,
    )
    from lms.plugin.keeping import (
        unseal as unseal,
    )
    from tenants.append_only import (
        AppendOnly as AppendOnly,
    )
    from tenants.current import (
        current_tenant as current_tenant,
    )
    from tenants.jobs.models import (
        JobRun as JobRun,
    )
    from tenants.jobs.services import (
        start as start_job,
    )
    from tenants.links import (
        absolute as absolute,
    )
    from tenants.models import (
        Division as Division,
    )
    from tenants.outbox.channels import (
        Channel as Channel,
    )
    from tenants.outbox.channels import (
        Delivery as Delivery,
    )
    from tenants.outbox.channels import (
        channels as channels,
    )
    from tenants.outbox.models import (
        Message as Message,
    )
    from tenants.outbox.services import (
        send_message as send_message,
    )
    from tenants.plugins.limits import (
        RULE_SECONDS as RULE_SECONDS,
    )
    from tenants.plugins.pages import (
        PluginPage as PluginPage,
    )
    from tenants.plugins.pages import (
        PluginSettings as PluginSettings,
    )
    from tenants.plugins.pages import (
        PluginViewSet as PluginViewSet,
    )
    from tenants.plugins.panels import (
        Panel as Panel,
    )
    from tenants.plugins.panels import (
        dashboard_panels as dashboard_panels,
    )
    from tenants.plugins.reports import (
        Column as Column,
    )
    from tenants.plugins.reports import (
        Filter as Filter,
    )
    from tenants.plugins.reports import (
        Report as Report,
    )
    from tenants.plugins.reports import (
        reports as reports,
    )
    from tenants.plugins.schedule import (
        jobs as jobs,
    )
    from tenants.qr import (
        qr_svg as qr_svg,
    )
    from tenants.staff.access import (
        actor as actor,
    )
    from tenants.staff.access import (
        may as may,
    )
    from tenants.staff.models import (
        User as User,
    )
    from tenants.tables import (
        wants_excel as wants_excel,
    )
    from tenants.tables import (
        workbook_response as workbook_response,
    )
    from tenants.throttle import (
        too_often as too_often,
    )

#: Name -> where it is, as `module` or `module:name there`.
_LATER = {
    "AppendOnly": "tenants.append_only",
    "Channel": "tenants.outbox.channels",
    "Checked": "certificates.extensions",
    "ClassOpening": "courses.extensions",
    "Column": "tenants.plugins.reports",
    "Delivery": "tenants.outbox.channels",
    "Division": "tenants.models",
    "Eligibility": "certificates.extensions",
    "Filter": "tenants.plugins.reports",
    "Firm": "certificates.extensions",
    "JobRun": "tenants.jobs.models",
    "LedgerLine": "lms.plugin.counting",
    "Message": "tenants.outbox.models",
    "Panel": "tenants.plugins.panels",
    "Paper": "certificates.extensions",
    "PluginPage": "tenants.plugins.pages",
    "PluginSettings": "tenants.plugins.pages",
    "PluginViewSet": "tenants.plugins.pages",
    "RULE_SECONDS": "tenants.plugins.limits",
    "Report": "tenants.plugins.reports",
    "Upload": "lms.plugin.keeping",
    "User": "tenants.staff.models",
    "Vacancy": "certificates.extensions",
    "absolute": "tenants.links",
    "actor": "tenants.staff.access",
    "awaiting": "certificates.services.evidence",
    "bases_of": "lms.plugin.counting",
    "certificate_templates": "certificates.extensions",
    "channels": "tenants.outbox.channels",
    "class_opening_rules": "courses.extensions",
    "current_tenant": "tenants.current",
    "dashboard_panels": "tenants.plugins.panels",
    "digest": "lms.plugin.keeping",
    "eligibility_rules": "certificates.extensions",
    "evidence_checks": "certificates.extensions",
    "hooks": "wagtail",
    "in_tenant": "lms.plugin.counting",
    "jobs": "tenants.plugins.schedule",
    "ledger": "lms.plugin.counting",
    "may": "tenants.staff.access",
    "private_file": "lms.plugin.keeping",
    "qr_svg": "tenants.qr",
    "register_setting": "wagtail.contrib.settings.models",
    "reports": "tenants.plugins.reports",
    "save_private": "lms.plugin.keeping",
    "seal": "lms.plugin.keeping",
    "send_message": "tenants.outbox.services",
    "start_job": "tenants.jobs.services:start",
    "too_often": "tenants.throttle",
    "unseal": "lms.plugin.keeping",
    "vacancies": "certificates.extensions",
    "verification_outputs": "certificates.extensions",
    "wants_excel": "tenants.tables",
    "workbook_response": "tenants.tables",
}

__all__ = ["Audience", "PluginConfig", "Verdict", *_LATER]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(
            f"lms.plugin has no {name}; docs/reference/plugin-api.md lists its names"
        )
    module, _, there = _LATER[name].partition(":")
    found = getattr(import_module(module), there or name)
    globals()[name] = found
    return found
