"""Addresses of the warehouse floor, inside the admin's own namespace."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from orders.floor import views_handover as handover
from orders.floor import views_pack as packing
from orders.floor import views_pick as picking
from orders.floor import views_shorts as shorts

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


def floor_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen and deed; `wrap` is the site's own door."""
    wave = "floor/waves/<str:number>/"
    parcel = "floor/parcels/<int:pk>/"
    short = "floor/missing/<int:pk>/"
    return [
        path("floor/", wrap(picking.FloorView.as_view()), name="floor"),
        path("floor/missing/", wrap(shorts.ShortListView.as_view()), name="floor_shorts"),
        path(short, wrap(shorts.ShortView.as_view()), name="floor_short"),
        path(f"{short}found/", wrap(shorts.FoundView.as_view()), name="floor_short_found"),
        path(f"{short}apart/", wrap(shorts.ApartView.as_view()), name="floor_short_apart"),
        path(f"{short}elsewhere/", wrap(shorts.ElsewhereView.as_view()), name="floor_short_elsewhere"),
        path(f"{short}give-up/", wrap(shorts.GiveUpView.as_view()), name="floor_short_give_up"),
        path(wave, wrap(picking.WaveView.as_view()), name="floor_wave"),
        path(f"{wave}start/", wrap(picking.StartView.as_view()), name="floor_wave_start"),
        path(f"{wave}cancel/", wrap(picking.CancelView.as_view()), name="floor_wave_cancel"),
        path(f"{wave}pick/", wrap(picking.PickView.as_view()), name="floor_pick"),
        path(f"{wave}scan/", wrap(picking.PickScanView.as_view()), name="floor_pick_scan"),
        path(f"{wave}list/", wrap(picking.pick_list), name="floor_pick_list"),
        path(f"{wave}papers/<str:kind>/", wrap(picking.wave_papers), name="floor_wave_papers"),
        path(f"{wave}labels/<str:format>/", wrap(picking.wave_labels), name="floor_wave_labels"),
        path(parcel, wrap(packing.PackView.as_view()), name="floor_parcel"),
        path(f"{parcel}scan/", wrap(packing.ScanView.as_view()), name="floor_scan"),
        path(f"{parcel}back/", wrap(packing.BackView.as_view()), name="floor_scan_back"),
        path(f"{parcel}close/", wrap(packing.CloseView.as_view()), name="floor_close"),
        path(f"{parcel}open/", wrap(packing.OpenView.as_view()), name="floor_open"),
        path(f"{parcel}way/", wrap(packing.WayView.as_view()), name="floor_way"),
        path(f"{parcel}label/", wrap(packing.BuyView.as_view()), name="floor_buy"),
        path(f"{parcel}label/use/", wrap(packing.UseLabelView.as_view()), name="floor_use_label"),
        path(f"{parcel}label/file/", wrap(packing.label_file), name="floor_label"),
        path(f"{parcel}paper/", wrap(packing.PaperView.as_view()), name="floor_paper"),
        path(f"{parcel}leave/", wrap(packing.LeaveView.as_view()), name="floor_leave"),
        path("floor/lists/<str:number>/", wrap(handover.HandoverView.as_view()), name="floor_handover"),
        path("floor/lists/<str:number>/paper/", wrap(handover.handover_list), name="floor_handover_list"),
        path("floor/<str:code>/pick/", wrap(picking.PlanView.as_view()), name="floor_plan"),
        path("floor/<str:code>/pack/", wrap(packing.TableView.as_view()), name="floor_table"),
        path("floor/<str:code>/handover/", wrap(handover.HandoversView.as_view()), name="floor_handovers"),
    ]
