"""How each line of a parcel is taxed: where, by whom, under which scheme, and why. Pure.

The order of questions: is tax computed at all; is the buyer exempt; is the sale digital; does the parcel stay in one
tax area; does it stay inside the EU; else it is an import, and the destination's rules decide.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from core.money import from_minor, to_minor
from markets.duty.errors import IossNotAllowed, LocationEvidenceMissing, StandardDeclarationRequired
from markets.duty.exchange import in_currency
from markets.errors import UnionSalesUnknown
from markets.landed.thresholds import (
    TAX_AMOUNT,
    Consignment,
    Ruling,
    at_rate,
    fallback_scheme,
    param,
    rules_of,
    ruling_for,
)
from markets.landed.types import Collector, LandedFacts, Parcel, ParcelLine, Treatment
from markets.tax.arithmetic import Rate, whole
from markets.tax.places import destination
from markets.tax.rates import rate_for
from markets.tax.types import Place, Reason, RegistrationFact, TaxFacts, TaxQuestion, UntaxedFact

NO_TAX = "no_tax"
"""The feature of a market whose seller computes no tax: a small shop below every limit of its country."""
NOT_COMPUTED: Final = "not_computed"
AS_IMPORTER = frozenset({"domestic", "import", "oss"})
"""Registrations under which the seller clears goods in its own name and then sells them at home."""
EVIDENCE_WANTED = 2
EU_LIMIT = Decimal(10_000)
EURO = "EUR"


@dataclass(frozen=True)
class Way:
    """Where a parcel goes from and to, for tax and for customs."""

    place: Place
    start: str
    """The country the goods start in, as it is taxed."""
    held: tuple[RegistrationFact, ...]
    eu: frozenset[str]
    crosses: bool

    @property
    def inside_eu(self) -> bool:
        return self.start in self.eu and self.place.country in self.eu

    def registration(self, *schemes: str) -> RegistrationFact | None:
        """The seller's registration at the destination under one of the schemes."""
        for one in self.held:
            reaches = self.place.country in self.eu if one.scheme == "oss" else one.country == self.place.country
            if one.scheme in schemes and reaches and (not one.region or one.region == self.place.region):
                return one
        return None


def way_of(parcel: Parcel, facts: LandedFacts) -> Way:
    """The way of a parcel. Raises `TerritoryBlocked`."""
    place = destination(place_question(parcel), facts.tax)
    start = facts.tax.taxed_as.get(parcel.ship_from) or parcel.ship_from or place.country
    eu = facts.duty.eu | facts.tax.eu
    same_area = start == place.country or (start in eu and place.country in eu)
    held = tuple(one for one in facts.tax.registrations if one.seller == parcel.market.seller)
    return Way(place=place, start=start, held=held, eu=eu, crosses=not (same_area and place.in_customs_union))


def place_question(parcel: Parcel) -> TaxQuestion:
    """The parcel as the places of tax know a shipment."""
    return TaxQuestion(
        market=parcel.market,
        country=parcel.country,
        on=parcel.on,
        lines=(),
        shipping=parcel.shipping,
        region=parcel.region,
        postal_code=parcel.postal_code,
        ship_from_country=parcel.ship_from,
    )


def treatments_of(parcel: Parcel, facts: LandedFacts) -> tuple[Way, dict[str, Treatment]]:
    """The treatment of every line, by its key. Raises `TerritoryBlocked`, `TaxRateNotFound`, `IossNotAllowed`,
    `StandardDeclarationRequired`, `LocationEvidenceMissing`, `UnionSalesUnknown`, and what comparing with a threshold
    raises."""
    way = way_of(parcel, facts)
    consignment = _consignment(parcel, way, facts)
    return way, {line.key: _treat(line, parcel, way, consignment, facts) for line in parcel.lines}


def _treat(line: ParcelLine, parcel: Parcel, way: Way, consignment: Consignment, facts: LandedFacts) -> Treatment:
    """The treatment of a line, without tax where the seller would collect it and charges none in that country."""
    if line.supply == "voucher":  # a multi-purpose voucher: what is bought with it is taxed (2006/112/EC, Art. 30b)
        return _told(way, "voucher", "nobody", "voucher", None)
    found = _by_rules(line, parcel, way, consignment, facts)
    rule = untaxed_in(found.place.country, parcel.market.seller, facts.tax)
    if rule is None or (found.collector != "seller" and found.reason != "not_registered"):
        return found
    return replace(found, scheme=NOT_COMPUTED, collector="nobody", reason=NOT_COMPUTED, rule_ids=(rule.rule_id,))


