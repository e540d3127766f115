"""Accounts in the admin: found and looked at; what operators may do is set here, passwords never shown."""

from zoneinfo import available_timezones

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import ReadOnlyInline
from members import group_admin  # noqa: F401 (loading it registers its tables)
from members.models import Address, User


class AddressInline(ReadOnlyInline):
    """Addresses the shopper has kept."""

    model = Address
    fields = ("country", "fields", "phone", "is_default")
    readonly_fields = fields


class UserForm(UserChangeForm[User]):
    """An account as operators change it."""

    def clean_time_zone(self) -> str:
        """A name of the time zone database, or nothing."""
        name: str = self.cleaned_data["time_zone"]
        if name and name not in available_timezones():
            raise ValidationError(_("Write a time zone as region and city, for example Europe/Berlin or Asia/Tokyo."))
        return name


class NewUserForm(AdminUserCreationForm[User]):
    """A new account, named by its email address."""

    class Meta:
        model = User
        fields = ("email",)


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """Shoppers and operators."""

    form = UserForm
    add_form = NewUserForm
    list_display = ("email", "full_name", "market_code", "language", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active", "groups", "market_code")
    search_fields = ("email", "full_name")
    ordering = ("email",)
    filter_horizontal = ("groups", "user_permissions")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password", "full_name", "language", "market_code", "time_zone")}),
        (_("What they may do"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)
    inlines = (AddressInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Nobody gives themselves more than they have: only a superuser hands out single permissions or all of them."""
        fixed = list(super().get_readonly_fields(request, obj))
        if not request.user.is_superuser:
            fixed += ["is_superuser", "user_permissions"]
        if not request.user.has_perm("auth.change_group"):
            fixed += ["groups", "is_staff"]
        return fixed

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser's account is changed by superusers only."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)
