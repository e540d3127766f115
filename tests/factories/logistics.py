"""A shop that sends from Leipzig and Niigata: lanes to Germany, carriers, a supplier, two things on sale."""

from dataclasses import dataclass
from datetime import time

from catalog.models import Variant
from inventory.models import AllocationRule, StockItem, Supplier, Warehouse
from inventory.sourcing.network import forget_networks
from markets.models import Market
from markets.queries import market_by_code
from tests.factories.buying import a_supplier, sold_by
from tests.factories.catalog import make_product
from tests.factories.inventory import a_method, a_warehouse, stocked
from tests.factories.lanes import a_lane, method_of
from tests.factories.markets import demo_markets
from tests.inventory.carriers.worlds import an_account

LEIPZIG = {"street_address": "Torgauer Str. 12", "postal_code": "04315", "city": "Leipzig"}
NIIGATA = {"street_address": "1-14 Akiba", "postal_code": "959-1234", "city": "Tsubame", "country_area": "Niigata"}
CERAMICS = {"hs_code": "691200", "origin_country": "JP", "customs_description": "Ceramic tea cup", "weight_g": 320}
STEEL = {"hs_code": "732393", "origin_country": "JP", "customs_description": "Stainless steel kettle", "weight_g": 850}


@dataclass(frozen=True)
class TwoHouses:
    """Where things are: cups in Leipzig and a few in Niigata, kettles in Niigata alone."""

    leipzig: Warehouse
    niigata: Warehouse
    cup: Variant
    kettle: Variant
    supplier: Supplier

    def counters(self, variant: Variant, place: Warehouse) -> tuple[int, int, int]:
        """On hand, promised, for sale."""
        item = StockItem.objects.get(variant=variant, warehouse=place)
        return item.on_hand, item.allocated, item.available


def leipzig_and_niigata() -> TwoHouses:
    """Goods leave from the address's own country first. Cups are ordered again at ten, up to twenty-four."""
    demo_markets()
    market = Market.objects.get(code="de")
    leipzig = a_house("LEJ", market, 0, zone="Europe/Berlin", country="DE", address=LEIPZIG)
    niigata = a_house("NGT", market, 1, zone="Asia/Tokyo", country="JP", address=NIIGATA)
    cup = thing("cup", "Tea cup", "24.00", **CERAMICS)
    kettle = thing("kettle", "Kettle", "79.00", **STEEL)
    a_method(market, rates={2_000: "4.90", 30_000: "9.90"})
    context = market_by_code("de", language="en")
    a_lane(leipzig, method_of(context), cost="4.10", carrier="DHL", lead_p50=3, lead_p90=5)
    a_lane(niigata, method_of(context), cost="19.00", carrier="Japan Post", lead_p50=5, lead_p90=7, customs_days=2)
    AllocationRule.objects.create(market=market, position=0, kind="same_country")
    forget_networks()
    supplier = a_supplier(name="Arita Pottery", lead_days=12)
    sold_by(supplier, cup, supplier_sku="AP-7", moq=12, pack=6, is_preferred=True)
    stocked(cup, 12, warehouse=leipzig)
    stocked(cup, 4, warehouse=niigata)
    stocked(kettle, 5, warehouse=niigata)
    StockItem.objects.filter(variant=cup, warehouse=leipzig).update(reorder_point=10, target_quantity=24, shelf="A-1")
    an_account("sandbox", code="home", name="Home Express", warehouse=leipzig)
    an_account("sandbox", code="far", name="Far Express", warehouse=niigata, options={"story": "C"})
    return TwoHouses(leipzig=leipzig, niigata=niigata, cup=cup, kettle=kettle, supplier=supplier)


def a_house(code: str, market: Market, position: int, *, zone: str, country: str, address: dict[str, str]) -> Warehouse:
    """A warehouse with a name and an address that can be printed."""
    place = a_warehouse(code, market=market, position=position, zone=zone, country=country)
    place.name = place.city = address["city"] if code == "LEJ" else "Niigata"
    place.address, place.cutoff = address, time(14)
    place.save()
    return place


def thing(code: str, name: str, price: str, **facts: object) -> Variant:
    """Something on sale in Germany; its stock is booked afterwards."""
    product = make_product(code, names={"en": name}, prices={"de": price}, stock=0, variant=facts)
    return product.variants.get()
