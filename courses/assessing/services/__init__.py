"""The writers of assessment: verbs, one transaction each."""
