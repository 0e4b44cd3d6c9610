from argparse import ArgumentParser
from typing import Any

from tenants.citus.placement import fault_of_database
from tenants.citus.references import make_reference_tables, referenced_models, waiting_tables
from tenants.commands import JsonCommand, Refused


class Command(JsonCommand):
    # The refusal below says what is wrong; TRAINBASE_CITUS need not be set to look.
    requires_system_checks: list[str] = []
    help = "Make every shared table that a tenant's table references a reference table of Citus."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--list", action="store_true", help="only say which; change nothing")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        wanted = [model._meta.db_table for model in referenced_models()]
        fault = fault_of_database()
        if options["list"]:
            waiting = None if fault else waiting_tables()
            lines = [*wanted, fault or f"{len(waiting or [])} waiting"]
            return {"tables": wanted, "waiting": waiting}, lines
        if fault:
            raise Refused(fault, {"tables": wanted})
        made = make_reference_tables()
        return {"tables": wanted, "made": made}, [*wanted, f"{len(made)} made"]
