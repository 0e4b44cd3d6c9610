"""What Citus refuses, or worse, takes silently: found before it is written into a release.

Kept out of code and migrations of our own apps and of `plugins/*`. Other people's packages are not
read: what Wagtail does was tried on a cluster, what a plugin does was not.

Not objected to: `AddField` with a foreign key, `unique=True` or a check. The schema editor of
`tenants.citus` writes the column first and the constraint after. Raw SQL goes past it.
"""

from dataclasses import dataclass
from pathlib import Path

#: rule: what to do instead, in Chinese and English.
RULES = {
    "shared-key": (
        "租户表只能引用名单上的公共表：改用代码或名称，或把该表列入 REFERENCED 并写明理由"
        " / tenant tables reference only the shared tables listed in REFERENCED: store a code or a"
        " name, or list the table with a reason; it becomes a reference table"
    ),
    "key-into-tenant": (
        "公共表不能引用租户表，Citus 不检查这种外键：保存租户和编号"
        " / a shared table must not point into a tenant's schema, Citus does not enforce it: store"
        " the tenant and a number"
    ),
    "primary-key": (
        "主键请用 BigAutoField 或 UUIDField，32 位自增键以后不能改"
        " / use BigAutoField or UUIDField: a 32-bit key cannot be changed later"
    ),
    "key-changed": (
        "Citus 不能更改自增主键的类型：从第一个迁移起就用 BigAutoField"
        " / Citus cannot change the type of an automatic key: BigAutoField from the first migration"
    ),
    "key-added": (
        "Citus 不能给已有的表添加自增列：在建表时定义"
        " / Citus cannot add an identity column to a table that exists: define it with the table"
    ),
    "trigger": "Citus 拒绝触发器：在服务中写 / Citus refuses triggers: do it in a service",
    "sequence": (
        "在工作节点上找不到序列：先读 max()，再用数值 setval，并列入 ALLOWED"
        " / sequences are not on the workers: read max(), then setval a literal, and list it in"
        " ALLOWED"
    ),
    "clone": (
        "clone_schema 产生没有分片的模式：用 provisioning.copy_template"
        " / clone_schema leaves a schema without shards: use provisioning.copy_template"
    ),
    "insert-select": (
        "INSERT ... SELECT 会悄悄截断过长的文字，VALUES 中的子查询会被拒绝：先读出再 bulk_create"
        " / INSERT ... SELECT cuts long texts silently, a subquery in VALUES is refused: read the"
        " rows, then bulk_create them"
    ),
    "inline-constraint": (
        "ADD COLUMN 不能带约束：先加列，再 ADD CONSTRAINT 并命名；或用 AddField"
        " / no constraint inside ADD COLUMN: add the column, then a named constraint; or AddField"
    ),
    "tenants-joined": (
        "不能连接两个租户的表：分别查询，用 UNION ALL 合并"
        " / tables of two tenants cannot be joined: query each, and UNION ALL"
    ),
    "not-needed": "ALLOWED 中的这一条已经没有用处：请删除 / nothing uses this entry of ALLOWED: delete it",
}


@dataclass(frozen=True, order=True)
class Finding:
    """`line` is 0 when the place has none."""

    path: str
    line: int
    rule: str
    detail: str = ""

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.path}:{self.line}: {self.rule}{detail}: {RULES[self.rule]}"


def project_root() -> Path:
    return Path(__file__).resolve().parents[3]
