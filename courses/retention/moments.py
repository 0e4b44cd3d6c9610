"""Moments of the archive. Receivers run inside the transaction."""

from django.dispatch import Signal

#: Something was cleared at this base.
cleared = Signal()
