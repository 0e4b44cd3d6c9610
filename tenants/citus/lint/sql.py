"""SQL that Citus does not take, told from a text alone."""

import re

FLAGS = re.IGNORECASE | re.DOTALL
#: A column that is added, with COLUMN or without, as far as the next constraint of its own.
ADDED = (
    r"\bALTER\s+TABLE\b.*?\bADD\s+(?:COLUMN\s+(?:IF\s+NOT\s+EXISTS\s+)?)?"
    r"(?!COLUMN\b|CONSTRAINT\b|CHECK\b|UNIQUE\b|PRIMARY\b|FOREIGN\b|EXCLUDE\b|GENERATED\b)"
    r"[\"\w{}.]+\s+(?:(?!;|\bADD\s+CONSTRAINT\b).)*?"
    r"\b(?:CHECK|UNIQUE|REFERENCES|PRIMARY\s+KEY)\b"
)
PATTERNS = {
    "trigger": re.compile(r"\b(?:CREATE|ALTER|DROP|ENABLE|DISABLE)\b[\w\s]*\bTRIGGER\b", FLAGS),
    "sequence": re.compile(r"\b(?:setval|pg_get_serial_sequence)\s*\(", FLAGS),
    "clone": re.compile(r"\bclone_schema\b", FLAGS),
    "insert-select": re.compile(r"\bINSERT\s+INTO\b[^;]*?\b(?:SELECT|TABLE)\b", FLAGS),
    "inline-constraint": re.compile(ADDED, FLAGS),
}
#: Names of Python that lead to such SQL.
NAMES = {"sequence_reset_sql": "sequence", "clone_schema": "clone", "CloneSchema": "clone"}

SET_OPERATION = re.compile(r"\b(?:UNION(?:\s+ALL)?|INTERSECT|EXCEPT)\b|;", FLAGS)
FROM = re.compile(
    r"\bFROM\b(.*?)(?=\bWHERE\b|\bGROUP\b|\bORDER\b|\bLIMIT\b|\bHAVING\b|\)|$)", FLAGS
)
SCHEMA = re.compile(r"\s*(?:LATERAL\s+|ONLY\s+)?\"?(\{[^}]*\}|\w+)\"?\s*\.", FLAGS)
SHARED = {"public", "pg_catalog", "information_schema"}


def rules_broken(text: str) -> list[str]:
    """The rules that a text breaks if it is SQL. `{name}` stands for what a program fills in."""
    broken = [rule for rule, pattern in PATTERNS.items() if pattern.search(text)]
    if any(len(schemas) > 1 for schemas in schemas_joined(text)):
        broken.append("tenants-joined")
    return broken


def schemas_joined(text: str) -> list[set[str]]:
    """For every single query of a text, the tenants' schemas from which it reads together."""
    found = []
    for query in SET_OPERATION.split(text):
        schemas = {
            match[1]
            for region in FROM.findall(query)
            for item in re.split(r",|\bJOIN\b", region, flags=FLAGS)
            if (match := SCHEMA.match(item))
        }
        found.append(schemas - SHARED)
    return found