def untaxed_in(country: str, seller: str, facts: TaxFacts) -> UntaxedFact | None:
    """The rule by which a seller charges no tax in a country, the country's own before one for all."""
    mine = [one for one in facts.untaxed if one.seller == seller]
    return next((one for one in mine if one.country == country), next((one for one in mine if not one.country), None))


def _by_rules(line: ParcelLine, parcel: Parcel, way: Way, consignment: Consignment, facts: LandedFacts) -> Treatment:
    ruling = None
    if way.crosses and line.supply == "goods":
        ruling = ruling_for(line, parcel, consignment, facts, way.place.country, _schemes(way))
        _refuse_closed(parcel, way, facts)
    if parcel.market.has(NO_TAX):
        return _told(way, NOT_COMPUTED, "nobody", NOT_COMPUTED, ruling)
    if parcel.buyer.exemption_document:
        return _untaxed(way, "exemption", "exempt", ruling)
    if line.supply == "digital":
        return _digital(parcel, way, facts)
    if way.place.is_outside:
        return _told(way, "export", "nobody", "export", ruling, rules=(way.place.rule_id,))
    if way.start == way.place.country:
        return _at_home(way)
    if way.inside_eu:
        return _inside_eu(parcel, way, facts)
    return _imported(line, parcel, way, ruling, facts)


def _at_home(way: Way) -> Treatment:
    """Goods that stay in one country. A business buyer there pays the tax like everybody."""
    found = _any_registration(way)
    if found is None:
        return _told(way, "domestic", "nobody", "not_registered", None)
    return _told(way, "domestic", "seller", "standard", None, rules=(found.rule_id,))


def _digital(parcel: Parcel, way: Way, facts: LandedFacts) -> Treatment:
    """A digital service is taxed where the buyer is, on two pieces of evidence that agree; customs has no part.

    A business in a country where the seller is not registered at home owes the tax itself. Inside the EU sales to
    consumers are taxed at the seller's home up to the limit they share with goods (Directive 2006/112/EC, Art. 59c).
    """
    evidence = parcel.buyer.location_evidence
    if evidence is not None and evidence < EVIDENCE_WANTED:
        raise LocationEvidenceMissing
    homes = [one for one in way.held if one.scheme == "domestic"]
    if parcel.buyer.is_business and way.place.country not in {one.country for one in homes}:
        return _untaxed(way, "reverse_charge_service", "reverse_charge")
    found = _any_registration(way)
    if found is not None:
        return _told(way, "digital", "seller", "standard", None, rules=(found.rule_id,))
    in_union = [one for one in homes if one.country in way.eu]
    if way.place.country in way.eu and in_union:
        return _by_eu_limit(in_union[0], parcel, way, facts, ())
    return _told(way, "digital", "nobody", "not_registered", None)


def _inside_eu(parcel: Parcel, way: Way, facts: LandedFacts) -> Treatment:
    """Goods from one member state to another: to a business without tax, else by OSS, registration or origin."""
    if parcel.buyer.is_business and parcel.buyer.tax_id_country in way.eu - {way.start}:
        return _untaxed(way, "intra_community_supply", "reverse_charge")
    notes = ("tax_id_pending",) if parcel.buyer.tax_id_status == "unavailable" else ()
    found = _any_registration(way)
    if found is not None:
        scheme = "oss" if found.scheme == "oss" else "domestic"
        return replace(_told(way, scheme, "seller", "standard", None, rules=(found.rule_id,)), notes=notes)
    home = next((one for one in way.held if one.scheme == "domestic" and one.country == way.start), None)
    if home is None:
        return replace(_told(way, "intra_eu", "nobody", "not_registered", None), notes=notes)
    return _by_eu_limit(home, parcel, way, facts, notes)


def _by_eu_limit(
    home: RegistrationFact, parcel: Parcel, way: Way, facts: LandedFacts, notes: tuple[str, ...]
) -> Treatment:
    """A sale to a consumer of another member state without OSS: taxed at home, above the year's limit over there."""
    if _passes_eu_limit(parcel, way, facts):
        more = (*notes, "eu_limit_passed")
        return replace(_told(way, "destination", "seller", "standard", None, rules=(home.rule_id,)), notes=more)
    origin = Place(code=home.country, country=home.country)
    return Treatment(
        place=origin, scheme="origin", collector="seller", reason="standard", rule_ids=(home.rule_id,), notes=notes
    )


