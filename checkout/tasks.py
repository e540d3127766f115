"""Clockwork of the checkout."""

from celery import shared_task

from checkout.tax_number import forget_old_numbers


@shared_task(queue="default")
def forget_tax_numbers() -> int:
    """Forget tax numbers that guests typed a month ago and no order rests on; how many are gone."""
    return forget_old_numbers()
