"""Foreign keys and primary keys of the models, as they are installed."""

import inspect
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.db.models import BigAutoField, Field, Model, OneToOneField, UUIDField

from tenants.citus.lint import Finding, project_root
from tenants.citus.references import is_of_tenants, targets

#: The shared tables that tenant tables may reference, and why: every write to them goes to all
#: workers, and fails while one of them is down.
REFERENCED = {
    "tenants.Division": "where trainees and classes are; read from a file, written once",
    "tenants.Trade": "what a project teaches; the centre edits a short list",
    "directory.RuleSet": "the version that a class and a certificate pin",
    "directory.Programme": "what pays for a class; the centre edits a short list",
    "designations.Designation": "the decision that a class is opened under",
    "designations.TrainingBase": "whom an application or an on-site check is about",
}


def own_models(root: Path | None = None) -> list[type[Model]]:
    """Models of the apps that lie in the project, tables between two models included."""
    folder = root or project_root()
    return [
        model
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(folder) and "site-packages" not in config.path
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def findings(models: Iterable[type[Model]]) -> list[Finding]:
    found = []
    for model in models:
        for field in model._meta.local_fields:
            if rule := _rule_of(model, field):
                found.append(_at(model, field, rule))
    return sorted(found)


def _rule_of(model: type[Model], field: Field) -> str | None:
    # A key that is another table's has no sequence of its own.
    if field.primary_key and not isinstance(field, BigAutoField | UUIDField | OneToOneField):
        return "primary-key"
    target = field.remote_field.model if field.remote_field is not None else None
    if target is None:
        return None
    if not is_of_tenants(model):
        return "key-into-tenant" if is_of_tenants(target) else None
    if target in targets(model) and not is_of_tenants(target):
        return None if target._meta.label in REFERENCED else "shared-key"
    return None


def _at(model: type[Model], field: Field, rule: str) -> Finding:
    """Where the field is written; the class when it is not written, the file when that is not."""
    detail = f"{model._meta.label}.{field.name}"
    try:
        path = Path(inspect.getsourcefile(model) or "")
        lines, first = inspect.getsourcelines(model)
    except (OSError, TypeError):
        return Finding(model.__module__, 0, rule, detail)
    offset = next(
        (n for n, line in enumerate(lines) if line.strip().startswith(f"{field.name} =")), 0
    )
    if path.is_relative_to(project_root()):
        path = path.relative_to(project_root())
    return Finding(path.as_posix(), first + offset, rule, detail)
