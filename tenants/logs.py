"""The tenant in every line of the log."""

import logging

from django.db import connection


class TenantFilter(logging.Filter):
    """Adds `tenant`: the schema that this thread's connection serves."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.tenant = getattr(connection, "schema_name", "") or "-"
        return True
