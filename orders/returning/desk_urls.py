"""Addresses of the operators' screens of returns and questions, inside the admin's own namespace."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from orders.exchanging import desk as exchanges
from orders.returning import desk_views as desk
from orders.returning import ticket_desk as tickets

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


def returning_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen and operation; `wrap` is the site's own door."""
    one = "returns/<order_number:number>/"
    ticket = "questions/<order_number:number>/"
    return [
        path("returns/", wrap(desk.ReturnListView.as_view()), name="workspace_returns"),
        path("returns/files/<int:file>/", wrap(desk.FileView.as_view()), name="workspace_return_file"),
        path(one, wrap(desk.ReturnScreen.as_view()), name="workspace_return"),
        path(f"{one}approve/", wrap(desk.ApproveView.as_view()), name="workspace_return_approve"),
        path(f"{one}reject/", wrap(desk.RejectView.as_view()), name="workspace_return_reject"),
        path(f"{one}receive/", wrap(desk.ReceiveView.as_view()), name="workspace_return_receive"),
        path(f"{one}inspect/<int:line>/", wrap(desk.InspectView.as_view()), name="workspace_return_inspect"),
        path(f"{one}end/", wrap(desk.EndView.as_view()), name="workspace_return_end"),
        path(f"{one}settle/", wrap(desk.SettleView.as_view()), name="workspace_return_settle"),
        path(f"{one}exchange/", wrap(exchanges.ExchangeView.as_view()), name="workspace_return_exchange"),
        path(f"{one}give-up/", wrap(exchanges.GiveUpView.as_view()), name="workspace_return_give_up"),
        path(f"{one}replace/", wrap(desk.ReplaceView.as_view()), name="workspace_return_replace"),
        path(f"{one}close/", wrap(desk.CloseView.as_view()), name="workspace_return_close"),
        path("questions/", wrap(tickets.TicketListView.as_view()), name="workspace_tickets"),
        path(ticket, wrap(tickets.TicketScreen.as_view()), name="workspace_ticket"),
        path(f"{ticket}answer/", wrap(tickets.AnswerView.as_view()), name="workspace_ticket_answer"),
        path(f"{ticket}assign/", wrap(tickets.AssignView.as_view()), name="workspace_ticket_assign"),
        path(f"{ticket}solve/", wrap(tickets.SolveView.as_view()), name="workspace_ticket_solve"),
    ]
