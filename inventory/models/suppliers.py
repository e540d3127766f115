"""Who the shop buys from: their articles, their prices, and what they tell us about their own stock."""

from typing import ClassVar
from uuid import uuid4

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet
from core.sealing import SealedField


class Incoterm(models.TextChoices):
    """Who carries what between the supplier and us (Incoterms 2020)."""

    EXW = "EXW", "EXW"
    FCA = "FCA", "FCA"
    CPT = "CPT", "CPT"
    CIP = "CIP", "CIP"
    DAP = "DAP", "DAP"
    DPU = "DPU", "DPU"
    DDP = "DDP", "DDP"
    FAS = "FAS", "FAS"
    FOB = "FOB", "FOB"
    CFR = "CFR", "CFR"
    CIF = "CIF", "CIF"


class Supplier(TimeStamped):
    """A company we order goods from."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=150)
    contact = models.CharField(_("contact"), max_length=150, blank=True)
    email = models.EmailField(_("email for orders"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    postal_address = models.TextField(_("address"), max_length=500, blank=True)
    country = models.CharField(_("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")])
    language = models.CharField(_("language of orders"), max_length=10, default="en")
    currency = models.CharField(_("currency"), max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")])
    lead_days = models.PositiveSmallIntegerField(
        _("lead time in days"), default=14, help_text=_("Calendar days from the order to the goods on our shelf.")
    )
    incoterm = models.CharField(_("delivery terms"), max_length=3, choices=Incoterm.choices, default=Incoterm.DAP)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=30)
    least_order = money_field(verbose_name=_("smallest order"), null=True, blank=True)
    our_number = models.CharField(_("our customer number there"), max_length=60, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects: ClassVar[models.Manager["Supplier"]] = models.Manager()

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="supplier_country_code"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="supplier_currency_code"),
            exponent_check("least_order", "supplier_least_order_minor_units"),
        ]

    def __str__(self) -> str:
        return self.name


class SupplierVariant(TimeStamped):
    """A variant as one supplier sells it: their article number, price, packs and lead time."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="variants")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    supplier_sku = models.CharField(_("their article number"), max_length=80)
    cost = money_field(verbose_name=_("price per piece"))
    moq = models.PositiveIntegerField(
        _("smallest quantity"), default=1, validators=[MinValueValidator(1)], help_text=_("Pieces per order, at least.")
    )
    pack = models.PositiveIntegerField(
        _("pack"), default=1, validators=[MinValueValidator(1)], help_text=_("Sold in whole packs of so many pieces.")
    )
    lead_days = models.PositiveSmallIntegerField(
        _("lead time in days"), null=True, blank=True, help_text=_("Empty: the supplier's own.")
    )
    is_preferred = models.BooleanField(_("ordered here first"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("article of a supplier")
        verbose_name_plural = _("articles of suppliers")
        ordering = ["supplier", "supplier_sku"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "variant"], name="supplier_variant_once"),
            models.UniqueConstraint(fields=["supplier", "supplier_sku"], name="supplier_sku_once"),
            models.UniqueConstraint(
                fields=["variant"], condition=Q(is_preferred=True), name="supplier_preferred_once_per_variant"
            ),
            models.CheckConstraint(condition=Q(moq__gt=0) & Q(pack__gt=0), name="supplier_variant_packs_positive"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="supplier_variant_cost_not_negative"),
            exponent_check("cost", "supplier_variant_cost_minor_units"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id}: {self.supplier_sku}"


class SupplierFeed(TimeStamped):
    """How a supplier tells us what they have: a file at an address, a file handed in, or signed messages.

    With a `warehouse` (a drop-shipper's) its counters follow what the feed says.
    """

    class Kind(models.TextChoices):
        CSV_URL = "csv_url", _("file at an address")
        CSV_UPLOAD = "csv_upload", _("file handed in")
        PUSH = "push", _("signed messages")

    class Meaning(models.TextChoices):
        FREE = "free", _("what is free: our open orders are taken off already")
        ON_SHELF = "on_shelf", _("what lies on the shelf: our open orders are still in it")

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="feeds")
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    public_id = models.UUIDField(_("address"), default=uuid4, unique=True, editable=False)
    url = models.URLField(_("address of the file"), max_length=500, blank=True)
    username = models.CharField(_("user name there"), max_length=100, blank=True)
    password = SealedField(_("password there"), blank=True)
    secret = SealedField(_("secret of the signature"), blank=True, editable=False)
    mapping = models.JSONField(
        _("columns"),
        default=dict,
        blank=True,
        help_text=_("Which column says what: sku, quantity, lead_days, told_at. Empty: columns of just these names."),
    )
    every_minutes = models.PositiveIntegerField(
        _("fetched every so many minutes"), default=60, validators=[MinValueValidator(5)]
    )
    next_at = models.DateTimeField(_("next"), null=True, blank=True, editable=False)
    warehouse = models.ForeignKey(
        "inventory.Warehouse",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("warehouse that follows"),
        help_text=_("A drop-shipper's warehouse, whose stock is what the feed says. Empty: the feed only informs."),
    )
    meaning = models.CharField(_("the number is"), max_length=10, choices=Meaning.choices, default=Meaning.FREE)
    silent_hours = models.PositiveSmallIntegerField(
        _("silent after hours"), default=24, validators=[MinValueValidator(1)], help_text=_("Then somebody is told.")
    )
    last_told_at = models.DateTimeField(_("last heard"), null=True, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock feed of a supplier")
        verbose_name_plural = _("stock feeds of suppliers")
        ordering = ["supplier", "name"]
        permissions = [
            ("upload_supplierfeed", _("Can hand in a supplier's stock file")),
            ("renew_feed_secret", _("Can make a new secret for a supplier's feed")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="csv_url") | ~Q(url=""), name="supplier_feed_by_address_has_one"),
            models.CheckConstraint(condition=Q(every_minutes__gte=5), name="supplier_feed_not_too_often"),
            models.UniqueConstraint(
                fields=["warehouse"],
                condition=Q(warehouse__isnull=False, is_active=True),
                name="supplier_feed_once_per_warehouse",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="supplier_feed_due", condition=Q(is_active=True, kind="csv_url"))
        ]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.name}"


