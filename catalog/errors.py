"""What the catalogue refuses."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import DomainError


class ProductIncomplete(DomainError):
    """The product lacks something it needs to be on sale. `problems` are stable words."""

    code: ClassVar[str] = "PRODUCT_INCOMPLETE"
    message = _("This product is not complete enough to be sold.")

    def __init__(self, product_code: str, problems: Iterable[str]) -> None:
        self.product_code = product_code
        self.problems = tuple(problems)
        super().__init__()


class OptionMismatch(DomainError):
    """The chosen values are not exactly one per option of the product."""

    code: ClassVar[str] = "OPTION_MISMATCH"
    message = _("Each variant needs exactly one value for every option of its product.")


class VariantExists(DomainError):
    """Another variant of the product has the same combination of options."""

    code: ClassVar[str] = "VARIANT_EXISTS"
    message = _("This combination of options exists already.")


class SkuTaken(DomainError):
    """Another variant has this SKU."""

    code: ClassVar[str] = "SKU_TAKEN"
    message = _("Another variant has this SKU.")


class SkuFixed(DomainError):
    """The SKU was ordered: papers name it, so it stays."""

    code: ClassVar[str] = "SKU_FIXED"
    message = _("This SKU has been ordered and cannot be changed.")


class SkusTaken(DomainError):
    """Several SKUs cannot be given: others have them, or they come up twice."""

    code: ClassVar[str] = "SKUS_TAKEN"

    def __init__(self, skus: Iterable[str]) -> None:
        self.skus = tuple(skus)
        shown = ", ".join(self.skus[:5])
        count = len(self.skus)
        super().__init__(
            ngettext(
                "%(count)d SKU is taken or comes up twice: %(skus)s.",
                "%(count)d SKUs are taken or come up twice, among them %(skus)s.",
                count,
            )
            % {"count": count, "skus": shown}
        )


class TooManyVariants(DomainError):
    """A product has so many variants at most: more cannot be shown to shoppers or kept right by people."""

    code: ClassVar[str] = "TOO_MANY_VARIANTS"

    def __init__(self, *, most: int) -> None:
        self.most = most
        super().__init__(_("A product can have %(most)d variants at most. Choose fewer values.") % {"most": most})


class OptionInUse(DomainError):
    """Variants differ by the option; without it they would be the same."""

    code: ClassVar[str] = "OPTION_IN_USE"
    message = _("Variants differ by this option. Archive them until only one value is left, then take it away.")


class ChangedMeanwhile(DomainError):
    """Somebody else changed the row since it was shown; nothing was written."""

    code: ClassVar[str] = "CHANGED_MEANWHILE"
    message = _("Somebody else changed this in the meantime. Look at what is there now, then save again.")


class CodeTaken(DomainError):
    """Another product has this code."""

    code: ClassVar[str] = "CODE_TAKEN"
    message = _("Another product has this code.")


class TooManyRows(DomainError):
    """A change of many rows has between one and `most` rows."""

    code: ClassVar[str] = "TOO_MANY_ROWS"

    def __init__(self, *, most: int) -> None:
        self.most = most
        super().__init__(
            _("Choose between one and %(most)d rows. Filter the list to make it shorter.") % {"most": most}
        )


class BulkNotPossible(DomainError):
    """The change of many rows is not at the point where this can be done."""

    code: ClassVar[str] = "BULK_NOT_POSSIBLE"


class PlanNotPossible(DomainError):
    """The planned change of prices is not at the point where this can be done."""

    code: ClassVar[str] = "PLAN_NOT_POSSIBLE"


class OwnProposal(DomainError):
    """Nobody decides about prices they proposed themselves."""

    code: ClassVar[str] = "OWN_PROPOSAL"
    message = _("You proposed these prices. Somebody else has to decide about them.")


class CharmProblem(DomainError):
    """The rule of price endings cannot be met."""

    code: ClassVar[str] = "CHARM_PROBLEM"
    message = _("Endings lie below their step, and both lie on the price grid of the currency.")


class PriceCurrency(DomainError):
    """The amount is not in the currency of its price list."""

    code: ClassVar[str] = "PRICE_CURRENCY"
    message = _("This price list has another currency.")


class PriceBelowZero(DomainError):
    """A price is never negative."""

    code: ClassVar[str] = "PRICE_BELOW_ZERO"
    message = _("A price cannot be below zero.")


class BundleProblem(DomainError):
    """A set needs at least two components, and none of them may be a set."""

    code: ClassVar[str] = "BUNDLE_PROBLEM"
    message = _("A set needs at least two components, and no component may be a set itself.")


class MediaProblem(DomainError):
    """The file is not a picture that can be shown."""

    code: ClassVar[str] = "MEDIA_PROBLEM"
    message = _("This file is not a picture that can be shown.")


class ReviewedAlready(DomainError):
    """One review per author and product."""

    code: ClassVar[str] = "REVIEWED_ALREADY"
    message = _("You have written a review of this product already.")


class NotFound(DomainError):
    """Nothing by this address in this market."""

    code: ClassVar[str] = "NOT_FOUND"
    message = _("Nothing was found at this address.")


class MovedTo(DomainError):
    """The address is an old one; `slug` is the current."""

    code: ClassVar[str] = "MOVED"

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__()


class SynonymProblem(DomainError):
    """What is said of a synonym cannot be."""

    code: ClassVar[str] = "SYNONYM_PROBLEM"


class RedirectProblem(DomainError):
    """A search cannot lead there."""

    code: ClassVar[str] = "REDIRECT_PROBLEM"


class CategoryCycle(DomainError):
    """A category cannot stand below itself."""

    code: ClassVar[str] = "CATEGORY_CYCLE"
    message = _("A category cannot be moved below itself.")


class CategoryInUse(DomainError):
    """The category is not empty. `uses` says what refers to it, and how often."""

    code: ClassVar[str] = "CATEGORY_IN_USE"

    def __init__(self, uses: Iterable[tuple[str, int]]) -> None:
        self.uses = tuple(uses)
        what = ", ".join(f"{name}: {count}" for name, count in self.uses)
        super().__init__(_("Only an empty category can be deleted. Still there: %(what)s.") % {"what": what})


class CategoryRefused(DomainError):
    """What was typed cannot be. `problems` maps a field to its sentence."""

    code: ClassVar[str] = "CATEGORY_REFUSED"

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


class MediaInUse(DomainError):
    """Something shows the file. `uses` says what refers to it, and how often."""

    code: ClassVar[str] = "MEDIA_IN_USE"

    def __init__(self, uses: Iterable[tuple[str, int]]) -> None:
        self.uses = tuple(uses)
        what = ", ".join(f"{name}: {count}" for name, count in self.uses)
        super().__init__(_("Only a file that nothing shows can be deleted. Still there: %(what)s.") % {"what": what})


class WindowEndsBeforeItBegins(DomainError):
    """A time in which something is seen ends after it begins."""

    code: ClassVar[str] = "WINDOW_ENDS_BEFORE_IT_BEGINS"
    message = _("The end must be later than the beginning.")


class MediaNotForMarket(DomainError):
    """A picture or film is not there any more, or is kept for another market."""

    code: ClassVar[str] = "MEDIA_NOT_FOR_MARKET"
    message = _("One of the pictures or films cannot be shown in this market. Choose again.")


class PlanProblem(DomainError):
    """A change cannot be planned, moved or canceled like that."""

    code: ClassVar[str] = "PLAN_PROBLEM"


class AttributeProblem(DomainError):
    """What is said of a detail cannot be."""

    code: ClassVar[str] = "ATTRIBUTE_PROBLEM"


class PresaleProblem(DomainError):
    """A variant cannot be sold ahead like this; the sentence says why."""

    code: ClassVar[str] = "PRESALE_PROBLEM"


class PresaleSoldOut(DomainError):
    """Fewer pieces may still be sold before the release than were asked for."""

    code: ClassVar[str] = "PRESALE_SOLD_OUT"

    def __init__(self, *, variant_id: int, left: int) -> None:
        self.variant_id, self.left = variant_id, left
        super().__init__(_("Somebody has just taken the last pieces of this pre-sale."))


class SetProblem(DomainError):
    """A set cannot hold this; the sentence says why."""

    code: ClassVar[str] = "SET_PROBLEM"


class FileProblem(DomainError):
    """A file cannot be offered for download; the sentence says why."""

    code: ClassVar[str] = "FILE_PROBLEM"


class KeysGone(DomainError):
    """There are fewer licence keys than were sold."""

    code: ClassVar[str] = "KEYS_GONE"
    message = _("There are not enough licence keys. Add keys, then hand them out.")


class NothingProposed(DomainError):
    """There are no prices to propose from, or no proposals to use."""

    code = "NOTHING_PROPOSED"
    message = _("There are no prices to propose or to use.")
