"""`manage.py retention --base SLUG [--dry-run | --confirm DIGEST]`: what the archive's term no longer covers."""

from argparse import ArgumentParser
from typing import Any

from django_tenants.utils import tenant_context

from courses.retention.services import carry_out, plan
from tenants.commands import JsonCommand, the_base


class Command(JsonCommand):
    help = "List what goes of a base, or delete just the list of that digest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--base", required=True)
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--dry-run", action="store_true", help="list and change nothing (default)"
        )
        which.add_argument("--confirm", metavar="DIGEST", help="delete the list of that digest")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        with tenant_context(the_base(options["base"])):
            if options["confirm"]:
                run = carry_out(options["confirm"], said_by="operator")
                counts = ", ".join(f"{name} {n}" for name, n in run.counts.items())
                said = f"已清除 / deleted: {counts}"
                return {"digest": run.digest, "deleted": run.counts}, [said]
            found = plan()
        lines = [f"{label}: {'、'.join(names) or '—'}" for label, names in found.names.items()]
        lines += [f"{name}: {n}" for name, n in found.counts.items()]
        lines.append(f"digest: {found.digest}")
        data = {"digest": found.digest, "counts": found.counts, "names": dict(found.names)}
        return data, lines
