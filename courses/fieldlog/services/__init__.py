"""The only writers of the field log, one transaction each."""
