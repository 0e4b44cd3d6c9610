"""Beyond one machine: schemas as the shards of Citus, each on a worker of its own.

Everything here is inert unless TRAINBASE_CITUS=1. `base` and `schema` are the database backend,
`placement` puts a schema on a worker, `references` makes shared tables visible there, `checks`
refuses a database without Citus, and `lint` holds the code to what Citus takes.
"""
