"""The task queue: django-tasks' database backend, with the tenant on every job."""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult
from django_tenants.utils import get_public_schema_name

from tenants.current import connection


class TenantDatabaseBackend(DatabaseBackend):
    """Writes the current tenant's schema beside the arguments; the worker sets it again.

    Wagtail's own tasks (search index, reference index, file deletion) take no tenant argument:
    they get it here too. A job enqueued while no tenant is set is refused.
    """

    def _task_to_db_task(self, task: Any, args: Any, kwargs: Any) -> DBTaskResult:
        if connection.schema_name == get_public_schema_name():
            raise SuspiciousOperation(f"{task.module_path}: a job needs a tenant")
        row = super()._task_to_db_task(task, args, kwargs)
        row.args_kwargs["tenant"] = connection.schema_name
        row.save(update_fields=["args_kwargs"])
        return row

    async def _atask_to_db_task(self, task: Any, args: Any, kwargs: Any) -> DBTaskResult:
        raise NotImplementedError("enqueue from synchronous code: the tenant is per connection")
