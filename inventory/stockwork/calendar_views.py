"""The calendars of warehouses over HTTP: which working days are none in the coming months, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View

from catalog.workspace.screens import go_to, screen
from inventory.calendars import holiday_words, is_working_day, next_working_day
from inventory.models import Warehouse, WarehouseHoliday
from inventory.stockwork.changing import drop_special_day, set_special_day
from inventory.stockwork.listing import may, must_have
from inventory.stockwork.transfer_views import places

CHANGE, DROP = "change_warehouseholiday", "delete_warehouseholiday"
AHEAD = 120
"""Days that are shown."""


@dataclass(frozen=True, kw_only=True)
class SpecialDay:
    """A day that is not what one would expect of its weekday. `pk` is that of our own row, 0 for a public holiday."""

    day: date
    name: str
    works: bool
    pk: int


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A warehouse with its coming special days."""

    code: str
    name: str
    country: str
    region: str
    zone: str
    week: str
    today: date
    works_today: bool
    opens: date
    days: tuple[SpecialDay, ...]


def calendars() -> tuple[Calendar, ...]:
    """All active warehouses. Two queries."""
    own: dict[int, dict[date, WarehouseHoliday]] = {}
    for row in WarehouseHoliday.objects.filter(day__gte=timezone.now().date() - timedelta(days=1)):
        own.setdefault(row.warehouse_id, {})[row.day] = row
    rows = Warehouse.objects.filter(is_active=True).order_by("code")
    return tuple(_calendar(place, own.get(place.pk, {})) for place in rows)


def _calendar(place: Warehouse, own: dict[date, WarehouseHoliday]) -> Calendar:
    today = timezone.now().astimezone(ZoneInfo(place.timezone)).date()
    return Calendar(
        code=place.code,
        name=place.name_i18n,
        country=place.country,
        region=place.subdivision,
        zone=place.timezone,
        week=", ".join(str(WEEKDAYS[day - 1]) for day in place.weekdays),
        today=today,
        works_today=is_working_day(today, place),
        opens=next_working_day(today, place),
        days=tuple(_special(place, own, today)),
    )


def _special(place: Warehouse, own: dict[date, WarehouseHoliday], today: date) -> Iterator[SpecialDay]:
    until = today + timedelta(days=AHEAD)
    language, years = get_language() or "en", {today.year, until.year}
    public = {day: name for year in years for day, name in holiday_words(place, year, language).items()}
    for day in sorted({*own, *public}):
        if today <= day and (day in own or day <= until):
            mine = own.get(day)
            name = mine.name if mine else public[day]
            yield SpecialDay(day=day, name=name, works=is_working_day(day, place), pk=mine.pk if mine else 0)


WEEKDAYS = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"),
    gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday"),
)  # fmt: skip


class DayForm(forms.Form):
    """A day on which a warehouse differs from its country."""

    warehouse_code = forms.ChoiceField(label=gettext_lazy("Warehouse"))
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}))
    name = forms.CharField(
        label=gettext_lazy("What it is"), max_length=100, help_text=gettext_lazy("Stocktaking, move, long Saturday.")
    )
    is_open = forms.TypedChoiceField(
        label=gettext_lazy("On that day the warehouse"),
        choices=[("", gettext_lazy("rests")), ("open", gettext_lazy("works"))],
        coerce=bool,
        required=False,
        empty_value=False,  # type: ignore[arg-type]  # any value may stand for nothing chosen
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse_code"].choices = places()  # type: ignore[attr-defined]  # a choice field
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class CalendarsView(View):
    """Look at the calendars, add a special day, take one back."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        must_have(request, "view_warehouseholiday")
        return self.page(request, DayForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add a day, or take the named one back."""
        deed, _colon, pk = request.POST.get("deed", "").partition(":")
        if deed == "drop":
            must_have(request, DROP)
            drop_special_day(pk=int(pk) if pk.isdecimal() else 0)
            messages.success(request, _("The calendar of the country holds again."))
            return go_to(reverse("admin:inventory_calendars"))
        must_have(request, CHANGE)
        form = DayForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, status=422)
        set_special_day(**form.cleaned_data)
        messages.success(request, _("The day is saved. Delivery dates follow at once."))
        return go_to(reverse("admin:inventory_calendars"))

    @staticmethod
    def page(request: HttpRequest, form: DayForm, status: int = 200) -> HttpResponse:
        """The calendars and the form."""
        context: dict[str, Any] = {
            "title": _("Calendars of warehouses"),
            "rows": calendars(),
            "form": form,
            "ahead": AHEAD,
            "may_change": may(request, CHANGE),
            "may_drop": may(request, DROP),
        }
        return screen(request, "admin/inventory/calendars.html", status=status, **context)
