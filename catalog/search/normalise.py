"""Words made comparable, per script. Pure: the same function serves documents and queries.

Case, width and accents are folded. Arabic loses short vowels and lengthening, and writes alef, ya and ta
marbuta one way. Chinese and Japanese have no spaces, so runs of their characters become overlapping pairs.
"""

import re
import unicodedata

CJK_LANGUAGES = frozenset({"ja", "zh-hans"})
ARABIC = str.maketrans({
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ی": "ي", "ـ": None,
    "٠": "0", "١": "1", "٢": "2", "٣": "3", "٤": "4", "٥": "5", "٦": "6", "٧": "7", "٨": "8", "٩": "9",
})  # fmt: skip
CJK = r"\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ヵヶー"
PIECES = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+(?:[.,][0-9]+)?")
ONLY_CJK = re.compile(rf"[{CJK}]+")
MOST_WORDS = 12


def fold(text: str) -> str:
    """Case, width, accents and Arabic spelling variants folded; nothing is cut."""
    wide = unicodedata.normalize("NFKC", text).casefold().translate(ARABIC)
    apart = unicodedata.normalize("NFD", wide)
    letters = [char for char in apart if not unicodedata.combining(char) or _marks_a_kana(char)]
    return unicodedata.normalize("NFC", "".join(letters))


def pieces(text: str) -> list[str]:
    """The words of a text; a run of Chinese or Japanese is one piece."""
    return PIECES.findall(fold(text))


def tokens(text: str) -> list[str]:
    """What goes into the index: words as they are, runs of Chinese or Japanese as pairs and their last character."""
    found: list[str] = []
    for piece in pieces(text):
        found.extend([*pairs(piece), piece[-1]] if is_cjk(piece) else [piece])
    return found


def pairs(run: str) -> list[str]:
    """Overlapping pairs of characters: 急須盆 is 急須, 須盆. One character is itself."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def is_cjk(piece: str) -> bool:
    return ONLY_CJK.fullmatch(piece) is not None


def _marks_a_kana(char: str) -> bool:
    """Voicing marks make another sound in Japanese; they are no accents."""
    return char in "\u3099\u309a"
