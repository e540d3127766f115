"""The objects of a fixture by model and key, and by what they belong to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

PRODUCT = "product.product"
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Objects:
    """Everything of one file."""

    models: Mapping[str, Mapping[Any, Fields]]
    owned: Mapping[tuple[str, str, Any], Sequence[tuple[Any, Fields]]]

    @classmethod
    def of(cls, document: Iterable[Any]) -> "Objects":
        """Index them. What is no object is passed over."""
        models: dict[str, dict[Any, Fields]] = {}
        owned: dict[tuple[str, str, Any], list[tuple[Any, Fields]]] = {}
        for each in document:
            if not isinstance(each, dict) or not isinstance(each.get("fields"), dict):
                continue
            model, key, fields = str(each.get("model")), each.get("pk"), each["fields"]
            models.setdefault(model, {})[key] = fields
            for name in ("product", "variant", "product_variant", "assignment"):
                if isinstance(fields.get(name), int | str):
                    owned.setdefault((model, name, fields[name]), []).append((key, fields))
        return cls(models, owned)

    def all(self, model: str) -> Mapping[Any, Fields]:
        """The objects of a model by key."""
        return self.models.get(model, {})

    def get(self, model: str, key: Any) -> Fields:
        """One object; empty when it is not there."""
        return self.all(model).get(key, {})

    def of_owner(self, model: str, field: str, key: Any) -> Sequence[tuple[Any, Fields]]:
        """The objects whose `field` is `key`, in the order of the file."""
        return self.owned.get((model, field, key), ())


def words_of(description: Any) -> str:
    """Editor.js blocks as HTML; its inline tags stay."""
    blocks = description.get("blocks", []) if isinstance(description, dict) else []
    return "".join(_block(block) for block in blocks if isinstance(block, dict))


def _block(block: Mapping[str, Any]) -> str:
    content = block.get("data")
    if not isinstance(content, dict):
        return ""
    kind = block.get("type")
    if kind == "list":
        tag = "ol" if content.get("style") == "ordered" else "ul"
        return f"<{tag}>{''.join(f'<li>{_item(each)}</li>' for each in content.get('items', []))}</{tag}>"
    tag = {"header": "h3", "quote": "blockquote"}.get(str(kind), "p")
    text = str(content.get("text") or "")
    return f"<{tag}>{text}</{tag}>" if text else ""


def _item(each: Any) -> str:
    return str(each.get("content", "")) if isinstance(each, dict) else escape(str(each), quote=False)
