"""The activity log in plain words, with links to what was changed."""

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from config.console.types import Deed
from core.models import AuditEntry
from core.money import Money, format_money
from orders.models import Order

ORDER = "orders.Order"


def latest_deeds(limit: int = 6) -> tuple[Deed, ...]:
    """What people and the shop did last. Two queries."""
    entries = list(AuditEntry.objects.order_by("-pk")[:limit])
    numbers = _order_numbers(entries)
    return tuple(_deed(entry, numbers) for entry in entries)


def _order_numbers(entries: Iterable[AuditEntry]) -> Mapping[str, str]:
    wanted = [entry.target.partition(":")[2] for entry in entries if entry.target.startswith(f"{ORDER}:")]
    found = Order.objects.filter(pk__in=[pk for pk in wanted if pk.isdigit()]).values_list("pk", "number")
    return {str(pk): number for pk, number in found}


def _deed(entry: AuditEntry, numbers: Mapping[str, str]) -> Deed:
    label, _colon, pk = entry.target.partition(":")
    target, url = _target(label, pk, numbers)
    return Deed(
        who=_who(entry.actor_label),
        text=_sentence(entry),
        target=target,
        url=url,
        reason=entry.reason,
        at=entry.at,
    )


def _target(label: str, pk: str, numbers: Mapping[str, str]) -> tuple[str, str]:
    if label == ORDER and pk in numbers:
        return numbers[pk], reverse("admin:workspace_order", args=[numbers[pk]])
    try:
        model = apps.get_model(label)
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
    except (LookupError, ValueError, NoReverseMatch):
        return label, ""
    return f"{model._meta.verbose_name} {pk}", url


def _who(label: str) -> str:
    return {"system": pgettext("who did it", "the shop"), "visitor": pgettext("who did it", "the customer")}.get(
        label, label
    )


def _sentence(entry: AuditEntry) -> str:
    """The action in words; its bare name when nobody has given it words."""
    amount = entry.data.get("amount") if isinstance(entry.data, dict) else None
    if amount and entry.action in ("orders.refund_order", "payments.refund", "payments.capture"):
        shown = format_money(Money(amount, entry.data["currency"]), get_language() or "en")
        return {
            "orders.refund_order": _("refunded %(amount)s"),
            "payments.refund": _("asked the provider to refund %(amount)s"),
            "payments.capture": _("asked the provider to capture %(amount)s"),
        }[entry.action] % {"amount": shown}
    return _words().get(entry.action, entry.action)


