"""What markets hold about people: nothing but the sellers' own business addresses."""

from core.privacy import Holding, Personal, register

register(
    Holding(
        app="markets",
        personal=(
            Personal(
                model="markets.LegalEntity",
                fields=("email", "phone", "address"),
                purpose="Who sells, as every page and paper has to say.",
                fate="kept",
                reason="A company, not a customer.",
            ),
        ),
    )
)
