"""Sample values for the style guide: every component in every state, with short or long text."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cart.types import CartProblem, CartUrls, FreeDelivery, QuoteLine, TicketRow
from catalog.types import (
    Card,
    Chip,
    ChoiceState,
    Crumb,
    Facet,
    FacetValue,
    Fact,
    OptionChoice,
    OptionPicker,
    Picture,
    PriceView,
    ReviewView,
    Suggestion,
    Swatch,
)
from checkout.types import ErrorLink, Note, PaymentChoice
from core.money import Money
from markets.inputs import FieldView
from orders.types import Stage, Stop

CURRENCY = "EUR"
SHORT = "Kesen kettle"
LONG = "Kesen gooseneck kettle with a counterbalanced oak grip, matt black, for induction, gas and ceramic hobs, 0.9 L"
PICTURE = Picture(url="/static/img/sample.svg", srcset="", width=800, height=1000, alt="A drawn kettle")
COLOURS = (("Black", "#2c2f2e"), ("Bone", "#d9d2c3"), ("Pine", "#2f5246"))
LINKS = CartUrls(page="#", update="#", remove="#", save="#", restore="#", destination="#", checkout="#", shop="#")


@dataclass(frozen=True)
class StyleGuide:
    """One of each, in its states."""

    words: str
    colours: tuple[str, ...]
    cards: tuple[Card, ...]
    prices: tuple[PriceView, ...]
    crumbs: tuple[Crumb, ...]
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    pickers: tuple[OptionPicker, ...]
    ticket: tuple[TicketRow, ...]
    deliveries: tuple[FreeDelivery, ...]
    lines: tuple[QuoteLine, ...]
    fields: tuple[FieldView, ...]
    problems: tuple[ErrorLink, ...]
    notes: tuple[Note, ...]
    payments: tuple[PaymentChoice, ...]
    stops: tuple[Stop, ...]
    stages: tuple[Stage, ...]
    facts: tuple[Fact, ...]
    reviews: tuple[ReviewView, ...]
    suggestions: tuple[Suggestion, ...]


def sample_page(*, is_long: bool) -> StyleGuide:
    """The whole guide. `is_long` puts long text everywhere a text may be long."""
    words = LONG if is_long else SHORT
    return StyleGuide(
        words=words,
        colours=tuple(colour for _name, colour in COLOURS),
        cards=_cards(words),
        prices=(_price(), _reduced(), replace(_price(), from_price=True), replace(_price(), unit="€6.00 / 100 g")),
        crumbs=(Crumb("Home", "#"), Crumb("Kitchen", "#"), Crumb(words)),
        facets=_facets(),
        chips=(Chip("Rated 4 and up", "#"), Chip(words, "#")),
        pickers=_pickers(),
        ticket=_ticket(words),
        deliveries=(_free(0), _free(71), _free(100)),
        lines=_lines(words),
        fields=_fields(words),
        problems=(ErrorLink(field_id="sample-zip", message="Enter a 5-digit postcode"),),
        notes=tuple(Note(tone=tone, title="What happened.", text=words) for tone in ("ok", "warn", "bad")),
        payments=(
            PaymentChoice(code="card", label="Card", detail="", selected=True),
            PaymentChoice(code="other", label=words, detail=words, selected=False),
        ),
        stops=_stops(),
        stages=(
            Stage(key="placed", label="Placed", state="done"),
            Stage(key="paid", label="Paid", state="here"),
            Stage(key="sent", label="Sent", state="next"),
            Stage(key="delivered", label="Delivered", state="next"),
        ),
        facts=(Fact("Size", "29 × 15 × 20 cm"), Fact("Maker", words)),
        reviews=_reviews(words),
        suggestions=_suggestions(words),
    )


def _money(amount: str) -> Money:
    return Money(Decimal(amount), CURRENCY)


def _price() -> PriceView:
    return PriceView(now=_money("128.00"))


def _reduced() -> PriceView:
    return PriceView(now=_money("149.00"), was=_money("185.00"), prior_low=_money("185.00"), percent=19)


def _cards(words: str) -> tuple[Card, ...]:
    several = Card(
        product_id=1,
        url="#",
        name=words,
        brand="Kesen",
        picture=PICTURE,
        second_picture=None,
        price=_price(),
        rating=Decimal("4.6"),
        review_count=212,
        swatches=tuple(Swatch(name, colour) for name, colour in COLOURS),
        tags=("new",),
        variant_count=3,
        only_variant_id=None,
        in_stock=True,
    )
    single = replace(several, only_variant_id=1, variant_count=1, swatches=(), tags=())
    reduced = replace(single, price=_reduced(), tags=("sale",))
    return several, single, reduced, replace(several, in_stock=False, rating=None, tags=())


def _facets() -> tuple[Facet, ...]:
    values = tuple(
        FacetValue(key=str(place), label=name, count=place, selected=place == 1, hex=colour, disabled=not place)
        for place, (name, colour) in enumerate(COLOURS * 4)
    )
    spread = (18, 34, 55, 78, 100, 82, 64, 46, 30, 22)
    return (
        Facet("sample-colour", "Colour", "values", values=values),
        Facet(
            "sample-price",
            "Price",
            "range",
            low=Decimal(8),
            high=Decimal(320),
            selected_low=Decimal(40),
            selected_high=Decimal(200),
            histogram=spread,
            currency=CURRENCY,
        ),
    )


def _pickers() -> tuple[OptionPicker, ...]:
    states: tuple[ChoiceState, ...] = ("available", "sold_out", "impossible")
    colours = tuple(
        OptionChoice(name, name, colour, place == 0, state, "#")
        for place, ((name, colour), state) in enumerate(zip(COLOURS, states, strict=True))
    )
    sizes = tuple(
        replace(one, label=size, hex=None) for one, size in zip(colours, ("0.6 L", "0.9 L", "1.2 L"), strict=True)
    )
    return (
        OptionPicker("sample-c", "Colour", "swatch", "Black", colours),
        OptionPicker("sample-s", "Capacity", "button", "0.6 L", sizes),
        OptionPicker("sample-m", "Capacity, many", "select", "0.6 L", sizes),
    )


def _ticket(words: str) -> tuple[TicketRow, ...]:
    return (
        TicketRow(label=words, amount=_money("176.00")),
        TicketRow(label="Discount", amount=_money("-12.80"), kind="off"),
        TicketRow(label="Delivery", amount=_money("0.00"), is_free=True),
        TicketRow(label="Total", amount=_money("163.20"), kind="total"),
    )


def _free(percent: int) -> FreeDelivery:
    return FreeDelivery(reached=percent == 100, threshold=_money("180.00"), missing=_money("52.00"), percent=percent)


def _lines(words: str) -> tuple[QuoteLine, ...]:
    nothing = _money("0.00")
    line = QuoteLine(
        key="1",
        line_id=1,
        position=1,
        variant_id=1,
        product_id=1,
        sku="KS-1",
        name=words,
        options_text="Black · 0.9 L",
        picture=PICTURE,
        url="#",
        quantity=2,
        max_quantity=5,
        unit_list=_money("64.00"),
        unit_final=_money("64.00"),
        was=None,
        line_list=_money("128.00"),
        discount=nothing,
        line_total=_money("128.00"),
        net=nothing,
        tax=nothing,
        duty=nothing,
        tax_rate=Decimal(19),
        tax_category="standard",
        weight_g=640,
        hs_code="",
        origin="JP",
        requires_shipping=True,
        price_source=(),
        ships_from="Niigata",
        arrives_from=date(2026, 12, 1),
        arrives_to=date(2026, 12, 2),
        problems=(),
    )
    trouble = CartProblem(code="LIMITED", message="Only 2 left. We set the quantity to 2.", line_id=2)
    return line, replace(line, line_id=2, picture=None, was=_money("149.00"), problems=(trouble,))


def _fields(words: str) -> tuple[FieldView, ...]:
    plain = FieldView(
        name="sample_name",
        id="sample-name",
        label="Full name",
        type="text",
        value=words,
        error="",
        hint="As it stands on the door.",
        autocomplete="off",
        inputmode="",
        optional=False,
        width="full",
        max_length=200,
    )
    wrong = replace(
        plain,
        name="sample_zip",
        id="sample-zip",
        label="Postcode",
        error="Enter a 5-digit postcode",
        hint="",
        width="w2",
    )
    other = replace(plain, name="sample_extra", id="sample-extra", label="Floor", optional=True, hint="", width="w4")
    country = replace(
        plain, name="sample_c", id="sample-country", label="Country", choices=(("DE", "Germany"), ("AT", "Austria"))
    )
    return plain, wrong, other, country


def _stops() -> tuple[Stop, ...]:
    return (
        Stop(label="Niigata", text="25 Nov", state="done"),
        Stop(label="Leipzig", text="28 Nov, cleared", state="here"),
        Stop(label="Berlin", text="1 Dec", state="next"),
    )


def _reviews(words: str) -> tuple[ReviewView, ...]:
    own = ReviewView(
        title="A thin stream",
        body=words,
        rating=5,
        author="J., Hamburg",
        date=date(2026, 11, 14),
        language="en",
        translated=False,
        market="de",
        verified=True,
    )
    return own, replace(own, translated=True, language="ja", original_title="細い", original_body="とても細い。")


def _suggestions(words: str) -> tuple[Suggestion, ...]:
    return (
        Suggestion("query", (("kett", False), ("le", True)), "#"),
        Suggestion("product", ((words, False),), "#", PICTURE, _price(), in_stock=True),
    )