def _words() -> Mapping[str, str]:
    return {
        "inventory.buy_label": _("bought a label"),
        "inventory.cancel_label": _("gave a label back"),
        "inventory.give_up_label": _("gave up a label that was never made"),
        "inventory.hand_over": _("handed parcels over to a carrier"),
        "inventory.import_rate_sheet": _("brought in a rate sheet"),
        "inventory.push_parcel": _("sent a parcel over to another warehouse"),
        "inventory.reread_messages": _("had messages of carriers read again"),
        "inventory.set_secrets": _("changed the secrets of a carrier account"),
        "inventory.teach_code": _("said what a carrier's code means"),
        "inventory.told_stock": _("took over the stock another warehouse counted"),
        "orders.add_proofs": _("added files about a parcel"),
        "orders.note_claim": _("noted a claim against a carrier"),
        "orders.plan_exception": _("said who takes care of a parcel"),
        "orders.resolve_exception": _("dealt with a parcel in trouble"),
        "job.cancel": _("stopped a job"),
        "job.start": _("started a job"),
        "orders.add_note": _("wrote a note"),
        "orders.import_past": _("brought in orders from elsewhere"),
        "orders.write_to_customer": _("wrote to the customer"),
        "orders.cancel_order": _("canceled the order"),
        "orders.capture_order": _("captured the payment"),
        "orders.create_fulfillment": _("packed a parcel"),
        "orders.deliver_fulfillment": _("marked a parcel as delivered"),
        "orders.approve_refund": _("agreed to money back"),
        "orders.ask_approval": _("asked a second person for money back"),
        "orders.decline_refund": _("declined money back"),
        "orders.tag_order": _("put a tag on the order"),
        "orders.untag_order": _("took a tag off the order"),
        "orders.make_tag": _("made a tag"),
        "orders.change_tag": _("changed a tag"),
        "orders.save_view": _("kept a view of orders"),
        "orders.drop_view": _("dropped a view of orders"),
        "orders.start_bulk_run": _("began work on many orders"),
        "orders.finish_bulk_run": _("finished work on many orders"),
        "orders.undo_bulk_run": _("began to take back work on many orders"),
        "orders.finish_bulk_undo": _("took back work on many orders"),
        "orders.export": _("exported orders"),
        "orders.plan_hold": _("said who takes care of a hold"),
        "orders.answer_ticket": _("answered a question about an order"),
        "orders.approve_return": _("agreed to a return"),
        "orders.assign_ticket": _("said who takes care of a question"),
        "orders.cancel_part": _("canceled a part of the order"),
        "orders.change_order": _("changed the order"),
        "orders.close_return": _("closed a return"),
        "orders.deduct_wear": _("kept something of a refund for wear"),
        "orders.end_inspection": _("finished looking at a return"),
        "orders.exchange_order": _("exchanged goods"),
        "orders.give_up_exchange": _("gave an exchange up"),
        "orders.handle_withdrawal": _("dealt with a withdrawal"),
        "orders.inspect_unit": _("looked at goods that came back"),
        "orders.issue_document": _("issued a document"),
        "orders.issue_paper": _("made a shipping paper"),
        "orders.merge_orders": _("merged orders"),
        "orders.note_on_ticket": _("wrote a note on a question"),
        "orders.record_filing": _("recorded a tax return as filed"),
        "orders.receive_return": _("received goods that came back"),
        "orders.reject_return": _("declined a return"),
        "orders.send_again": _("sent goods once more"),
        "floor.make_wave": _("put parcels together for picking"),
        "floor.start_wave": _("began to pick"),
        "floor.end_wave": _("finished picking"),
        "floor.cancel_wave": _("canceled a pick wave"),
        "floor.report_missing": _("reported missing pieces"),
        "floor.found_after_all": _("found missing pieces"),
        "floor.set_missing_apart": _("set missing pieces apart"),
        "floor.send_from_elsewhere": _("let missing pieces leave from elsewhere"),
        "floor.give_up_missing": _("settled missing pieces"),
        "floor.finish_packing": _("packed a box"),
        "floor.reopen_packing": _("opened a box again"),
        "floor.forget_number": _("took its number from a box"),
        "floor.name_way": _("gave a box its number"),
        "floor.open_handover": _("wrote a list of parcels for a carrier"),
        "floor.close_handover": _("handed parcels over"),
        "orders.settle_exchange": _("settled an exchange"),
        "orders.solve_ticket": _("closed a question"),
        "orders.split_order": _("split the order"),
        "orders.withdraw_change": _("withdrew a change of the order"),
        "orders.withdraw_exchanged": _("noted a withdrawal from goods whose exchange was sent first"),
        "orders.open_hold": _("put the order on hold"),
        "orders.resolve_hold": _("resolved a hold"),
        "orders.ship_fulfillment": _("sent a parcel"),
        "orders.take_back_units": _("took goods back"),
        "payments.accept_case": _("accepted a payment case"),
        "payments.book_difference": _("booked a difference of books"),
        "payments.compare_books": _("compared the books with the providers"),
        "payments.explain_difference": _("explained a difference of books"),
        "payments.import_statement": _("brought in a payout file"),
        "payments.retry_difference": _("tried a difference of books again"),
        "payments.cancel": _("closed a payment"),
        "payments.approve_grant": _("agreed to a gift card or store credit"),
        "payments.approve_recipient": _("agreed to another account for a transfer"),
        "payments.ask_recipient": _("asked for another account for a transfer"),
        "payments.decline_recipient": _("declined another account for a transfer"),
        "payments.ask_grant": _("gave a gift card or store credit, or asked a second person to agree"),
        "payments.refuse_grant": _("refused a gift card or store credit"),
        "payments.block_credit": _("blocked a gift card or store credit"),
        "payments.unblock_credit": _("opened a gift card or store credit again"),
        "payments.cancel_credit": _("ended a gift card, because its price is returned"),
        "payments.withdraw_credit": _("ended a gift card or store credit"),
        "orders.credit_what_failed": _("gave as store credit what a payment refused"),
        "payments.dismiss_case": _("closed a payment case"),
        "orders.drop_refund_limit": _("removed a limit for refunds"),
        "orders.keep_refund_limit": _("set a limit for refunds"),
        "payments.answer_dispute": _("answered a dispute"),
        "payments.assign_dispute": _("assigned a dispute"),
        "payments.change_risk_rule": _("changed a risk rule"),
        "payments.change_risk_thresholds": _("changed the risk thresholds"),
        "payments.give_dispute_up": _("gave a dispute up"),
        "payments.keep_evidence": _("chose evidence of a dispute"),
        "buying.adopt_reorder_points": _("took forecasts over as reorder points"),
        "buying.cancel_purchase": _("called an order to a supplier off"),
        "buying.change_supplier": _("changed a supplier"),
        "buying.confirm_purchase": _("wrote down when a supplier delivers"),
        "buying.dismiss_proposal": _("dismissed a proposal to order"),
        "buying.draft_purchase": _("drafted an order to a supplier"),
        "buying.give_up_rest": _("gave up what a supplier did not deliver"),
        "buying.order_proposal": _("ordered what was proposed"),
        "buying.put_articles": _("took a supplier's price list over"),
        "buying.receive_purchase": _("booked a supplier's delivery"),
        "buying.renew_feed_secret": _("made a new secret for a supplier's feed"),
        "buying.send_purchase": _("sent an order to a supplier"),
        "buying.send_purchase_again": _("sent an order to a supplier once more"),
        "buying.settle_difference": _("settled a difference with a supplier"),
        "buying.settle_feed_run": _("dealt with what a supplier's feed brought up"),
        "buying.upload_feed": _("handed a supplier's stock file in"),
        "buying.write_purchase": _("wrote on an order to a supplier"),
        "stock.correct": _("corrected the stock"),
        "stock.receive": _("received stock"),
        "stock.adjust": _("booked pieces that were lost or found"),
        "stock.approve_difference": _("agreed to a large difference of stock"),
        "stock.begin_take": _("began to count stock"),
        "stock.book_take": _("booked a stock take"),
        "stock.cancel_take": _("canceled a stock take"),
        "stock.cancel_transfer": _("canceled a transfer"),
        "stock.change_calendar": _("changed the calendar of a warehouse"),
        "stock.change_channel": _("changed the stock of a channel"),
        "stock.change_route": _("changed who hears of stock alerts"),
        "stock.close_transfer": _("closed a transfer"),
        "stock.draft_transfer": _("planned a transfer"),
        "stock.end_take": _("ended the counting of stock"),
        "stock.keep_batches": _("decided that a variant has batches"),
        "stock.name_batch": _("named a batch"),
        "stock.plan_take": _("planned a stock take"),
        "stock.plan_transfer": _("changed a planned transfer"),
        "stock.receive_transfer": _("received a transfer"),
        "stock.recount": _("asked for another count"),
        "stock.set_transfer_aside": _("set a transfer aside"),
        "stock.ship_transfer": _("sent a transfer"),
        "stock.take_transfer_back": _("took a transfer back"),
        "inventory.change_warehouse": _("changed a warehouse"),
        "inventory.change_lane": _("changed a delivery lane"),
        "inventory.change_lanes": _("changed delivery lanes"),
        "inventory.change_sourcing": _("changed how warehouses are chosen"),
        "inventory.draft_lanes": _("drafted delivery lanes of a market"),
        "inventory.switch_lane": _("switched a delivery lane on or off"),
        "orders.replan_order": _("planned again from where an order leaves"),
        "catalog.active_product": _("put a product on sale"),
        "catalog.add_variant": _("added a variant"),
        "catalog.approved_review": _("approved a review"),
        "catalog.archive_variant": _("archived a variant"),
        "catalog.archived_product": _("archived a product"),
        "catalog.close_price_list": _("closed a price list"),
        "catalog.create_product": _("added a product"),
        "catalog.draft_product": _("took a product off sale"),
        "catalog.open_price_list": _("opened a price list"),
        "catalog.rejected_review": _("rejected a review"),
        "catalog.put_term": _("changed the glossary"),
        "catalog.remove_term": _("took a term out of the glossary"),
        "catalog.save_translations": _("changed translations"),
        "catalog.set_prices": _("changed prices"),
        "catalog.update_product": _("changed a product"),
        "catalog.update_variant": _("changed a variant"),
        "members.sync_roles": _("brought the roles up to date"),
        "reference.load": _("loaded a reference table"),
    }
