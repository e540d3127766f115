"""People: accounts that sign in by email, the addresses and products they keep."""

from members.models.addresses import Address
from members.models.favourites import Favourite
from members.models.groups import CustomerGroup, GroupMember
from members.models.users import User

__all__ = ["Address", "CustomerGroup", "Favourite", "GroupMember", "User"]
