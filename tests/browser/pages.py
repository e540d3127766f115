"""The pages that a criterion for "every page" is tried on, and what can be measured on any of them."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

LANGUAGES = {"en": "de", "de": "de", "ar": "sa", "zh-hans": "jp"}
"""A market for each language a screen is tried in."""

FEW_LEFT = "p/sencha-side-handle-pot/"
"""A light one in one variant, of which only a handful is left."""
KETTLE = "p/kesen-gooseneck-kettle/"
"""In English: three colours, three capacities, the largest of them sold out in one colour."""

SMALL_TARGETS = """() => {
  const shown = (el) => el.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const tall = '.btn:not(.btn-sm), .opt, input.input, select.input, textarea.input';
  const isText = (el) => getComputedStyle(el).display === 'inline' && el.matches('a, .link, summary');
  const area = (el) => {
    const label = el.matches('input[type=radio], input[type=checkbox]') ? el.closest('label') : null;
    const own = (label ?? el).getBoundingClientRect();
    const cover = getComputedStyle(el, '::after');
    if (cover.position !== 'absolute' || cover.content === 'none') return own;
    const holder = el.offsetParent?.getBoundingClientRect() ?? own;
    return { width: Math.max(own.width, holder.width), height: Math.max(own.height, holder.height) };
  };
  const small = [];
  const targets = 'a[href], button, input:not([type=hidden]), select, textarea, summary, .opt';
  for (const el of document.querySelectorAll(targets)) {
    if (!shown(el) || el.closest('.sr, .skip, noscript') || el.matches('.sr, .skip')) continue;
    const { width, height } = area(el);
    const least = el.matches(tall) ? 44 : 24;
    if (width < 24 || height < least - 0.5) {
      if (isText(el) && el.parentElement.textContent.trim() !== el.textContent.trim()) continue;
      small.push(`${Math.round(width)}x${Math.round(height)} ${el.outerHTML.slice(0, 140)}`);
    }
  }
  return small;
}"""
HIDDEN_FOCUS = """() => {
  const el = document.activeElement;
  if (!el || el === document.body) return null;
  const box = el.getBoundingClientRect();
  const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .15], [.5, .85]];
  const seen = points.some(([x, y]) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return top && (el.contains(top) || top.contains(el) || el.closest('label')?.contains(top));
  });
  return { seen, what: el.outerHTML.slice(0, 140), inFoot: !!el.closest('.foot') };
}"""


def fill_cart(visit: Visit, rest: str = "") -> str:
    """Put a product (or the first of the home page) into the cart; returns the product's address."""
    address = f"/{visit.market}/{visit.language}/{rest}" if rest else visit.product()
    page = visit.page
    page.goto(visit.shop.address + address)
    page.locator(".buy .btn").first.click()
    expect(page.locator("dialog.sheet[open]")).to_be_visible()
    return address


def addresses(visit: Visit) -> dict[str, str]:
    """A full address for each kind of page; the cart has something in it afterwards."""
    product = visit.shop.address + fill_cart(visit)
    category = str(visit.page.locator(".nav .mega .label a").first.get_attribute("href"))
    return {
        "home": visit.path(),
        "category": visit.shop.address + category,
        "search": visit.path("search/?sort=newest"),
        "product": product,
        "cart": visit.path("cart/"),
        "checkout": visit.path("checkout/"),
        "order finder": visit.path("orders/find/"),
        "policy": visit.path("pages/returns/"),
        "chooser": visit.path("choose/"),
        "not found": visit.path("nothing-here/"),
    }


def go(visit: Visit, address: str) -> Page:
    """Open an address; that a missing page is missing is no complaint."""
    visit.page.goto(address, wait_until="load")
    forgive(visit, 404)
    return visit.page


def forgive(visit: Visit, status: int) -> None:
    """Drop the browser's remark that a page answered with `status`, where that was expected."""
    visit.complaints[:] = [one for one in visit.complaints if f"status of {status}" not in one]


def small_targets(page: Page) -> list[str]:
    """What is too small to hit: below 24 by 24, or below 44 high where it is a main control."""
    found: list[str] = page.evaluate(SMALL_TARGETS)
    return found


def focus_is_hidden(page: Page) -> dict[str, Any] | None:
    """Whether sticky parts fully cover what has focus; none when nothing has it."""
    found: dict[str, Any] | None = page.evaluate(HIDDEN_FOCUS)
    return found
