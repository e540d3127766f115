"""Groups of customers in the admin: their names, and who belongs to them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from members.groups import let_go, note_group, take_in
from members.models import CustomerGroup, GroupMember


class GroupMemberInline(admin.TabularInline[GroupMember, CustomerGroup]):
    """Who belongs to the group."""

    model = GroupMember
    fields = ("user", "last_day")
    autocomplete_fields = ("user",)
    extra = 1


@admin.register(CustomerGroup)
class CustomerGroupAdmin(admin.ModelAdmin[CustomerGroup]):
    """Whose price lists hold for whom."""

    list_display = ("name", "code")
    search_fields = ("name", "code", "members__user__email")
    inlines = (GroupMemberInline,)

    def has_delete_permission(self, request: HttpRequest, obj: CustomerGroup | None = None) -> bool:
        """A group is emptied, member by member, and so recorded; price lists go on naming it."""
        return False

    def save_model(self, request: HttpRequest, obj: CustomerGroup, form: forms.ModelForm[Any], change: bool) -> None:
        """Record what it was called before."""
        super().save_model(request, obj, form, change)
        note_group(obj, old={name: form.initial.get(name) for name in form.changed_data}, is_new=not change)

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm[Any], formset: forms.BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        """Each member by the action that records it. Another account in a row is one who goes and one who comes."""
        formset.save(commit=False)
        for row in formset.deleted_objects:
            let_go(group=form.instance, user_id=row.user_id)
        for row, changed in formset.changed_objects:
            if "user" in changed:
                before = GroupMember.objects.get(pk=row.pk)
                let_go(group=form.instance, user_id=before.user_id)
            take_in(group=form.instance, user_id=row.user_id, last_day=row.last_day)
        for row in formset.new_objects:
            take_in(group=form.instance, user_id=row.user_id, last_day=row.last_day)
