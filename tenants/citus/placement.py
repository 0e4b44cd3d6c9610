"""Put a schema on a worker, and see that all of it is there.

From Citus' own documentation and regression tests: `citus_schema_distribute` may run inside a
transaction and is undone with it (citus_schema_distribute_undistribute.sql); the tables that are
read here are pg_dist_partition, pg_dist_shard, pg_dist_placement and pg_dist_node.
"""

from django.db import connection
from django.db.backends.utils import CursorWrapper

#: Tables of a schema without exactly one placed shard in one colocation group.
UNPLACED = """
    SELECT c.relname
    FROM pg_class c
    LEFT JOIN pg_dist_partition d ON d.logicalrelid = c.oid AND d.colocationid > 0
    LEFT JOIN pg_dist_shard s ON s.logicalrelid = d.logicalrelid
    LEFT JOIN pg_dist_placement p ON p.shardid = s.shardid
    WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT relation_is_a_known_shard(c.oid)
    GROUP BY c.relname
    HAVING count(p.placementid) <> 1
    ORDER BY c.relname
"""
#: Where a schema's shards are: one row, unless they are torn apart.
WORKERS = """
    SELECT DISTINCT n.nodename, n.nodeport
    FROM pg_class c
    JOIN pg_dist_shard s ON s.logicalrelid = c.oid
    JOIN pg_dist_placement p ON p.shardid = s.shardid
    JOIN pg_dist_node n ON n.groupid = p.groupid AND n.noderole = 'primary'
    WHERE c.relnamespace = %s::regnamespace
"""


class NotDistributed(RuntimeError):
    """Citus reported success, but the schema is not whole on one worker. Nothing may be kept."""


def fault_of_database() -> str | None:
    """Why the database cannot carry TRAINBASE_CITUS=1, or None when it is a coordinator."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'citus'")
        if cursor.fetchone() is None:
            return (
                "数据库没有 citus 扩展：请连接 Citus 协调节点，或去掉 TRAINBASE_CITUS"
                " / the database has no citus extension: connect to a Citus coordinator,"
                " or unset TRAINBASE_CITUS"
            )
        cursor.execute(
            "SELECT citus_is_coordinator(), EXISTS (SELECT 1 FROM pg_dist_node WHERE groupid = 0)"
        )
        is_coordinator, is_registered = cursor.fetchone()
    if not is_coordinator:
        return (
            "数据库是 Citus 工作节点，只能通过协调节点写入，请修改 DATABASE_URL"
            " / this is a Citus worker; writes go through the coordinator: change DATABASE_URL"
        )
    if not is_registered:
        return (
            "协调节点尚未登记，请先运行 SELECT citus_set_coordinator_host('主机名')"
            " / the coordinator is not registered: run SELECT citus_set_coordinator_host('HOST')"
        )
    return None


def keep_local(cursor: CursorWrapper) -> None:
    """Until the transaction ends, a schema that is made stays on the coordinator.

    A schema that is born distributed takes no `ADD GENERATED`, which pg_dump writes for every key.
    """
    cursor.execute("SET LOCAL citus.enable_schema_based_sharding = off")


def distribute(cursor: CursorWrapper, schema: str) -> None:
    """Move a complete, local schema to a worker. Must run inside a transaction.

    Raises NotDistributed, so that the transaction is undone, unless every table has its shard.
    """
    name = connection.ops.quote_name(schema)
    cursor.execute("SELECT citus_schema_distribute(%s::regnamespace)", [name])
    cursor.execute(UNPLACED, [name])
    unplaced = [table for (table,) in cursor.fetchall()]
    cursor.execute(WORKERS, [name])
    workers = cursor.fetchall()
    if unplaced or len(workers) != 1:
        raise NotDistributed(
            f"模式 {schema} 没有完整分布，已撤销；缺分片的表：{', '.join(unplaced) or '无'}，"
            f"节点：{workers} / schema {schema} is not whole on one worker and is undone;"
            " tables without a shard and nodes are listed before"
        )
