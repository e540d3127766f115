"""How the shop is started: an environment of its own, servers of its own, one supervisor.

Standard library only up to the moment the environment exists: `bootstrap` makes it, `places` says where everything is,
`embedded` runs PostgreSQL and Valkey from their wheels, `supervisor` keeps web, worker and beat alive, `commands` is
what `manage.py` understands beyond Django's own commands.
"""
