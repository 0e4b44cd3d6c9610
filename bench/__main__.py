"""`script/bench [NAME]`: one JSON line a figure; exit 1 when a bar is missed.

Works on a database of its own with the demo in it; that is removed afterwards.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable

import django

from bench import soak, tokens
from bench.own import own_database


def say(**figure: object) -> bool:
    print(json.dumps(figure, ensure_ascii=False), flush=True)
    return figure.get("ok") is not False


def machine() -> None:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = {line.split(":", 1)[1].strip() for line in file if line.startswith("model name")}
    say(
        name="machine",
        cpu=", ".join(models),
        cores=os.cpu_count(),
        python=platform.python_version(),
        system=platform.platform(),
    )


def sizes() -> None:
    """How much is in the database that is measured."""
    from django_tenants.utils import tenant_context

    from certificates.register.models import RegisterEntry
    from courses.fieldlog.models import FieldEvent
    from courses.models import Enrolment
    from tenants.models import Division, Tenant

    people = events = 0
    for base in Tenant.objects.filter(type=Tenant.Type.BASE):
        with tenant_context(base):
            people += Enrolment.objects.count()
            events += FieldEvent.objects.count()
    say(
        name="sizes",
        tenants=Tenant.objects.count(),
        divisions=Division.objects.count(),
        enrolments=people,
        field_events=events,
        certificates=RegisterEntry.objects.count(),
    )


def main() -> int:
    given = argparse.ArgumentParser(
        prog="script/bench",
        epilog="sizes of chain, roster and others: BENCH_… in docs/reference/bench.md",
    )
    given.add_argument("names", nargs="*", metavar="NAME")
    given.add_argument("--kills", type=int, default=40, help="of `field`: how often to kill")
    asked = given.parse_args()
    wanted = asked.names
    if wanted == ["tokens"]:  # needs no database
        machine()
        return 0 if tokens.run(say) else 1
    if wanted == ["soak"]:  # tests make their own databases
        machine()
        return 0 if soak.run(say) else 1
    if wanted in (["chain"], ["roster"]):  # they need the cast of the tests, and no demo
        with own_database("trainbase_bench"):
            django.setup()
            from bench import chain, roster

            machine()
            return 0 if {"chain": chain, "roster": roster}[wanted[0]].run(say) else 1
    with own_database("trainbase_bench"):
        django.setup()
        from bench import (
            cells,
            durability,
            field,
            find,
            funnel,
            pdf,
            plugins,
            tenancy,
            verify,
            views,
        )
        from lms.demo.build import build

        def all_of_tenancy(say: Callable[..., bool]) -> bool:
            good = True
            for work in (tenancy.run, cells.run, durability.run):
                good &= work(say)
            return good

        known = {
            "views": views.run,
            "pdf": pdf.run,
            "tenancy": all_of_tenancy,
            "cells": cells.run,
            "plugins": plugins.run,
            "durability": durability.run,
            "find": find.run,
            "verify": verify.run,
            "funnel": funnel.run,
            "tokens": tokens.run,
            "field": lambda say: field.run(say, asked.kills),
        }
        if strange := set(wanted) - known.keys():
            print(f"没有 / no benchmark {', '.join(strange)}; 现有 / there are {', '.join(known)}")
            return 2
        machine()
        build()
        sizes()
        good = [known[name](say) for name in wanted or ("views", "pdf", "tenancy", "plugins")]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
