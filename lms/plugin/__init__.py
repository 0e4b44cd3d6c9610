"""All that a plugin may import. docs/reference/plugin-api.md says what each name is.

Names that need Django's models are read when they are asked for: a plugin's `apps.py` is read before
the models are.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tenants.plugins.config import Audience, PluginConfig
from tenants.verdict import Verdict

if TYPE_CHECKING:
    from wagtail import hooks
    from wagtail.contrib.settings.models import register_setting

    from certificates.extensions import (
        Checked,
        Eligibility,
        Paper,
        certificate_templates,
        eligibility_rules,
        evidence_checks,
        verification_outputs,
    )
    from certificates.qr import qr_svg
    from courses.extensions import ClassOpening, class_opening_rules
    from lms.plugin.keeping import Upload, digest, private_file, save_private, seal, unseal
    from lms.plugin.ledger import LedgerLine, bases_of, in_tenant, ledger
    from tenants.append_only import AppendOnly
    from tenants.current import current_tenant
    from tenants.jobs.models import JobRun
    from tenants.jobs.services import start as start_job
    from tenants.links import absolute
    from tenants.models import Division
    from tenants.outbox.channels import Channel, Delivery, channels
    from tenants.outbox.models import Message
    from tenants.outbox.services import send_message
    from tenants.plugins.limits import RULE_SECONDS
    from tenants.plugins.pages import PluginPage, PluginSettings, PluginViewSet
    from tenants.plugins.panels import Panel, dashboard_panels
    from tenants.plugins.reports import Column, Filter, Report, reports
    from tenants.plugins.schedule import jobs
    from tenants.staff.access import actor, may
    from tenants.staff.models import User
    from tenants.tables import wants_excel, workbook_response
    from tenants.throttle import too_often

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
    "JobRun": "tenants.jobs.models",
    "LedgerLine": "lms.plugin.ledger",
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
    "absolute": "tenants.links",
    "actor": "tenants.staff.access",
    "bases_of": "lms.plugin.ledger",
    "certificate_templates": "certificates.extensions",
    "channels": "tenants.outbox.channels",
    "class_opening_rules": "courses.extensions",
    "current_tenant": "tenants.current",
    "dashboard_panels": "tenants.plugins.panels",
    "digest": "lms.plugin.keeping",
    "eligibility_rules": "certificates.extensions",
    "evidence_checks": "certificates.extensions",
    "hooks": "wagtail",
    "in_tenant": "lms.plugin.ledger",
    "jobs": "tenants.plugins.schedule",
    "ledger": "lms.plugin.ledger",
    "may": "tenants.staff.access",
    "private_file": "lms.plugin.keeping",
    "qr_svg": "certificates.qr",
    "register_setting": "wagtail.contrib.settings.models",
    "reports": "tenants.plugins.reports",
    "save_private": "lms.plugin.keeping",
    "seal": "lms.plugin.keeping",
    "send_message": "tenants.outbox.services",
    "start_job": "tenants.jobs.services:start",
    "too_often": "tenants.throttle",
    "unseal": "lms.plugin.keeping",
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
