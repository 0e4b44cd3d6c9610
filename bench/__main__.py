"""`script/bench [NAME]`: one JSON line a figure; exit 1 when a bar is missed.

Works on a database of its own with the demo in it; that is removed afterwards.
"""

import json
import os
import platform
import shutil
import sys
import tempfile

import django

from lms import database

os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
NAME = "trainbase_bench"


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


def main() -> int:
    import psycopg

    database.ensure_server()
    conf = database.settings()
    link = psycopg.connect(
        host=conf["HOST"],
        port=conf["PORT"],
        user=conf["USER"],
        password=conf.get("PASSWORD") or None,
        dbname="postgres",
        autocommit=True,
    )
    link.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    link.execute(f"CREATE DATABASE {NAME}")
    os.environ["TRAINBASE_DATABASE"] = NAME
    os.environ["TRAINBASE_FILES"] = tempfile.mkdtemp(prefix="trainbase-bench-")
    django.setup()
    from bench import certificates, views
    from lms.demo.build import build

    machine()
    known = {"views": views.run, "certificates": certificates.run}
    wanted = sys.argv[1:] or list(known)
    build()
    try:
        good = [known[name](say) for name in wanted]
    finally:
        from django.db import connection

        connection.close()
        link.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        shutil.rmtree(os.environ["TRAINBASE_FILES"])
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
