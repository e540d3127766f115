"""Refusals of the warehouse floor."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import DomainError


class NothingToPick(DomainError):
    """A wave needs parcels."""

    code = "FLOOR_NOTHING_TO_PICK"
    message = gettext_lazy("Choose the parcels to pick.")


class TooManyParcels(DomainError):
    """More totes than fit on a trolley."""

    code = "FLOOR_TOO_MANY_PARCELS"

    def __init__(self, *, most: int) -> None:
        self.most = most
        sentence = ngettext(
            "One wave holds %(count)d parcel at most.", "One wave holds %(count)d parcels at most.", most
        )
        super().__init__(sentence % {"count": most})


class ParcelsNotReady(DomainError):
    """Some of the chosen parcels are in another wave, on hold, not paid, or gone. `numbers` are their orders'."""

    code = "FLOOR_PARCELS_NOT_READY"

    def __init__(self, numbers: Sequence[str]) -> None:
        self.numbers = tuple(numbers)
        told = _("These cannot be picked now, somebody else has them or their order waits: %(numbers)s.")
        super().__init__(told % {"numbers": ", ".join(self.numbers)})


class WaveUnknown(DomainError):
    """There is no such wave."""

    code = "FLOOR_WAVE_UNKNOWN"
    message = gettext_lazy("There is no such pick wave.")


class WaveEnded(DomainError):
    """It was picked or canceled."""

    code = "FLOOR_WAVE_ENDED"
    message = gettext_lazy("This pick wave has ended.")


class TooManyTaken(DomainError):
    """More was taken than is wanted."""

    code = "FLOOR_TOO_MANY_TAKEN"

    def __init__(self, *, wanted: int) -> None:
        self.wanted = wanted
        sentence = ngettext("Only %(count)d piece is wanted here.", "Only %(count)d pieces are wanted here.", wanted)
        super().__init__(sentence % {"count": wanted})


class NothingMissing(DomainError):
    """All pieces are said to be there and some to be missing: one of the two is not meant."""

    code = "FLOOR_NOTHING_MISSING"
    message = gettext_lazy("Write down how many pieces you found, then say that there are no more.")


class WrongGoods(DomainError):
    """What was scanned is not wanted here. `name` is what it is, as far as the catalogue knows the code."""

    code = "FLOOR_WRONG_GOODS"

    def __init__(self, *, scanned: str, name: str = "") -> None:
        self.scanned, self.name = scanned, name
        if name:
            super().__init__(_("Wrong goods: this is %(name)s. Put it back.") % {"name": name})
        else:
            super().__init__(_("No goods here have the code %(code)s. Put it back.") % {"code": scanned})


class AllScanned(DomainError):
    """As many of these as belong into the box are in it."""

    code = "FLOOR_ALL_SCANNED"

    def __init__(self, *, name: str, wanted: int) -> None:
        self.name, self.wanted = name, wanted
        sentence = ngettext(
            "One too many: only %(count)d × %(name)s belongs into this box.",
            "One too many: only %(count)d × %(name)s belong into this box.",
            wanted,
        )
        super().__init__(sentence % {"count": wanted, "name": name})


class NotAllScanned(DomainError):
    """The box does not hold what it should. `lacking` names what differs."""

    code = "FLOOR_NOT_ALL_SCANNED"

    def __init__(self, lacking: Sequence[str]) -> None:
        self.lacking = tuple(lacking)
        told = _("The box does not hold what belongs into it. Look at: %(goods)s.")
        super().__init__(told % {"goods": ", ".join(self.lacking)})


class AlreadyPacked(DomainError):
    """The box is closed."""

    code = "FLOOR_ALREADY_PACKED"
    message = gettext_lazy("This box is closed. Open it again to change what is in it.")


class NotPacked(DomainError):
    """The box is not closed yet."""

    code = "FLOOR_NOT_PACKED"
    message = gettext_lazy("Close the box first.")


class NotOnTheFloor(DomainError):
    """The parcel has left, was canceled, or never was there."""

    code = "FLOOR_PARCEL_GONE"
    message = gettext_lazy("This parcel is not in the warehouse any more.")


class PackedElsewhere(DomainError):
    """The goods lie with a third party or a drop-shipper, who packs them."""

    code = "FLOOR_PACKED_ELSEWHERE"
    message = gettext_lazy("Another company packs this parcel. It is not picked here.")


class PapersMissing(DomainError):
    """It crosses a customs border and no paper for customs was made."""

    code = "FLOOR_PAPERS_MISSING"
    message = gettext_lazy("The papers for customs are missing. Make them at the packing table first.")


class NothingToHandOver(DomainError):
    """No parcel of this carrier waits."""

    code = "FLOOR_NOTHING_TO_HAND_OVER"
    message = gettext_lazy("Choose parcels that wait for this carrier.")


class ShortDecided(DomainError):
    """Somebody has decided about these pieces already."""

    code = "FLOOR_SHORT_DECIDED"
    message = gettext_lazy("It was decided already what becomes of these pieces.")


class StillWanted(DomainError):
    """The order still wants the pieces that are to be given up."""

    code = "FLOOR_STILL_WANTED"
    message = gettext_lazy("The order still wants these pieces. Refund or cancel them on its page first.")
