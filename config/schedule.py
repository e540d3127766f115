"""What happens by the clock. Every task named here is idempotent, so a beat too many or too few does no harm.

Times are UTC. Add one line per task: `"what it does": every(seconds=..., task="app.tasks.name")`.
"""

from __future__ import annotations

from typing import Any


def every(*, seconds: float, task: str) -> dict[str, Any]:
    """A task that repeats; a run not started before the next one is due is dropped instead of piling up."""
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 1)}}


SCHEDULE: dict[str, dict[str, Any]] = {
    "deliver what was announced": every(seconds=2, task="core.tasks.drain_outbox"),
    "send waiting messages": every(seconds=10, task="core.tasks.send_messages"),
    "start jobs again whose worker died": every(seconds=60, task="core.tasks.revive_jobs"),
    "forget old idempotency keys": every(seconds=6 * 3600, task="core.tasks.purge_idempotency"),
    "fetch the exchange rates of the day": every(seconds=1800, task="markets.tasks.fetch_exchange_rates"),
    "give back holds whose time is over": every(seconds=30, task="inventory.tasks.expire_holds"),
    "tell operators of stock alerts": every(seconds=300, task="inventory.tasks.tell_alerts"),
    "stop selling batches past their date": every(seconds=3600, task="inventory.tasks.block_expired"),
    "look for stock that ages": every(seconds=24 * 3600, task="inventory.tasks.review_ages"),
    "act on messages of carriers": every(seconds=30, task="inventory.tasks.process_carrier_inbox"),
    "ask carriers where parcels are": every(seconds=60, task="inventory.tasks.ask_carriers"),
    "send parcels over to other warehouses": every(seconds=30, task="inventory.tasks.push_parcels"),
    "forget old messages of carriers": every(seconds=24 * 3600, task="inventory.tasks.forget_carrier_messages"),
    "fetch stock files of suppliers": every(seconds=300, task="inventory.tasks.fetch_supplier_feeds"),
    "forecast and propose what to buy": every(seconds=6 * 3600, task="inventory.tasks.plan_buying"),
    "act on messages of payment providers": every(seconds=15, task="payments.tasks.process_inbox"),
    "ask about payments whose end is unknown": every(seconds=30, task="payments.tasks.reconcile_undecided"),
    "compare our books with the providers'": every(seconds=6 * 3600, task="payments.tasks.reconcile_books"),
    "keep and let go of cards": every(seconds=60, task="payments.tasks.run_card_errands"),
    "ask for refunds that wait": every(seconds=30, task="payments.tasks.submit_due_refunds"),
    "write off gift cards whose time has run out": every(seconds=3600, task="payments.tasks.expire_credit"),
    "book bank lines that an import has left": every(seconds=600, task="payments.tasks.book_bank_lines"),
    "remind of bank transfers": every(seconds=3600, task="payments.tasks.remind_transfers"),
    "let the sandbox's world go on": every(seconds=3, task="payments.tasks.run_sandbox"),
    "tell of refunds that take long": every(seconds=600, task="orders.tasks.tell_waiting_refunds"),
    "prove the money of every order": every(seconds=24 * 3600, task="orders.tasks.prove_money"),
    "issue documents that are due": every(seconds=600, task="orders.tasks.issue_documents"),
    "make the files of documents": every(seconds=30, task="orders.tasks.render_documents"),
    "look for parcels that are silent or late": every(seconds=3600, task="orders.tasks.watch_parcels"),
    "expire orders nobody paid": every(seconds=60, task="orders.tasks.expire_unpaid"),
    "give up changes nobody paid": every(seconds=60, task="orders.tasks.expire_changes"),
    "ask about exchanges sent in advance": every(seconds=24 * 3600, task="orders.tasks.chase_exchanges"),
    "close payments of canceled orders": every(seconds=60, task="orders.tasks.close_payments"),
    "forget tax numbers without an order": every(seconds=24 * 3600, task="checkout.tasks.forget_tax_numbers"),
    "ask again about buyers' tax numbers": every(seconds=300, task="markets.tasks.ask_about_tax_numbers"),
    "derive what changed in the catalogue": every(seconds=10, task="catalog.tasks.refresh_catalog"),
    "make planned changes of products": every(seconds=30, task="catalog.tasks.make_planned_changes"),
    "notice prices and offers that begin or end": every(seconds=60, task="catalog.tasks.refresh_by_clock"),
    "begin and end planned prices": every(seconds=60, task="catalog.tasks.work_planned_prices"),
    "convert prices that follow another currency": every(seconds=24 * 3600, task="catalog.tasks.convert_prices"),
    "find translations written past the actions": every(seconds=24 * 3600, task="catalog.tasks.sync_translations"),
    "end pre-sales whose day has come": every(seconds=60, task="catalog.tasks.release_presales"),
    "count what sold": every(seconds=3600, task="catalog.tasks.count_sold"),
    "write product feeds": every(seconds=6 * 3600, task="catalog.tasks.write_product_feeds"),
    "delete files of old exports of orders": every(seconds=24 * 3600, task="orders.tasks.drop_exports"),
    "delete files of old exports": every(seconds=24 * 3600, task="catalog.tasks.drop_exports"),
    "count the catalogue's words and forget old queries": every(seconds=24 * 3600, task="catalog.tasks.tend_search"),
    "fetch pictures named by address": every(seconds=60, task="catalog.tasks.fetch_pictures"),
    "give pictures their copies": every(seconds=60, task="catalog.tasks.copy_pictures"),
}
