"""Moments of a class that the apps above follow. Receivers run inside the transaction."""

from django.dispatch import Signal

#: The place of some trainees in the chain may have changed: joined, assessed, certified, heard of.
#: Receivers get `enrolments`, a set of their numbers. Marks have a moment of their own,
#: `fieldlog.moments.sessions_settled`.
chain_moved = Signal()

#: Scores were entered or changed. Receivers get `enrolments`, a set of their numbers.
scores_entered = Signal()