def _imported(line: ParcelLine, parcel: Parcel, way: Way, ruling: Ruling | None, facts: LandedFacts) -> Treatment:
    """Goods from outside: cleared in the seller's name, taxed at the sale by a scheme, relieved, or at the border."""
    scheme = ruling.scheme if ruling else fallback_scheme(line, parcel, facts, way.place.country)
    rules = (ruling.rule.rule_id,) if ruling else ()
    if parcel.wants_scheme == "ioss" and not (ruling and ruling.is_sale and ruling.is_within):
        raise IossNotAllowed
    own = way.registration(*AS_IMPORTER)
    has_import_tax = param(rules_of(way.place.country, parcel, facts.duty), "import_tax", True)
    if own is not None and (parcel.payer != "buyer_later" or not has_import_tax):
        return _told(way, "cleared_by_us", "seller", "standard", ruling, rules=(own.rule_id, *rules))
    if ruling and ruling.is_sale and (ruling.is_within or ruling.params.get("sale_beyond")):
        if parcel.buyer.is_business and ruling.params.get("business") == "reverse_charge":
            return _told(way, scheme, "nobody", "reverse_charge", ruling, rules=rules)
        return _told(way, ruling.rule.scheme, "seller", "standard", ruling, rules=(*rules, *_own_rule(way, ruling)))
    if ruling is None and (other := _unruled(way, parcel, facts)) is not None:
        return _told(way, other.scheme, "seller", "standard", None, rules=(other.rule_id,))
    if ruling and "tax" in ruling.relief:
        return _told(way, scheme, "nobody", "below_threshold", ruling, rules=rules)
    if not has_import_tax:
        return _told(way, scheme, "nobody", _none_due(parcel), ruling, rules=rules)
    return _told(way, scheme, "importer", "on_delivery", ruling, rules=rules)


def _none_due(parcel: Parcel) -> Reason:
    """Why nothing is collected where imports bear no tax: a price without tax says that we are not registered."""
    return "not_registered" if parcel.payer == "seller" else "no_import_tax"


def _told(
    way: Way,
    scheme: str,
    collector: Collector,
    reason: Reason,
    ruling: Ruling | None,
    rules: tuple[str, ...] = (),
) -> Treatment:
    place_rule = (way.place.rule_id,) if way.place.rule_id else ()
    return Treatment(
        place=way.place,
        scheme=scheme,
        collector=collector,
        reason=reason,
        rule=ruling.rule if ruling else None,
        is_within=ruling.is_within if ruling else None,
        compared=ruling.compared if ruling else None,
        relief=ruling.relief if ruling else frozenset(),
        freight_taxed=bool(ruling.params.get("freight_taxed", True)) if ruling else True,
        crosses=way.crosses,
        rule_ids=tuple(dict.fromkeys((*place_rule, *rules))),
    )


def _untaxed(way: Way, scheme: str, reason: Reason, ruling: Ruling | None = None) -> Treatment:
    """A buyer who owes no tax: the tax of the market's home leaves a price it was entered with."""
    return replace(_told(way, scheme, "nobody", reason, ruling), strips_home_tax=True)


def _schemes(way: Way) -> frozenset[str]:
    """The schemes the seller may use at the destination. The import one-stop shop holds for every member state."""
    country = way.place.country
    return frozenset(
        one.scheme for one in way.held if one.country == country or (one.scheme == "ioss" and country in way.eu)
    )


def _any_registration(way: Way) -> RegistrationFact | None:
    schemes = {one.scheme for one in way.held} - {"ioss"}
    if way.start not in way.eu and way.start != way.place.country:
        schemes -= {"oss"}
    return way.registration("domestic") or way.registration(*schemes)


def _unruled(way: Way, parcel: Parcel, facts: LandedFacts) -> RegistrationFact | None:
    """A registration for small imports where no rule of the destination is known: its own threshold decides."""
    goods = sum(to_minor(line.amount) for line in parcel.lines)
    rules = rules_of(way.place.country, parcel, facts.duty)
    ruled = {scheme for rule in rules for scheme in rule.params.get("registration", ())}
    for one in way.held:
        reaches = way.place.country in way.eu if one.scheme == "ioss" else one.country == way.place.country
        limit = one.threshold
        if not reaches or one.scheme in AS_IMPORTER | ruled or (one.region and one.region != way.place.region):
            continue
        if limit is None or (limit.currency.code == parcel.market.currency and goods <= to_minor(limit)):
            return one
    return None


