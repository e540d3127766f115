"""What a sentence of a carrier means when its code says nothing: English and Chinese words that carriers share.

The first rule that fits decides, so "could not be delivered" stands before "delivered". A sentence that fits none is
unknown; nothing is guessed from its neighbours.
"""

import re
from collections.abc import Sequence

from inventory.carriers.canonical import Canonical as Is

_RULES: Sequence[tuple[str, str]] = (
    (Is.CANCELLED, r"shipment cancell?ed|label cancell?ed|order cancell?ed|voided"),
    (Is.DESTROYED, r"destroyed|disposed of|销毁"),
    (Is.RETURNED, r"returned to (the )?(sender|shipper)|delivered to (the )?sender|退回签收|已退回"),
    (Is.RETURNING, r"return(ing|ed)? (to|in progress)|being returned|return to (sender|shipper)|退件|退回"),
    (Is.REFUSED, r"refus|rejected by|拒收"),
    (Is.DAMAGED, r"damaged?\b|破损"),
    (Is.LOST, r"\blost\b|missing|丢失|遗失"),
    (Is.CUSTOMS_RELEASED, r"(customs|clearance) (released|completed?|cleared)|released by customs|cleared customs"),
    (Is.CUSTOMS_RELEASED, r"clearance processing complete|清关完成|已清关|海关放行"),
    (Is.EXPORT_DEPARTED, r"departed.*(origin country|country of origin)|left the (origin )?country"),
    (
        Is.CUSTOMS_ASKS,
        r"customs.*(require|need|await|missing|document)|clearance (delay|exception|event)|held by customs",
    ),
    (Is.CUSTOMS, r"customs|clearance|清关|海关"),
    (
        Is.DELIVERY_FAILED,
        r"(could not|unable to|not) be delivered|delivery (attempt|failed|unsuccessful)|undeliverable",
    ),
    (
        Is.DELIVERY_FAILED,
        r"(unsuccessful|missed|attempted) delivery|not deliver|no access|recipient (absent|unavailable)",
    ),
    (Is.DELIVERY_FAILED, r"派送失败|无法派送|未妥投"),
    (
        Is.PICKUP,
        r"(available|ready|awaiting|held) (for|at).*(pick ?up|collect|post office|locker)|待取|代收点|驿站|快递柜",
    ),
    (
        Is.OUT_FOR_DELIVERY,
        r"out for (physical )?delivery|on board for delivery|with .* for delivery|正在派|派送中|派件",
    ),
    (Is.OUT_FOR_DELIVERY, r"delivery route|with (the )?delivery courier|on vehicle for delivery"),
    (Is.DELIVERED, r"\bdelivered\b|签收|妥投|已送达"),
    (Is.ARRIVED, r"destination country|arrived? in (the )?country"),
    (Is.DELAYED, r"delay|held|exception|on hold|weather|延误"),
    (Is.LABEL_CREATED, r"label (has been )?(created|printed|made)|created a label|shipping label|awaiting item"),
    (
        Is.INFO_RECEIVED,
        r"(information|data|info|electronically).*(received|sent|entered|approved|notified)|pre-?advice",
    ),
    (Is.INFO_RECEIVED, r"(pre-?shipment|notified).*(info|electronically)|shipping information|order processed"),
    (
        Is.PICKED_UP,
        r"picked up|pick-?up (complete|scan)|collected|in possession|handed over|received by|accepted|揽收|收件",
    ),
    (
        Is.IN_TRANSIT,
        r"in transit|on (its|the) way|depart|arriv|process|sorted|left|facility|hub|depot|transferred|forwarded",
    ),
    (Is.IN_TRANSIT, r"转运|发往|到达|到【|离开|运输|发出"),
)
_COMPILED = tuple((code, re.compile(pattern, re.IGNORECASE)) for code, pattern in _RULES)


def meaning_of(sentence: str) -> str:
    """Our word for a carrier's sentence; `unknown` when no rule fits."""
    return next((str(code) for code, rule in _COMPILED if rule.search(sentence)), str(Is.UNKNOWN))
