"""Reads of funds, accounts, journals and proposals."""

from grants.funds.queries.balances import (
    EMPTY,
    FundSummary,
    ProjectMoney,
    balances_on,
    envelope_balance,
    find_account,
    find_fund_of_project,
    fund_summary,
    list_accounts,
    pool_balance,
    project_money,
    summarise_funds,
    summarise_projects,
)
from grants.funds.queries.check import check_ledger
from grants.funds.queries.journals import (
    JournalFilter,
    count_journals,
    find_journal,
    find_resolution,
    find_reversal,
    get_journal,
    iterate_journals,
    list_journals,
)
from grants.funds.queries.proposals import get_fund, get_proposal, list_due_for, list_funds, list_proposals

__all__ = [
    "EMPTY",
    "FundSummary",
    "JournalFilter",
    "ProjectMoney",
    "balances_on",
    "check_ledger",
    "count_journals",
    "envelope_balance",
    "find_account",
    "find_fund_of_project",
    "find_journal",
    "find_resolution",
    "find_reversal",
    "fund_summary",
    "get_fund",
    "get_journal",
    "get_proposal",
    "iterate_journals",
    "list_accounts",
    "list_due_for",
    "list_funds",
    "list_journals",
    "list_proposals",
    "pool_balance",
    "project_money",
    "summarise_funds",
    "summarise_projects",
]
