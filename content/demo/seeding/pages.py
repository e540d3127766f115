"""The demo shop's own words: strip, menus, policies and the home page."""

from datetime import date
from typing import Any

from content.demo.seeding.logistics import put_words
from content.demo.seeding.pictures import keep_picture
from content.demo.seeding.testimonials import quotable
from content.demo.texts import TRANSLATED, sentences, table, words
from content.models import HomeItem, HomeSection, MenuLink, Page, StripNotice
from markets.cache import forget_on_commit

REVISED = date(2026, 11, 1)
PROMISE_ICONS = {"landed": "receipt", "tracked": "box", "returns": "back", "borders": "globe"}
SEARCH_WORDS = {"returns": "returns", "delivery": "shipping", "duties-and-taxes": "customs", "contact": "help"}
FOOT_MENUS = ("shop", "help", "legal")


def seed_pages() -> None:
    """Everything that is words and not goods. Rows are found by their codes and brought up to date."""
    _strip()
    _menus()
    for row in table("policies"):
        _policy(row)
    _home(table("home"))
    forget_on_commit()


def _strip() -> None:
    notice = StripNotice.objects.filter(code="promise").first() or StripNotice(code="promise")
    notice.target = "page:duties-and-taxes"
    put_words(notice, "text", words(table("home")["strip"]["text"]))
    notice.save()


def _menus() -> None:
    home = table("home")
    columns = zip(FOOT_MENUS, home["footer"]["columns"], strict=True)
    menus = {"head": home["navigation"], **{menu: column["links"] for menu, column in columns}}
    for menu, links in menus.items():
        for position, link in enumerate(links):
            code = link["target"] or link["kind"]
            row = MenuLink.objects.filter(menu=menu, code=code).first() or MenuLink(menu=menu, code=code)
            row.position, row.target = position, target_of(link)
            row.market_codes = link.get("markets", [])
            put_words(row, "label", words(link["label"]))
            row.save()


def target_of(link: dict[str, Any]) -> str:
    """A link of the demo data as `content.targets` reads it."""
    kind, target = link["kind"], link["target"]
    if kind == "policy":
        return f"page:{target}"
    if kind == "page" and target == "tracking":
        return "view:orders:find"
    if kind == "brand":
        return f"search:{target}"
    if kind == "category" and target is None:
        return "all:"
    return {"new": "new:", "category": f"category:{target}", "page": f"page:{target}"}[kind]


def _policy(row: dict[str, Any]) -> None:
    page = Page.objects.filter(code=row["code"]).first() or Page(code=row["code"])
    page.is_legal, page.position, page.revised = row["legal"], row["sort"], REVISED
    page.market_codes = row.get("markets", [])
    put_words(page, "title", words(row["title"]))
    put_words(page, "meta_description", words(row["meta_description"]))
    put_words(page, "notice", words(row["notice"]) if row["notice"] else {"en": ""})
    bodies = {language: sentences(row["body"]["en"], language) for language in ("en", *TRANSLATED)}
    put_words(page, "body", {language: body for language, body in bodies.items() if body})
    page.search_words = SEARCH_WORDS.get(row["code"], "")
    page.save()


def _home(home: dict[str, Any]) -> None:
    _hero(home["hero"])
    promises = _section("promises", "promises", 10, title=words(home["promises"][0]["title"]))
    for position, row in enumerate(home["promises"]):
        _item(promises, position, title=words(row["title"]), text=words(row["text"]), icon=PROMISE_ICONS[row["code"]])
    _rooms(home["rooms"])
    for position, code, kind in ((30, "new_in", "new"), (40, "bestsellers", "bestsellers")):
        row = home[code]
        target = "new:" if kind == "new" else "bestsellers:"
        link = {"link_label": words(row["link_label"]), "link_target": target}
        _section(kind, kind, position, title=words(row["heading"]), text=words(row["sub"]), **link)
    _story(home["band"])
    _quotes(home["quotes"])


def _hero(row: dict[str, Any]) -> None:
    url, width, height = keep_picture("hero", width=1600)
    small, _width, _height = keep_picture("hero-m")
    _section(
        "hero",
        "hero",
        0,
        label=words(row["kicker"]),
        title=words(row["headline"]),
        text=words(row["copy"]),
        link_label=words(row["button"]["label"]),
        link_target=target_of(row["button"]),
        second_label=words(row["second_link"]["label"]),
        second_target=target_of(row["second_link"]),
        picture=url,
        picture_small=small,
        picture_alt=words(row["image_alt"]),
        picture_width=width,
        picture_height=height,
    )


def _rooms(row: dict[str, Any]) -> None:
    link = {"link_label": words(row["link"]["label"]), "link_target": "all:"}
    rooms = _section("rooms", "rooms", 20, title=words(row["heading"]), **link)
    for position, tile in enumerate(row["tiles"]):
        url, width, height = keep_picture(f"tile-{tile['category']}")
        facts = {"target": f"category:{tile['category']}", "picture": url}
        _item(rooms, position, title=words(tile["label"]), picture_width=width, picture_height=height, **facts)


def _story(row: dict[str, Any]) -> None:
    url, width, height = keep_picture("story")
    story = _section(
        "story",
        "story",
        50,
        label=words(row["kicker"]),
        title=words(row["headline"]),
        text=words(row["copy"]),
        link_label=words(row["button"]["label"]),
        link_target=target_of(row["button"]),
        picture=url,
        picture_alt=words(row["image_alt"]),
        picture_width=width,
        picture_height=height,
        progress=66,
    )
    states = ("done", "done", "here", "")
    for position, (stop, state) in enumerate(zip(row["route"], states, strict=True)):
        _item(story, position, title=words(stop["place"]), text=words(stop["step"]), icon=state)


def _quotes(row: dict[str, Any]) -> None:
    reviews = {review["code"]: review for review in table("reviews")}
    products = {product["code"]: product for product in table("products")}
    quotes = _section("quotes", "quotes", 60, title=words(row["heading"]))
    picked = quotable()
    for position, quote in enumerate(quote for quote in row["items"] if quote not in picked):
        review = reviews[quote["review"]]
        text = words(quote["text"]) | {review["language"]: review["body"]}
        _item(
            quotes,
            position,
            title={"en": review["author"]},
            label=words(products[review["product"]]["name"]),
            text=text,
            stars=review["rating"],
            language=review["language"],
        )


def _section(code: str, kind: str, position: int, **facts: Any) -> HomeSection:
    row = HomeSection.objects.filter(code=code).first() or HomeSection(code=code)
    row.kind, row.position = kind, position
    _fill(row, facts)
    return row


def _item(section: HomeSection, position: int, **facts: Any) -> None:
    row = HomeItem.objects.filter(section=section, position=position).first()
    _fill(row or HomeItem(section=section, position=position), facts)


def _fill(row: HomeSection | HomeItem, facts: dict[str, Any]) -> None:
    """Dictionaries are words per language, everything else is one value."""
    for name, value in facts.items():
        if isinstance(value, dict):
            put_words(row, name, value)
        else:
            setattr(row, name, value)
    row.save()
