"""Moments at which the apps above add their part to a schema. Receivers run inside the schema."""

from django.dispatch import Signal

#: The template schema has been migrated; receivers write what every tenant starts with.
template_prepared = Signal()
#: A tenant's schema stands; receivers get `tenant` and write what only its type has.
tenant_created = Signal()
#: A base's site was opened by the centre; receivers get `tenant` and its designated `trades`
#: (code -> terms) and write drafts that its clerks start from.
site_opened = Signal()
#: A tenant has another name; receivers get `tenant` and the name `before`.
tenant_renamed = Signal()
#: A site is about to be closed; receivers return what still stands against it, in zh and en.
closing_blockers = Signal()
#: Which rule sets a base can be given; receivers return their codes.
rule_codes_asked = Signal()
#: What every schema is given beside its tables; receivers return a text that changes with it.
content_version_asked = Signal()
#: What an account may do was changed: it was closed or opened, or has other roles. Receivers get
#: `user` and who did it, `by`; they run inside the transaction.
account_changed = Signal()
