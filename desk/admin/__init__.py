"""What the desk adds to the administration. Each module registers what it has."""

from desk.admin.imports import ImportAdmin
from desk.admin.signins import SignInAdmin
from desk.admin.users import UserAdmin

__all__ = ["ImportAdmin", "SignInAdmin", "UserAdmin"]
