"""Moments of the field log that the apps above follow. Receivers run inside the transaction."""

from django.dispatch import Signal

#: Sessions were settled anew, perhaps to the same; receivers get `sessions`, a set of their numbers.
sessions_settled = Signal()
