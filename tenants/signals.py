"""Moments at which the apps above add their part to a schema. Receivers run inside the schema."""

from django.dispatch import Signal

#: The template schema has been migrated; receivers write what every tenant starts with.
template_prepared = Signal()
#: A tenant's schema stands; receivers get `tenant` and write what only its type has.
tenant_created = Signal()
