"""Texts and operations in Python files: what they would ask the database to do."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from tenants.citus.lint import Finding, project_root
from tenants.citus.lint.sql import NAMES, rules_broken

#: (file, rule): why it is right there.
ALLOWED = {
    ("courses/fieldlog/services/ingest.py", "insert-select"): (
        "its only short columns are a constant and hashes, whose length is checked before"
    ),
    ("tenants/many.py", "insert-select"): (
        "each text has its column's type in json_to_recordset, which refuses one that is too long"
    ),
    ("tenants/append_only.py", "trigger"): "skipped where CITUS is set",
    ("tenants/guards.py", "trigger"): "skipped where CITUS is set",
    ("certificates/law/guards.py", "tenants-joined"): (
        "the tables of one schema: that of the row which the trigger judges"
    ),
    ("lms/archive/read.py", "sequence"): (
        "reads max() first and sets a literal, in a query that names no table: it runs on the"
        " coordinator, where the sequences are"
    ),
}
AUTOMATIC = {"AutoField", "BigAutoField", "SmallAutoField"}
FOLDERS = ("lms", "tenants", "courses", "certificates", "plugins")
OWN = "tenants/citus/lint/"  # names all that is forbidden


def own_files(root: Path | None = None) -> list[Path]:
    folder = root or project_root()
    return sorted(
        path
        for name in FOLDERS
        for path in (folder / name).rglob("*.py")
        if not path.relative_to(folder).as_posix().startswith(OWN) and "tests" not in path.parts
    )


def findings(
    paths: Iterable[Path], root: Path | None = None, allowed: Iterable[tuple[str, str]] = ALLOWED
) -> list[Finding]:
    """What is found in the files, and which entries of `allowed` were not needed."""
    folder = root or project_root()
    found: list[Finding] = []
    unused = set(allowed)
    for path in paths:
        name = path.relative_to(folder).as_posix()
        for line, rule in of_text(path.read_text(encoding="utf-8"), "migrations" in path.parts):
            if (name, rule) in allowed:
                unused.discard((name, rule))
            else:
                found.append(Finding(name, line, rule))
    found += [Finding(name, 0, "not-needed", rule) for name, rule in unused]
    return sorted(found)


def of_text(source: str, is_migration: bool) -> list[tuple[int, str]]:
    """(line, rule) of everything in one file."""
    tree = ast.parse(source)
    found = {(line, rule) for line, text in _texts(tree) for rule in rules_broken(text)}
    for node in ast.walk(tree):
        name = _name(node)
        if name in NAMES and isinstance(node, ast.Attribute | ast.Name):
            found.add((node.lineno, NAMES[name]))
        if is_migration and isinstance(node, ast.Call) and _takes_automatic_field(node):
            rules = {"AlterField": "key-changed", "AddField": "key-added"}
            if rule := rules.get(_name(node.func)):
                found.add((node.lineno, rule))
    return sorted(found)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _takes_automatic_field(call: ast.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(v, ast.Call) and _name(v.func) in AUTOMATIC for v in given)


def _texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every text of a file but docstrings, put together from its parts, with its line."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        text = _text(node) if isinstance(node, ast.expr) else None
        if text is None:
            waiting += (child for child in ast.iter_child_nodes(node) if not _says(node, child))
        else:
            yield node.lineno, text  # type: ignore[attr-defined]
            waiting += _filled_in(node)


def _says(holder: ast.AST, child: ast.AST) -> bool:
    """Whether `child` is the docstring of `holder`."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return (
        isinstance(holder, holders)
        and ast.get_docstring(holder, clean=False) is not None
        and child is holder.body[0]
    )


def _filled_in(text: ast.AST) -> list[ast.AST]:
    """What is put into a text by `%` or `format`, and may hold texts of its own."""
    match text:
        case ast.BinOp(op=ast.Mod(), right=right):
            return [right]
        case ast.Call(args=args, keywords=keywords):
            return [*args, *keywords]
    return []


def _text(node: ast.expr) -> str | None:
    """What an expression of text says, with `{expression}` for what is not known; None if no text."""
    match node:
        case ast.Constant(value=str(said)):
            return said
        case ast.JoinedStr(values=parts):
            return "".join(_known(part) for part in parts)
        case ast.FormattedValue(value=inner):
            return f"{{{ast.unparse(inner)}}}"
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            if _text(left) is None and _text(right) is None:
                return None
            return _known(left) + _known(right)
        case ast.BinOp(left=left, op=ast.Mod()):
            return _text(left)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _text(value)
    return None


def _known(node: ast.expr) -> str:
    said = _text(node)
    return f"{{{ast.unparse(node)}}}" if said is None else said
