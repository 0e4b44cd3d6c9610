from argparse import ArgumentParser
from typing import Any

from tenants.commands import JsonCommand, Refused
from tenants.migrating import Migrated, behind, migrate_all


class Command(JsonCommand):
    requires_system_checks: list[str] = []  # thousands of URLs are nothing to it
    help = "Bring the schemas of all bases up to this code's migrations, several at a time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--workers", type=int, default=0, help="default: one a core")
        parser.add_argument("--list", action="store_true", help="only say which are behind")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        waiting = behind()
        if options["list"]:
            return {"behind": waiting}, [*waiting, f"{len(waiting)} behind"]

        def report(done: Migrated) -> None:
            if not options["json"]:
                self.stdout.write(f"{done.schema}  {done.seconds:.1f} s  {done.error or 'ok'}")
                self.stdout.flush()

        done = migrate_all(waiting, options["workers"], report)
        failed = [m for m in done if m.error]
        data = {
            "migrated": [m.schema for m in done if not m.error],
            "failed": {m.schema: m.error for m in failed},
        }
        if failed:
            names = ", ".join(m.schema for m in failed)
            raise Refused(
                f"没有完成：{names}，其余照常运行 / not done: {names}; the others run", data
            )
        return data, [f"{len(done)} migrated"]
