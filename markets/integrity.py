"""What must always be true of the tables of markets."""

from core.integrity import Check, register

register(
    Check(
        "M01",
        "critical",
        "Every active market has a seller, a country it delivers to and a payment method.",
        "SELECT m.code FROM markets_market m WHERE m.active AND ("
        " m.seller_id IS NULL"
        " OR NOT EXISTS (SELECT 1 FROM markets_marketcountry c WHERE c.market_id = m.id AND c.ships_to)"
        " OR NOT EXISTS (SELECT 1 FROM markets_marketpaymentmethod p WHERE p.market_id = m.id AND p.active))",
    ),
    Check(
        "M02",
        "high",
        "Every active market speaks its default language, and words its order button in every language it speaks.",
        "SELECT m.code FROM markets_market m WHERE m.active AND ("
        " NOT (m.default_language = ANY (m.languages)) OR EXISTS ("
        "  SELECT 1 FROM unnest(m.languages) AS spoken(code)"
        "  JOIN markets_language l ON l.code = spoken.code AND l.active"
        "  WHERE NOT EXISTS (SELECT 1 FROM markets_consumerrule r WHERE r.market_id = m.id"
        "   AND coalesce(r.order_button_texts ->> spoken.code, '') <> ''"
        "   AND (r.effective_from IS NULL OR r.effective_from <= current_date)"
        "   AND (r.effective_to IS NULL OR r.effective_to >= current_date))))",
    ),
    Check(
        "M03",
        "high",
        "Every country where a seller is registered has a standard tax rate today.",
        "SELECT DISTINCT g.country_id FROM markets_taxregistration g"
        " WHERE (g.effective_from IS NULL OR g.effective_from <= current_date)"
        " AND (g.effective_to IS NULL OR g.effective_to >= current_date)"
        " AND NOT EXISTS (SELECT 1 FROM markets_taxrate r JOIN markets_jurisdiction j ON j.id = r.jurisdiction_id"
        "  WHERE j.country_id = g.country_id AND r.tax_category_id = 'standard'"
        "  AND (r.effective_from IS NULL OR r.effective_from <= current_date)"
        "  AND (r.effective_to IS NULL OR r.effective_to >= current_date))",
    ),
    Check(
        "M04",
        "critical",
        "No two tax rates of one place, category and kind hold on the same day.",
        "SELECT a.id FROM markets_taxrate a JOIN markets_taxrate b ON a.id < b.id"
        " AND a.jurisdiction_id = b.jurisdiction_id AND a.tax_category_id = b.tax_category_id AND a.kind = b.kind"
        " AND daterange(a.effective_from, a.effective_to, '[]') && daterange(b.effective_from, b.effective_to, '[]')",
    ),
    Check(
        "M05",
        "high",
        "No tax or identity number of a buyer can be read in the database.",
        "SELECT id FROM markets_buyertaxid WHERE number NOT LIKE 's1:%'",
    ),
)
