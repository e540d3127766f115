"""What axe-core finds wrong with a page by WCAG 2.2 AA.

Only what is wrong is put together and handed over: telling everything that is in order as well, each with an address
of its own, took three times as long as looking.
"""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
VIOLATIONS = """async (tags) => {
  const found = await axe.run({
    runOnly: tags, resultTypes: ["violations"], selectors: false, preload: { assets: ["media"] },
  });
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`));
}"""
"""All rules of these tags. Style sheets are fetched for one rule only, which is an experiment and not among them."""


def violations(page: Page) -> list[str]:
    """As `rule: element`."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(VIOLATIONS, RULES)
    return found
