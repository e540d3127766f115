"""Loading the reference files into the tables: idempotent, dated, audited, and never backwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django_countries.data import COUNTRIES

from core import audit
from core.events import publish
from markets.cache import forget_on_commit
from markets.errors import ReferenceRefused
from markets.events import ReferenceLoaded
from markets.models import (
    AddressRule,
    ComplianceRule,
    ConsumerRule,
    Country,
    Currency,
    ExchangeRate,
    InvoiceRequirement,
    Jurisdiction,
    Language,
    LegalEntity,
    LowValueRule,
    Market,
    MarketCountry,
    MarketPaymentMethod,
    PaymentMethod,
    ReferenceLoad,
    SizeTable,
    TaxCategory,
    TaxRate,
    TaxRegistration,
    TerritoryException,
    TrackingStatusMap,
)
from markets.reference import rows
from markets.reference.customs_rows import write_customs
from markets.reference.files import FOLDER, ReferenceFile, read_folder
from markets.reference.market_rows import MarketSeed, consumer_row, market_seeds
from markets.reference.writing import Count, DatedTable, write_dated, write_plain


@dataclass(frozen=True)
class Loaded:
    """What happened to one table. `skipped` means that this very file is loaded already."""

    table: str
    count: Count
    skipped: bool = False


@dataclass(frozen=True)
class Load:
    """One file on its way in, beside all the others."""

    file: ReferenceFile
    files: Mapping[str, ReferenceFile]
    force: bool

    @property
    def content(self) -> dict[str, Any]:
        return self.file.content

    def dated(self, table: DatedTable, found: Any) -> Count:
        """Write rows of a dated table with this file's date."""
        return write_dated(self.file.table, table, found, as_of=self.file.as_of, force=self.force)


@transaction.atomic
def load_reference(*, folder: Path = FOLDER, force: bool = False, only: tuple[str, ...] = ()) -> list[Loaded]:
    """Bring every reference table up to date, or none of them. A second load of the same files changes nothing.

    Raises `ReferenceRefused` for rows that overlap and for a file that is older than what is loaded; `force` overrides
    both the age and rows of the past, and loads files again that are loaded already.
    """
    files = read_folder(folder)
    known = {row.table: row for row in ReferenceLoad.objects.select_for_update().order_by("pk")}
    done = []
    for table, file in files.items():
        if only and table not in only:
            continue
        before = known.get(table)
        if before is not None and not force:
            if before.checksum == file.checksum:
                done.append(Loaded(table, Count(), skipped=True))
                continue
            if before.as_of > file.as_of:
                raise ReferenceRefused(table=table, reason=f"the file is of {file.as_of}, loaded is {before.as_of}")
        done.append(_load_one(Load(file, files, force)))
    if any(not one.skipped for one in done):
        forget_on_commit()
    return done


def _load_one(load: Load) -> Loaded:
    count = LOADERS[load.file.table](load)
    file = load.file
    ReferenceLoad.objects.update_or_create(
        table=file.table,
        defaults={"as_of": file.as_of, "checksum": file.checksum, "rows": count.created + count.unchanged},
    )
    audit.record("reference.load", f"markets.ReferenceLoad:{file.table}", data={"as_of": file.as_of, **vars(count)})
    publish(ReferenceLoaded(table=file.table, created=count.created, closed=count.closed))
    return Loaded(file.table, count)


def _currencies(load: Load) -> Count:
    return write_plain(Currency, rows.currencies(load.content))


def _places(load: Load) -> Count:
    told = load.content
    languages = ((row["code"], row) for row in told["languages"])
    count = write_plain(
        Language,
        [(code, {"native_name": row["native_name"], "position": at}) for at, (code, row) in enumerate(languages)],
    )
    regions = {code: region for region, codes in told["regions"].items() for code in codes}
    count.add(
        write_plain(
            Country,
            [
                (
                    code,
                    {
                        "name": str(name),
                        "region": regions.get(code, ""),
                        "tax_country": told["taxed_as"].get(code, ""),
                        "in_eu_vat_area": code in told["eu_vat_area"],
                        "in_eu_customs_union": code in told["eu_customs_union"],
                        "phone_required": code in told["phone_required"],
                    },
                )
                for code, name in sorted(COUNTRIES.items())
            ],
        )
    )
    table = DatedTable(AddressRule, ("country_id",), lambda key: {"country_id": key[0]})
    count.add(load.dated(table, rows.address_rules(told)))
    return count


def _tax(load: Load) -> Count:
    count = write_plain(TaxCategory, rows.tax_categories(load.content))
    known = {(one.country_id, one.region): one for one in Jurisdiction.objects.filter(postal_prefix="")}
    names = dict(Country.objects.values_list("code", "name"))
    fresh = [
        Jurisdiction(country_id=country, region=region, name=region or names[country])
        for country, region in sorted(rows.jurisdictions(load.content) - known.keys())
    ]
    Jurisdiction.objects.bulk_create(fresh)
    known |= {(one.country_id, one.region): one for one in fresh}
    table = DatedTable(
        TaxRate,
        ("jurisdiction__country_id", "jurisdiction__region", "tax_category_id", "kind"),
        lambda key: {"jurisdiction": known[key[0], key[1]], "tax_category_id": key[2], "kind": key[3]},
    )
    count.add(load.dated(table, rows.tax_rates(load.content)))
    return count