class SupplierStock(models.Model):
    """What a supplier last told us of one article. An older message never replaces a newer one."""

    supplier_variant = models.OneToOneField(SupplierVariant, on_delete=models.CASCADE, related_name="stock")
    quantity = models.PositiveIntegerField(_("pieces"))
    lead_days = models.PositiveSmallIntegerField(_("lead time in days"), null=True, blank=True)
    told_at = models.DateTimeField(_("as of"))
    feed = models.ForeignKey(SupplierFeed, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock of a supplier")
        verbose_name_plural = _("stock of suppliers")
        ordering = ["supplier_variant"]

    def __str__(self) -> str:
        return f"{self.supplier_variant_id}: {self.quantity}"


class FeedRun(models.Model):
    """One message or file of a feed and what became of it. `key` makes a message that comes twice count once."""

    class State(models.TextChoices):
        DONE = "done", _("taken over")
        STALE = "stale", _("older than what we knew")
        FAILED = "failed", _("could not be used")

    feed = models.ForeignKey(SupplierFeed, on_delete=models.CASCADE, related_name="runs")
    key = models.CharField(max_length=100)
    told_at = models.DateTimeField(_("as of"))
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unknown = models.PositiveIntegerField(_("unknown articles"), default=0)
    short = models.PositiveIntegerField(
        _("pieces short"), default=0, help_text=_("Pieces we have promised that the supplier has no more.")
    )
    problems = models.JSONField(_("problems"), default=list)
    settled_at = models.DateTimeField(_("dealt with"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of a supplier's feed")
        verbose_name_plural = _("messages of suppliers' feeds")
        ordering = ["-pk"]
        permissions = [("settle_feedrun", _("Can close what a supplier's feed has brought up"))]
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="feed_run_once")]
        indexes = [
            models.Index(fields=["feed", "-id"], name="feed_run_by_feed"),
            models.Index(fields=["received_at"], name="feed_run_open", condition=Q(settled_at=None) & Q(short__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.feed_id}: {self.key}"
