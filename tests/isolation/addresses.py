"""Every address of a URL configuration, with values of another tenant in its place holders."""

import itertools
import re
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.regex_helper import normalize


@dataclass(frozen=True)
class Address:
    """`name` as `reverse` takes it, and the paths to ask for."""

    name: str
    paths: tuple[str, ...]


def _template(pattern):
    """The pattern as a %-template, and its place holders: name -> converter or None."""
    if isinstance(pattern, RoutePattern):
        route = re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"%(\1)s", pattern._route.replace("%", "%%"))
        return route, pattern.converters
    template, names = normalize(pattern.regex.pattern)[0]
    return template, dict.fromkeys(names)


def _patterns(resolver, spaces=(), prefix="", holders=()):
    for entry in resolver.url_patterns:
        template, own = _template(entry.pattern)
        route, found = prefix + template, (*holders, *own.items())
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _patterns(entry, inner, route, found)
        elif isinstance(entry, URLPattern):
            name = ":".join([*spaces, entry.name or entry.lookup_str])
            yield name, route, dict(found)


def _values(parameter, converter, known):
    if parameter in known:
        return known[parameter]
    kind = type(converter).__name__
    return {
        "IntConverter": ["1", "2"],
        "UUIDConverter": known["uuid"],
        "SlugConverter": ["x"],
        "Month": ["2026-05"],
        "PathConverter": known["path"],
    }.get(kind, ["1", "2"])


def addresses(urlconf, known):
    """Every address of the configuration, filled in with what `known` says of another tenant."""
    found = []
    for name, route, holders in _patterns(get_resolver(urlconf)):
        values = [_values(holder, converter, known) for holder, converter in holders.items()]
        combinations = itertools.islice(itertools.product(*values), 4)
        filled = [route % dict(zip(holders, chosen, strict=True)) for chosen in combinations]
        found.append(Address(name, tuple("/" + path for path in filled)))
    return found
