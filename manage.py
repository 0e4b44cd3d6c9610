#!/usr/bin/env python
"""Runs a management command; starts the embedded PostgreSQL first when it is not running."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    from lms.start import StartRefused, start

    try:
        start()
    except StartRefused as error:
        sys.exit(str(error))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
