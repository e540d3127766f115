"""Brings database, words, tables and static files up to the code before the shop opens. Quick when nothing changed."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db.utils import OperationalError

from config.launch.messages import compile_messages
from config.launch.places import ROOT


def prepare(arguments: Sequence[str]) -> int:
    django.setup()
    compile_messages(ROOT)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_reference", verbosity=0)
        if "--seed" in arguments:
            call_command("seed_demo", "--if-empty")
    except (CommandError, OperationalError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    collect_static()
    return 0


def collect_static() -> bool:
    """Only when a source file is new or changed; true when something was collected."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    now = static_fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)
    return True


def static_fingerprint() -> str:
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            status = path.stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(prepare(sys.argv[1:]))
