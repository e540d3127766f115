"""A carrier outside the shop, for the packing table: it sells labels, takes them back, and remembers."""

from collections.abc import Sequence
from typing import ClassVar

from core.errors import DomainError
from core.money import Money
from orders.actions.packing import Way
from orders.floor.cartons import Carton, CartonChoice
from orders.floor.goods import Goods
from orders.floor.labelling import LabelFile, LabelFormat, LabelOffer


class Unreachable(DomainError):
    """Nobody answers."""

    code = "TEST_CARRIER_SILENT"
    message = "The carrier does not answer."


class CarrierOutside:
    """`LabelDesk` in memory. What it did is read from the class."""

    sold: ClassVar[dict[int, str]] = {}
    keys: ClassVar[set[str]] = set()
    told: ClassVar[list[list[int]]] = []
    is_silent: ClassVar[bool] = False

    @classmethod
    def forget(cls) -> None:
        """As new."""
        cls.sold.clear()
        cls.keys.clear()
        cls.told.clear()
        cls.is_silent = False

    def offers(self, fulfillment_id: int) -> Sequence[LabelOffer]:
        """Two."""
        self._answer()
        return [
            LabelOffer(key="post|economy", carrier="Post", service="Economy", price=Money("3.90", "EUR"), days_max=5),
            LabelOffer(key="post|express", carrier="Post", service="Express", price=Money("11.90", "EUR")),
        ]

    def buy(self, fulfillment_id: int, offer: str, key: str) -> Way:
        """Once per key."""
        self._answer()
        self.keys.add(key)
        self.sold[fulfillment_id] = offer
        return Way(carrier="Post", service=offer.partition("|")[2], tracking_no=f"LABEL-{fulfillment_id}")

    def give_back(self, fulfillment_id: int, reason: str) -> None:
        """If it has one."""
        self.sold.pop(fulfillment_id, None)

    def bought(self, fulfillment_ids: Sequence[int]) -> Sequence[LabelFile]:
        """All PDF."""
        return [LabelFile(fulfillment_id=pk, format="pdf") for pk in fulfillment_ids if pk in self.sold]

    def printed(self, fulfillment_ids: Sequence[int], wanted: LabelFormat) -> bytes:
        """Their numbers, one after the other."""
        return b"%PDF " + b" ".join(f"LABEL-{pk}".encode() for pk in fulfillment_ids if pk in self.sold)

    def announce(self, warehouse_code: str, fulfillment_ids: Sequence[int]) -> str:
        """A number of its own."""
        self._answer()
        self.told.append(sorted(fulfillment_ids))
        return "POST-1"

    def _answer(self) -> None:
        if self.is_silent:
            raise Unreachable


def two_cartons(goods: Sequence[Goods]) -> CartonChoice:
    """A small one, which is proposed, and a large one."""
    small = Carton(code="S", name="Small", length_mm=200, width_mm=150, height_mm=100, tare_g=80, max_weight_g=5_000)
    large = Carton(code="L", name="Large", length_mm=400, width_mm=300, height_mm=200, tare_g=250, max_weight_g=20_000)
    return CartonChoice(cartons=(small, large), proposed="S" if goods else "")
