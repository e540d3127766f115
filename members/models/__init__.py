"""People: accounts that sign in by email, and the addresses they keep."""

from members.models.addresses import Address
from members.models.users import User

__all__ = ["Address", "User"]
