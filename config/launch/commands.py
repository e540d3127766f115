"""What `manage.py` understands beyond Django's own commands, and the servers every command needs around it."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from config import env
from config.launch.accounts import NoAccount
from config.launch.demo import announcement
from config.launch.embedded import Servers
from config.launch.places import ROOT, SHOP, TEST, place_of
from config.launch.programs import ServerTrouble

# name: (module, function, one line for `manage.py help`)
COMMANDS = {
    "up": ("config.launch.shop", "up", "run the shop: web, worker and beat (make run)"),
    "test": ("config.launch.checks", "test", "everything CI runs"),
    "verify": ("config.launch.checks", "verify", "the fast checks only (make check)"),
    "bench": ("config.launch.checks", "bench", "the measurements"),
    "bench-catalogue": ("config.launch.checks", "bench_catalogue", "pages over growing catalogues (--help)"),
    "format": ("config.launch.checks", "format_code", "put code and templates into shape"),
    "lock": ("config.launch.checks", "lock", "compile requirements/*.in into the locks"),
    "messages": ("config.launch.messages", "messages", "collect all words into locale/*/LC_MESSAGES/django.po"),
    "stop-servers": ("config.launch.commands", "stop_servers", "stop embedded servers somebody left running"),
    "stop-test-servers": ("config.launch.commands", "stop_test_servers", "stop the embedded servers of the tests"),
}
WITHOUT_SERVERS = {"help", "--help", "-h", "version", "--version", "diffsettings", "startapp", "findstatic"}
# Migrations, imports and seeds take their time; only shoppers must never wait.
PATIENCE = {"DB_STATEMENT_TIMEOUT": "30min", "DB_IDLE_TIMEOUT": "30min", "DB_LOCK_TIMEOUT": "30s"}


def run(arguments: Sequence[str]) -> int:
    try:
        return _dispatch(arguments)
    except (ServerTrouble, NoAccount, env.SettingError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _dispatch(arguments: Sequence[str]) -> int:
    if not arguments or (arguments[0] in {"help", "--help", "-h"} and len(arguments) == 1):
        return list_commands()
    env.announce({"DJANGO_SETTINGS_MODULE": "config.settings.dev"})
    if arguments[0] not in COMMANDS:
        return django_command(arguments)
    module, function, _ = COMMANDS[arguments[0]]
    command: Callable[[Sequence[str]], int] = getattr(import_module(module), function)
    return command(arguments[1:])


def list_commands() -> int:
    print("Portolan's own commands:\n")
    for name, (_, _, purpose) in COMMANDS.items():
        print(f"  {name:<18} {purpose}")
    print("\nEverything else is Django's: migrate, shell, createsuperuser ... (manage.py help <command>)")
    return 0


def django_command(arguments: Sequence[str]) -> int:
    """One of Django's or the apps' commands, with the embedded servers up around it."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 (Django is slow to load)

    words = ["manage.py", *arguments]
    if arguments[0] in WITHOUT_SERVERS:
        execute_from_command_line(words)
        return 0
    servers = Servers(place_of(ROOT, SHOP))
    servers.use()
    env.announce(PATIENCE | announcement() | {"SECRET_KEY": own_secret()})
    try:
        execute_from_command_line(words)
    finally:
        servers.leave()
    return 0


def own_secret() -> str:
    """This checkout's secret, made once and kept out of the repository."""
    kept = ROOT / "var" / "secret_key"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


def stop_servers(arguments: Sequence[str]) -> int:
    return _stop(SHOP)


def stop_test_servers(arguments: Sequence[str]) -> int:
    return _stop(TEST)


def _stop(profile: str) -> int:
    if Servers(place_of(ROOT, profile)).stop_if_unused():
        return 0
    print("Somebody still uses them; they stop by themselves with their last user.", file=sys.stderr)
    return 1
