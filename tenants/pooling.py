"""Refuse a connection pool that would serve another tenant's rows.

The schema of a tenant is a setting of the database session. A pool in transaction mode (PgBouncer's
`pool_mode = transaction`) hands each transaction to whichever session is free, with the schema that
somebody else left there, and says nothing. Only session mode, or no pool, is safe.
"""

from typing import Any

from django.db import connection


class UnsafePool(RuntimeError):
    """The database is behind a pool that does not keep one session for one connection."""


def _pid(link: Any) -> int:
    with link.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def refuse_transaction_pooling() -> None:
    """Raises UnsafePool when the session behind an idle connection is given to somebody else.

    A second connection takes a session and holds it in a transaction; if the first one then finds
    itself in another session, the pool does not keep them apart.
    """
    first, second = connection.copy(), connection.copy()
    try:
        before = _pid(first)
        with second.cursor() as cursor:
            cursor.execute("BEGIN")
            _pid(second)
            after = _pid(first)
            cursor.execute("ROLLBACK")
    finally:
        first.close()
        second.close()
    if before != after:
        raise UnsafePool(
            "连接池处于事务模式，会把别的基地的数据交给本基地，已拒绝启动；请改为 session 模式"
            " / the connection pool is in transaction mode and would serve another base's rows:"
            " start refused; set pool_mode = session"
        )
