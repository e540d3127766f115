"""The only place that knows every app: settings, addresses, reactions, the queue, and how the shop is started.

Kept empty of imports because `manage.py` reads `config.env` and `config.launch` before anything is installed; the
Celery app is loaded by `config.apps` as soon as Django starts, in every process that may enqueue.
"""