def _territories(load: Load) -> Count:
    regions: dict[str, set[str]] = {}
    for country, region in Jurisdiction.objects.exclude(region="").values_list("country_id", "region"):
        regions.setdefault(country, set()).add(region)
    table = DatedTable(TerritoryException, ("country_id", "name"), lambda key: {"country_id": key[0], "name": key[1]})
    return load.dated(table, rows.territories(load.content, regions))


def _low_value(load: Load) -> Count:
    return load.dated(
        DatedTable(LowValueRule, ("code",), lambda key: {"code": key[0]}), rows.low_value_rules(load.content)
    )


def _customs(load: Load) -> Count:
    return write_customs(load.content, as_of=load.file.as_of, force=load.force)


def _methods(load: Load) -> Count:
    return write_plain(PaymentMethod, rows.payment_methods(load.content))


def _invoices(load: Load) -> Count:
    table = DatedTable(InvoiceRequirement, ("country",), lambda key: {"country": key[0]})
    return load.dated(table, rows.invoice_requirements(load.content))


def _tracking(load: Load) -> Count:
    columns = ("provider", "level", "carrier_code")
    table = DatedTable(TrackingStatusMap, columns, lambda key: dict(zip(columns, key, strict=True)))
    return load.dated(table, rows.tracking_statuses(load.content))


def _sizes(load: Load) -> Count:
    return load.dated(DatedTable(SizeTable, ("code",), lambda key: {"code": key[0]}), rows.size_tables(load.content))


def _demo(load: Load) -> Count:
    told = load.content
    count = Count()
    for row in told["sellers"]:
        values = {name: value for name, value in row.items() if name != "code"}
        country = values.pop("country")
        seller, made = LegalEntity.objects.get_or_create(code=row["code"], defaults={**values, "country_id": country})
        count.created += made
        count.add(load.dated(_registrations_of(seller), rows.registrations(told, row["code"])))
    if "customs" in told:
        count.add(write_customs(told["customs"], as_of=load.file.as_of, force=load.force))
    return _with_rates(count, told, load.file.as_of)


def _registrations_of(seller: LegalEntity) -> DatedTable:
    return DatedTable(
        TaxRegistration,
        ("legal_entity__code", "country_id", "region", "scheme"),
        lambda key: {"legal_entity": seller, "country_id": key[1], "region": key[2], "scheme": key[3]},
    )


def _with_rates(count: Count, told: Mapping[str, Any], as_of: date) -> Count:
    """Exchange rates are history: those of a day that is known stay as they are."""
    fresh = [
        ExchangeRate(
            base_id=row["base"], quote_id=row["quote"], rate=Decimal(row["rate"]), effective_on=as_of, source="demo"
        )
        for row in told["exchange_rates"]
    ]
    before = ExchangeRate.objects.count()
    ExchangeRate.objects.bulk_create(fresh, ignore_conflicts=True)
    count.created += ExchangeRate.objects.count() - before
    return count


def _markets(load: Load) -> Count:
    """Markets are made once and run by their operator from then on; `force` writes the seed over them."""
    demo = load.files["demo"].content if "demo" in load.files else {}
    storefront = list(Language.objects.filter(active=True).values_list("code", flat=True))
    seeds = market_seeds(load.content, demo, storefront)
    seller = LegalEntity.objects.filter(active=True).order_by("pk").first()
    known = {row.code: row for row in Market.objects.all()}
    count = Count()
    for seed in seeds:
        if seed.code in known and not load.force:
            count.unchanged += 1
            continue
        _write_market(seed, seller)
        count.created += seed.code not in known
        count.changed += seed.code in known
    ids = dict(Market.objects.values_list("code", "pk"))
    table = DatedTable(ConsumerRule, ("market__code",), lambda key: {"market_id": ids[key[0]]})
    count.add(load.dated(table, map(consumer_row, seeds)))
    return count


def _compliance(load: Load) -> Count:
    """Rules that operators have written themselves have codes of their own and are not touched."""
    table = DatedTable(ComplianceRule, ("code",), lambda key: {"code": key[0]})
    ids = dict(Market.objects.values_list("code", "pk"))
    return load.dated(table, rows.compliance_rules(load.content, ids))


def _write_market(seed: MarketSeed, seller: LegalEntity | None) -> None:
    values = {**seed.fields, "currency_id": seed.currency}
    if values["active"]:
        values["seller"] = seller
    market, made = Market.objects.update_or_create(code=seed.code, defaults=values)
    if not made:
        audit.record("market.reset", market, data={"code": seed.code})
    taken = set(MarketCountry.objects.exclude(market=market).values_list("country_id", flat=True))
    for at, country in enumerate(seed.countries):
        if country not in taken:
            MarketCountry.objects.update_or_create(country_id=country, defaults={"market": market, "position": at})
    for at, method in enumerate(seed.methods):
        MarketPaymentMethod.objects.update_or_create(market=market, method_id=method, defaults={"position": at})


LOADERS: Mapping[str, Callable[[Load], Count]] = {
    "currency_minor_units": _currencies,
    "places": _places,
    "vat_rates": _tax,
    "territory_exceptions": _territories,
    "low_value_rules": _low_value,
    "customs": _customs,
    "payment_methods_by_country": _methods,
    "invoice_requirements": _invoices,
    "tracking_status_map": _tracking,
    "size_conversion": _sizes,
    "demo": _demo,
    "markets": _markets,
    "compliance_rules": _compliance,
}