def _own_rule(way: Way, ruling: Ruling) -> tuple[str, ...]:
    wanted = frozenset(ruling.params.get("registration", ()))
    return tuple(one.rule_id for one in way.held if one.scheme in wanted)[:1]


def _refuse_closed(parcel: Parcel, way: Way, facts: LandedFacts) -> None:
    if param(rules_of(way.place.country, parcel, facts.duty), "role") == "closed" and not way.registration("import"):
        raise StandardDeclarationRequired


def _passes_eu_limit(parcel: Parcel, way: Way, facts: LandedFacts) -> bool:
    """Whether this sale takes the year's sales to other member states over the limit: then it is taxed there.

    Delivery is part of the price. Raises `UnionSalesUnknown` when what is known lies below the limit and is not all.
    """
    before, last_year = parcel.eu_sales_this_year, parcel.eu_sales_last_year
    if last_year and in_currency(last_year, EURO, on=parcel.on, facts=facts.duty).amount > EU_LIMIT:
        return True
    if before is None:
        return False
    net = sum(_net(line, parcel, way.place, facts) for line in parcel.lines) + _net_freight(parcel, way.place, facts)
    this = in_currency(from_minor(net, parcel.market.currency), EURO, on=parcel.on, facts=facts.duty)
    if in_currency(before, EURO, on=parcel.on, facts=facts.duty).amount + this.amount > EU_LIMIT:
        return True
    if not parcel.eu_sales_known:
        raise UnionSalesUnknown
    return False


def _net_freight(parcel: Parcel, place: Place, facts: LandedFacts) -> int:
    """The delivery without the tax of the place, taxed as the dearest line, where prices are entered with tax."""
    minor = to_minor(parcel.shipping)
    if parcel.market.price_entry != "gross" or not minor:
        return minor
    dearest = max(parcel.lines, key=lambda line: (to_minor(line.amount), line.tax_category))
    return minor - whole(_rate(dearest, parcel, place, facts).inside(Decimal(minor)), "half_up")


def _consignment(parcel: Parcel, way: Way, facts: LandedFacts) -> Consignment:
    """The parcel's values as thresholds compare them: without tax that the seller would collect at the sale."""
    collects = bool(_schemes(way)) or way.registration(*AS_IMPORTER) is not None
    has_tax_inside = parcel.market.price_entry == "gross" and collects and way.crosses
    nets = {
        line.key: _net(line, parcel, way.place, facts) if has_tax_inside else to_minor(line.amount)
        for line in parcel.lines
    }
    freight = to_minor(parcel.shipping) + (to_minor(parcel.insurance) if parcel.insurance else 0)
    if has_tax_inside and parcel.lines:
        freight -= whole(_rate(parcel.lines[0], parcel, way.place, facts).inside(Decimal(freight)), "half_up")
    return Consignment(net_by_key=nets, freight=freight, tax=_import_tax(parcel, way, nets, freight, facts))


def _import_tax(parcel: Parcel, way: Way, nets: dict[str, int], freight: int, facts: LandedFacts) -> int:
    """The tax the whole parcel would bear at import, where a rule of the destination compares with it."""
    rules = rules_of(way.place.country, parcel, facts.duty) if way.crosses else ()
    if not any(rule.basis == TAX_AMOUNT for rule in rules):
        return 0
    heaviest = max(parcel.lines, key=lambda line: nets[line.key])
    found = 0
    for line in parcel.lines:
        minor = nets[line.key] + (freight if line is heaviest else 0)
        found += at_rate(minor, _rate(line, parcel, way.place, facts).fraction, parcel.market.currency)
    return found


def _net(line: ParcelLine, parcel: Parcel, place: Place, facts: LandedFacts) -> int:
    """A line without the tax of the place, where prices are entered with tax."""
    minor = to_minor(line.amount)
    if parcel.market.price_entry != "gross":
        return minor
    return minor - whole(_rate(line, parcel, place, facts).inside(Decimal(minor)), "half_up")


def _rate(line: ParcelLine, parcel: Parcel, place: Place, facts: LandedFacts) -> Rate:
    found = rate_for(place, line.tax_category, parcel.on, facts.tax)
    return Rate(found.rate, of_gross=found.rate_of == "gross")
