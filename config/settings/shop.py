"""What this shop is called and how it behaves as a whole."""

from __future__ import annotations

from config import env

PORTOLAN_VERSION = "0.1.0"
SHOP_NAME = env.text("SHOP_NAME", "Meridian")
SHOP_URL = env.text("SHOP_URL", "http://localhost:8000")
# In which operators read moments who have chosen none of their own; empty: that of the first market.
ADMIN_TIME_ZONE = env.text("ADMIN_TIME_ZONE", "")
ORDER_PREFIX = env.text("ORDER_PREFIX", "MER")

# Names of optional cookies. While there are none, nobody is asked for a choice.
OPTIONAL_COOKIES: tuple[str, ...] = ("visit_source",) if env.flag("NOTE_VISIT_SOURCE", default=False) else ()
# The page with every component in every state; only ever on while developing.
SHOW_STYLEGUIDE = False
# The engine behind the search field.
SEARCH_BACKEND = "catalog.search.postgres.PostgresSearch"
# Where a search looks besides products: functions of a market, the words and a limit.
SEARCH_EXTRA_SOURCES = ("content.queries.pages_matching",)

# Where the catalogue's imports and exports read stock: inventory stands above the catalogue.
STOCK_BOOK = "inventory.stockbook.WarehouseStock"

# Who counts a seller's sales over the borders of EU member states: orders stand above markets.
UNION_SALES = "orders.union_sales.count_union_sales"

# Kinds of long work, by the class that does it.
JOB_KINDS: dict[str, str] = {
    "import.catalogue": "catalog.importers.running.CatalogueImport",
    "export.catalogue": "catalog.exporters.jobs.CatalogueExport",
    "translations.export": "catalog.translating.exchange.jobs.TranslationExport",
    "translations.import": "catalog.translating.exchange.jobs.TranslationImport",
    "tables.import": "markets.importing.job.TableImport",
    "catalog.bulk_change": "catalog.bulk.running.BulkChangeJob",
    "catalog.bulk_undo": "catalog.bulk.running.BulkUndoJob",
    "catalog.price_trial": "catalog.bulk.trying.PriceTrial",
    "orders.bulk": "orders.bulk.running.BulkDeedJob",
    "orders.past_import": "orders.past.running.PastOrderImport",
    "orders.bulk_undo": "orders.bulk.running.BulkUndoJob",
    "orders.export": "orders.exporting.jobs.OrderExport",
    "orders.papers": "orders.actions.paper_runs.PaperRun",
}
# A second person agrees to planned prices that move by more percent than this, or are more than so many.
PRICE_APPROVAL_PERCENT = env.number("PRICE_APPROVAL_PERCENT", default=15)
PRICE_APPROVAL_ROWS = env.number("PRICE_APPROVAL_ROWS", default=500)
# More goods codes than this are approved at once by a second person only, not by whoever wrote them.
GOODS_CODE_APPROVAL_ROWS = env.number("GOODS_CODE_APPROVAL_ROWS", default=50)
# For how many days the file of an export can be fetched.
EXPORT_DAYS = env.number("EXPORT_DAYS", default=7)
# What an import can read, in the order in which they are offered.
IMPORT_FORMATS: tuple[str, ...] = (
    "catalog.importers.portolan.format.PortolanFormat",
    "catalog.importers.shopify.format.ShopifyFormat",
    "catalog.importers.woocommerce.format.WooCommerceFormat",
    "catalog.importers.magento.format.MagentoFormat",
    "catalog.importers.bagisto.format.BagistoFormat",
    "catalog.importers.bagisto.format.BagistoWordsFormat",
    "catalog.importers.spree.format.SpreeFormat",
    "catalog.importers.spree.format.SpreeFilesFormat",
    "catalog.importers.medusa.format.MedusaFormat",
    "catalog.importers.shopware.format.ShopwareFormat",
    "catalog.importers.saleor.format.SaleorFormat",
    "catalog.importers.bigcommerce.format.BigCommerceFormat",
    "catalog.importers.wix.format.WixFormat",
    "catalog.importers.squarespace.format.SquarespaceFormat",
    "catalog.importers.icecat.format.IcecatFormat",
    "catalog.importers.adventureworks.format.AdventureWorksFormat",
    "catalog.importers.mall.format.MallFormat",
    "catalog.importers.retaildemo.format.RetailDemoFormat",
)

# The class that translates by machine (`catalog.translating.machine.MachineTranslator`); empty: nothing is offered.
MACHINE_TRANSLATOR = ""

# The page at /dev/mail/ that shows every message; only ever on while developing.
MAIL_PAGE = False
# Kinds of messages whose words are forgotten once they were sent, because whoever reads them could spend money.
MESSAGES_NOT_KEPT = frozenset({"gift_card"})
# Tests stop at the first lock taken out of order; a running shop writes it to its log and carries on.
LOCK_ORDER_STRICT = False

# Demo data brings accounts with a public password; production settings say no.
DEMO_ALLOWED = True
DOCUMENT_FONTS = env.words("DOCUMENT_FONTS")
"""Folders with more fonts for invoices, for scripts that those at hand do not hold."""
