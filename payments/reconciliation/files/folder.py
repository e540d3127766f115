"""A folder that is watched: what a provider's transfer lays down in `<folder>/<provider>/` is imported once."""

import hashlib
import logging
from pathlib import Path

from django.conf import settings

from payments.models import StatementRead
from payments.reconciliation.files.importing import MOST_BYTES, FileRefused, import_file

logger = logging.getLogger(__name__)


def import_waiting_files() -> int:
    """Import every new file; returns how many. A refused one is shown among the readings and not tried again.

    Without the setting there is no folder and nothing happens.
    """
    root = settings.STATEMENT_FOLDER
    if not root:
        return 0
    return sum(_import(path) for path in sorted(Path(root).glob("*/*.[cC][sS][vV]")) if path.is_file())


def _import(path: Path) -> int:
    """Whether it was new and could be read, as a number."""
    provider = path.parent.name
    if provider not in settings.PAYMENT_PROVIDERS or path.stat().st_size > MOST_BYTES:
        logger.warning("%s in the folder of statements is too large or of no provider of ours", path.name)
        return 0
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if StatementRead.objects.filter(provider=provider, digest=digest).exists():
        return 0
    try:
        import_file(provider=provider, name=path.name, content=content)
    except FileRefused as refusal:
        first = refusal.problems[0]
        StatementRead.objects.create(
            provider=provider,
            source=StatementRead.Source.FILE,
            name=path.name[:200],
            digest=digest,
            refusal=f"{first.line}: {first.column} {first.message}"[:300],
        )
        return 0
    return 1
