"""Records of the staff room, by noun."""

from tongke.areas.staff.models.clients import ClientSecret, MachineClient, PersonalToken
from tongke.areas.staff.models.desk import Notification, PolicyFigure, SavedFilter
from tongke.areas.staff.models.organisation import Org
from tongke.areas.staff.models.people import Colleague, Post, PostRight, Role, Staff, StaffAccounts, StaffSecret
from tongke.areas.staff.models.sessions import SignInAttempt, StaffSession
from tongke.areas.staff.models.trail import Approval, Look

__all__ = [
    "Approval",
    "ClientSecret",
    "Colleague",
    "Look",
    "MachineClient",
    "Notification",
    "Org",
    "PersonalToken",
    "PolicyFigure",
    "Post",
    "PostRight",
    "Role",
    "SavedFilter",
    "SignInAttempt",
    "Staff",
    "StaffAccounts",
    "StaffSecret",
    "StaffSession",
]
