"""What takes long before the first test: the migrated database and the seeded shop, made while the checks run."""

import django

from config import env
from config.launch.messages import compile_messages
from config.launch.places import ROOT


def prepare() -> None:
    """Make what is not there yet. Tests that start meanwhile wait for their turn."""
    compile_messages(ROOT)
    django.setup()
    from tests.browser.demo import seed_demo
    from tests.databases import TestDatabase

    TestDatabase(worker="main", rebuild=False).migrate()
    if env.text("BROWSER", "").lower() != "skip":
        seed_demo()


if __name__ == "__main__":
    prepare()
