#!/usr/bin/env python
"""Runs a management command; starts the embedded PostgreSQL first when it is not running."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    from django.core.management import execute_from_command_line

    from lms.database import ensure_server
    from lms.embedded import EmbeddedError

    try:
        ensure_server()
    except EmbeddedError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
