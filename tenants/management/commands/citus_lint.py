from dataclasses import asdict
from typing import Any

from tenants.citus.lint import RULES, models, source
from tenants.commands import JsonCommand, Refused


class Command(JsonCommand):
    requires_system_checks: list[str] = []
    help = "Find in our own code and plugins what Citus refuses or takes silently."

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        found = source.findings(source.own_files()) + models.findings(models.own_models())
        data = {"findings": [{**asdict(f), "do": RULES[f.rule]} for f in sorted(found)]}
        if found:
            raise Refused("\n".join(str(f) for f in sorted(found)), data)
        return data, ["0 findings"]
