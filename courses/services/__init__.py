"""The only writers of this app: verbs, one transaction each."""
