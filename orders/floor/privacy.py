"""What the warehouse floor holds about people: which operator did what. Part of `orders.privacy`."""

from core.privacy import Personal

WHY = "Accountability for goods; numbers that lead to operators' accounts."

FLOOR = (
    Personal(
        model="orders.PickWave",
        fields=("made_by", "picker"),
        purpose="Which operators planned and walked a round.",
        fate="kept",
        reason=WHY,
    ),
    Personal(
        model="orders.ShortPick",
        fields=("reported_by", "resolved_by"),
        purpose="Which operators missed pieces and decided about them.",
        fate="kept",
        reason=WHY,
    ),
    Personal(
        model="orders.ParcelPacking",
        fields=("packed_by",),
        purpose="Which operator packed a box.",
        fate="kept",
        reason=WHY,
    ),
    Personal(
        model="orders.Handover",
        fields=("made_by",),
        purpose="Which operator handed parcels over to a carrier.",
        fate="kept",
        reason=WHY,
    ),
)
