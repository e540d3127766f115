"""What must be true of the catalogue. Each query names its violations."""

from catalog.prices.points import HISTORY
from core.integrity import Check, register

PROVEN = HISTORY.format(reduced="(SELECT * FROM catalog_effectiveprice WHERE prior_low IS NOT NULL) AS announced")

register(
    Check(
        "C01",
        "high",
        "A variant of an active product has exactly one value for every option of its product.",
        "SELECT v.sku FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id AND p.status = 'active'"
        " WHERE v.status = 'active' AND (SELECT count(*) FROM catalog_variantoption o WHERE o.variant_id = v.id)"
        " <> (SELECT count(*) FROM catalog_productoption o WHERE o.product_id = p.id)",
    ),
    Check(
        "C02",
        "high",
        "A variant's value ids are those of its options.",
        "SELECT v.sku FROM catalog_variant v WHERE v.value_ids <> COALESCE((SELECT array_agg(o.option_value_id"
        " ORDER BY o.option_value_id) FROM catalog_variantoption o WHERE o.variant_id = v.id), '{}')",
    ),
    Check(
        "C03",
        "high",
        "A set on sale has at least two components, and none of them is a set.",
        "SELECT v.sku FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id"
        " WHERE p.kind = 'bundle' AND p.status = 'active' AND v.status = 'active' AND ((SELECT count(*)"
        " FROM catalog_bundleitem b WHERE b.bundle_variant_id = v.id) < 2 OR EXISTS (SELECT 1 FROM"
        " catalog_bundleitem b JOIN catalog_variant c ON c.id = b.component_variant_id JOIN catalog_product q"
        " ON q.id = c.product_id WHERE b.bundle_variant_id = v.id AND q.kind = 'bundle'))",
    ),
    Check(
        "C04",
        "high",
        "What is shown as the price is what was last published, and the other way round.",
        "SELECT COALESCE(e.variant_id, s.variant_id) FROM (SELECT * FROM catalog_effectiveprice"
        " WHERE audience_key = 'public' AND min_qty = 1) e FULL JOIN (SELECT * FROM catalog_publishedprice"
        " WHERE upper_inf(during)) s ON s.variant_id = e.variant_id AND s.market_id = e.market_id"
        " WHERE e.amount IS DISTINCT FROM s.amount OR e.amount_currency IS DISTINCT FROM s.amount_currency",
    ),
    Check(
        "C05",
        "high",
        "A price has the currency of its list, and a list that of its market.",
        "SELECT l.code FROM catalog_pricelist l JOIN markets_market m ON m.id = l.market_id"
        " WHERE l.status = 'active' AND l.currency <> m.currency_id UNION SELECT l.code FROM catalog_price p"
        " JOIN catalog_pricelist l ON l.id = p.price_list_id WHERE p.amount_currency <> l.currency",
    ),
    Check(
        "C06",
        "high",
        "Every active product and category has one current address per language.",
        "SELECT p.code FROM catalog_product p WHERE p.status = 'active' AND NOT EXISTS"
        " (SELECT 1 FROM catalog_route r WHERE r.product_id = p.id AND r.current) UNION"
        " SELECT c.code FROM catalog_category c WHERE c.active AND NOT EXISTS"
        " (SELECT 1 FROM catalog_route r WHERE r.category_id = c.id AND r.current)",
    ),
    Check(
        "C07",
        "high",
        "Ratings are the average and count of the shown reviews.",
        "SELECT p.code FROM catalog_product p LEFT JOIN (SELECT product_id, count(*) AS n, round(avg(rating), 2) AS"
        " mean FROM catalog_review WHERE state = 'approved' GROUP BY product_id) r ON r.product_id = p.id"
        " WHERE p.rating_count <> COALESCE(r.n, 0) OR p.rating_avg IS DISTINCT FROM r.mean",
    ),
    Check(
        "C08",
        "high",
        "Flags of changed products are worked off within ten minutes.",
        "SELECT product_id FROM catalog_dirtyproduct WHERE since < now() - interval '10 minutes'",
    ),
    Check(
        "C14",
        "high",
        "Every shown reduction is proven by the history of published prices.",
        f"WITH {PROVEN} SELECT v.sku || ' in ' || e.market_id FROM catalog_effectiveprice e"  # noqa: S608 (constants)
        " JOIN catalog_variant v ON v.id = e.variant_id"
        " LEFT JOIN prior ON prior.variant_id = e.variant_id AND prior.market_id = e.market_id"
        " WHERE e.prior_low IS NOT NULL AND (e.prior_low IS DISTINCT FROM prior.low OR e.audience_key <> 'public')",
    ),
    Check(
        "C15",
        "critical",
        "Nobody decided about prices they proposed themselves, and nothing that waits for a second person has begun.",
        "SELECT p.id FROM catalog_priceplan p JOIN catalog_bulkrun r ON r.id = p.run_id"
        " WHERE p.decided_by_id = p.proposed_by_id OR (r.state <> 'draft' AND p.state <> 'ready')",
    ),
)
