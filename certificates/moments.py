"""What other apps may follow: signals, sent after the fact."""

from django.dispatch import Signal

#: A run of `issue_class` has ended: `training_class`. Sent again when a run is repeated.
class_certified = Signal()
