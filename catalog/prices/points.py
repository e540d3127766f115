"""What every audience pays for variants in every market, from every quantity that matters. One statement, no loop.

The same text writes the effective prices (`catalog.derived.prices`) and checks them (`catalog.derived.verify`).
"""

CONSIDERED = """
listed AS (
  SELECT p.variant_id, l.market_id, l.audience_key, p.min_qty, p.amount, p.amount_currency AS currency,
         l.id AS list_id, l.kind, l.priority
  FROM catalog_price p
  JOIN catalog_variant v ON v.id = p.variant_id AND v.status = 'active'
  JOIN catalog_pricelist l ON l.id = p.price_list_id
  JOIN markets_market m ON m.id = l.market_id AND m.currency_id = l.currency
  WHERE v.product_id = ANY(%(products)s::bigint[])
    AND l.status = 'active' AND (l.during IS NULL OR l.during @> %(at)s::timestamptz)
), offered AS (
  SELECT variant_id, market_id, currency, array_agg(audience_key) AS audiences, array_agg(min_qty) AS quantities,
         array_agg(amount) AS amounts, array_agg(list_id) AS lists, array_agg(kind) AS kinds,
         array_agg(priority) AS priorities
  FROM listed GROUP BY variant_id, market_id, currency
), won AS (
  SELECT o.variant_id, o.market_id, o.currency, buyer.audience_key, point.quantity, best.amount, best.list_id,
         best.list_audience, best.base_amount
  FROM offered o
  CROSS JOIN LATERAL (SELECT DISTINCT a FROM unnest(o.audiences || 'public'::varchar) a) buyer(audience_key)
  CROSS JOIN LATERAL (
    SELECT q FROM unnest(o.quantities, o.audiences) step(q, a) WHERE a IN ('public', buyer.audience_key)
    UNION SELECT 1
  ) point(quantity)
  CROSS JOIN LATERAL (
    SELECT p.amount, p.list_id, p.audience_key AS list_audience,
           MIN(p.amount) FILTER (WHERE p.kind = 'base') OVER () AS base_amount
    FROM unnest(o.audiences, o.quantities, o.amounts, o.lists, o.kinds, o.priorities)
      AS p(audience_key, min_qty, amount, list_id, kind, priority)
    WHERE p.min_qty <= point.quantity AND p.audience_key IN ('public', buyer.audience_key)
    ORDER BY (p.kind = 'contract') DESC, p.amount, p.priority DESC, p.list_id
    LIMIT 1
  ) best
), steps AS (
  SELECT won.*,
         LAG(amount) OVER smaller AS amount_below, LAG(list_id) OVER smaller AS list_below
  FROM won
  WINDOW smaller AS (PARTITION BY variant_id, market_id, audience_key ORDER BY quantity)
), points AS (
  SELECT variant_id, market_id, audience_key, quantity AS min_qty, amount, currency, list_id,
         CASE WHEN base_amount > amount THEN base_amount END AS list_amount
  FROM steps
  WHERE (list_below IS NULL OR (amount, list_id) IS DISTINCT FROM (amount_below, list_below))
    AND (audience_key = 'public' OR list_audience <> 'public')
)
"""
"""`offered` holds the lists of a variant in a market in one row, so that winners are chosen within it: joins of these
steps with each other grow with the square of what is asked, as the planner knows no sizes of them.

`points`: one row where an audience's price begins to differ. An audience has rows only where a list of its own
wins; elsewhere the public row applies. A quantity that changes nothing against the one below it has none."""

POINTS = f"""
WITH {CONSIDERED}
SELECT variant_id, market_id, audience_key, min_qty, amount, currency, list_id, list_amount FROM points
"""  # noqa: S608 (constants only)

HISTORY = """
rule AS (
  SELECT m.id AS market_id, COALESCE(r.prior_days, 30) * interval '1 day' AS looks_back,
         COALESCE(r.is_progressive, true) AS is_progressive,
         COALESCE(r.new_goods, 'since_publication') = 'not_announced' AS needs_past
  FROM markets_market m LEFT JOIN catalog_pricepolicy r ON r.market_id = m.id
), reduced AS (
  SELECT variant_id, market_id FROM {reduced}
  WHERE audience_key = 'public' AND min_qty = 1 AND list_amount IS NOT NULL
), shown AS (
  SELECT s.variant_id, s.market_id, s.amount, s.reduced, lower(s.during) AS begins, upper(s.during) AS ends,
         LEAD(lower(s.during)) OVER (PARTITION BY s.variant_id, s.market_id ORDER BY lower(s.during)) AS next_begins
  FROM catalog_publishedprice s JOIN reduced USING (variant_id, market_id)
), back AS (
  SELECT shown.*,
         COUNT(*) FILTER (WHERE NOT reduced OR (next_begins IS NOT NULL AND ends IS DISTINCT FROM next_begins)
                          OR (next_begins IS NOT NULL AND NOT rule.is_progressive))
           OVER (PARTITION BY shown.variant_id, shown.market_id ORDER BY begins DESC) AS breaks
  FROM shown JOIN rule ON rule.market_id = shown.market_id
), began AS (
  SELECT variant_id, market_id, MIN(begins) AS began FROM back WHERE breaks = 0 GROUP BY variant_id, market_id
), prior AS (
  SELECT s.variant_id, s.market_id, CASE WHEN rule.needs_past AND MIN(s.begins) > MIN(b.began - rule.looks_back)
           THEN NULL ELSE MIN(s.amount) FILTER (WHERE s.ends IS NULL OR s.ends > b.began - rule.looks_back) END AS low
  FROM shown s
  JOIN began b ON b.variant_id = s.variant_id AND b.market_id = s.market_id AND s.begins < b.began
  JOIN rule ON rule.market_id = s.market_id
  GROUP BY s.variant_id, s.market_id, rule.needs_past
)
"""
"""`prior`: the lowest price before the running reduction, for what `{reduced}` says is reduced. The same rule as
`catalog.prices.history.prior_low`, which explains one price; a property test holds the two together."""
