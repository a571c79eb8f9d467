"""Accounts and their roles, places, the residents' roll and the register of organisations."""

from grants.people.models.accounts import Organisation, OrganisationMember, Place, Resident, RoleGrant, User
from grants.people.models.bank import BankAccountChange
from grants.people.models.dossier import (
    MemberInvitation,
    OrganisationDocument,
    OrganisationWorker,
    StandingRecord,
)
from grants.people.models.roll import RollImport
from grants.people.models.sessions import SecondFactorReset, SignInAttempt, UserSession

__all__ = [
    "BankAccountChange",
    "MemberInvitation",
    "Organisation",
    "OrganisationDocument",
    "OrganisationMember",
    "OrganisationWorker",
    "Place",
    "Resident",
    "RoleGrant",
    "RollImport",
    "SecondFactorReset",
    "SignInAttempt",
    "StandingRecord",
    "User",
    "UserSession",
]
