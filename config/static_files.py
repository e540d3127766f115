"""Files that browsers may keep for ever, because their names change with their contents."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS = "js/"


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """WhiteNoise's storage; our modules import each other by hashed names too, so that no page mixes two releases."""

    support_js_module_import_aggregation = True

    def url_converter(self, name: str, *given: Any, **named: Any) -> Callable[[re.Match[str]], str]:
        """Scripts of other people stay as they are: what looks like an import in them may be a comment."""
        if name.endswith(".js") and not name.startswith(OURS):
            return lambda match: match[0]
        convert: Callable[[re.Match[str]], str] = super().url_converter(name, *given, **named)
        return convert
