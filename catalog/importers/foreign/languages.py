"""Language codes of other systems, and which of them the storefront speaks."""

from dataclasses import dataclass

from markets.models import Language

SPELLINGS = {
    "zh-cn": "zh-hans", "zh-sg": "zh-hans", "zh": "zh-hans", "zh-chs": "zh-hans",
    "zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-cht": "zh-hant", "jp": "ja", "iw": "he", "in": "id",
}  # fmt: skip


@dataclass(frozen=True)
class Languages:
    """The languages of the storefront. Regional words serve the language where the shop has no such region."""

    active: frozenset[str]

    @classmethod
    def of_shop(cls) -> "Languages":
        """Those that are active now."""
        return cls(frozenset(Language.objects.filter(active=True).values_list("code", flat=True)))

    def of(self, code: str) -> str | None:
        """`pt_BR` is `pt-br`, `zh_CN` is `zh-hans`, `de_AT` is `de`; nothing for a language the shop does not speak."""
        plain = code.strip().lower().replace("_", "-")
        plain = SPELLINGS.get(plain, plain)
        if plain in self.active:
            return plain
        head = plain.partition("-")[0]
        return head if head in self.active else None
