"""Plugins: found by their entry points, switched on for each tenant, and kept behind one gate.

`discover` finds them before Django starts, `registry` knows them afterwards and what is on,
`gate` makes one that is off not exist, `points` asks those that are on.
"""
