"""Catalogues made by chance go out in our own format and come back as they were."""

import random
from pathlib import Path
from typing import Any

import pytest

from catalog import actions
from catalog.drafts import Detail
from tests.factories.catalog import make_product, option
from tests.factories.markets import small_world
from tests.importers.own_format import NASTY, bring_in, counts, export
from tests.importers.snapshots import snapshot, wipe_catalogue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_random_catalogue_comes_back_as_it_was(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    small_world("de", "jp")
    letters = "".join(NASTY).replace("\r", "") + "abc ÄÖ日本語עברית"

    def words() -> str:
        return "".join(chance.choice(letters) for _ in range(chance.randrange(1, 30))).strip() or "x"

    option("size", {"s": None, "m": None, "l": None})
    actions.put_attribute(code="care", names={"en": "Care"}, data_type="text")
    for number in range(6):
        sizes = chance.sample(["s", "m", "l"], chance.randrange(0, 4))
        facts: dict[str, Any] = {"options": {"size": sizes}} if sizes else {}
        make_product(
            f"p-{number}", names={"en": words(), "ar": words(), "ja": words()},
            draft={"tags": tuple({words() for _ in range(2)}), "texts": {
                "summary": {"de": words()}, "selling_points": {"en": words(), "zh-hans": words()},
                "meta_title": {"en": words()[:100]},
            }},
            details=[Detail(attribute="care", text={"en": words(), "ar": words()})],
            variant={"weight_g": chance.randrange(0, 5000), "customs_description": words()},
            prices={"de": f"{chance.randrange(1, 9999)}.{chance.randrange(10, 99)}"}, active=chance.random() < 0.7,
            **facts,
        )  # fmt: skip
    before = snapshot()
    content = export(tmp_path, format_code=chance.choice(["csv", "xlsx"]))
    name = "p.xlsx" if content.startswith(b"PK") else "p.csv"
    assert counts(bring_in(content, name=name)) == {"unchanged": 6}
    wipe_catalogue()
    assert counts(bring_in(content, name=name)) == {"created": 6}
    after = snapshot()
    for code, product in before["products"].items():
        assert after["products"][code] == product
    assert after == before
