"""Packages that were sent before statuses were kept: their parcel's state says where they stand."""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery

BY_STATE = {
    "handed_over": "info_received",
    "in_transit": "in_transit",
    "customs": "customs_in_progress",
    "out_for_delivery": "out_for_delivery",
    "delivered": "delivered",
    "exception": "delayed",
    "lost": "lost",
    "returned_to_sender": "returned",
}


def fill(apps, schema_editor):
    Package = apps.get_model("orders", "Package")
    TrackingEvent = apps.get_model("orders", "TrackingEvent")
    newest = TrackingEvent.objects.filter(package=OuterRef("pk")).order_by("-occurred_at", "-pk")
    for state, status in BY_STATE.items():
        Package.objects.filter(fulfillment__state=state).update(
            status=status, heard_at=Subquery(newest.values("created")[:1]), status_at=F("updated")
        )


class Migration(migrations.Migration):
    dependencies = [("orders", "0024_parcel_exceptions")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
