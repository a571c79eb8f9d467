"""A counting rule as plain settings: what is frozen and hashed before a poll opens, and read again to recount it."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from grants.voting.counting.election import Election
from grants.voting.counting.equal_shares import EqualSharesRule, SharesCount, count_equal_shares, default_tie_order
from grants.voting.counting.greedy import GreedyRule, count_greedy
from grants.voting.counting.result import Result
from grants.voting.counting.variants import Comparison, Completion, Fill, Method, Utility

Rule = GreedyRule | EqualSharesRule


class BadRule(ValueError):
    """Settings are not those of a counting rule."""


def count(election: Election, rule: Rule) -> Result:
    """Count an election by a rule."""
    return count_greedy(election, rule) if isinstance(rule, GreedyRule) else count_equal_shares(election, rule)


def settings_of(rule: Rule, election: Election) -> dict[str, Any]:
    """Return every setting as JSON values, the order of ties and the first share spelt out. Money in minor units."""
    groups = sorted(sorted(group) for group in rule.exclusion_groups)
    limits = {"envelopes": dict(rule.envelopes), "floors": dict(rule.floors)}
    if isinstance(rule, GreedyRule):
        return {
            "method": str(Method.GREEDY),
            "threshold": rule.threshold,
            "skip": rule.skip,
            "overrun_percent": rule.overrun_percent,
            "exclusion_groups": groups,
            **limits,
            "tie_order": list(rule.tie_order or (option.id for option in election.options)),
        }
    return {
        "method": str(Method.EQUAL_SHARES),
        "utility": str(rule.utility),
        "completion": str(rule.completion),
        "increment": rule.increment,
        "start_share": str(SharesCount(election, rule).start),
        "fill": str(rule.fill),
        "comparison": str(rule.comparison),
        "threshold": rule.threshold,
        "exclusion_groups": groups,
        **limits,
        "tie_order": list(rule.tie_order or default_tie_order(election)),
    }


def rule_of(settings: Mapping[str, Any]) -> Rule:
    """Return the rule that settings describe; what is left out takes its default. Raises BadRule for anything else."""
    known = dict(settings)
    method = known.pop("method", None)
    try:
        known["tie_order"] = tuple(known.get("tie_order", ()))
        known["exclusion_groups"] = _groups(known.get("exclusion_groups", ()))
        for name in ("envelopes", "floors"):
            known[name] = {key: int(amount) for key, amount in known.get(name, {}).items()}
        if method == Method.GREEDY:
            return GreedyRule(**known)
        if method == Method.EQUAL_SHARES:
            return _equal_shares(known)
    except (KeyError, TypeError, ValueError) as error:
        raise BadRule(f"the settings of the rule cannot be read: {error}") from error
    raise BadRule(f"unknown counting method {method!r}")


def _equal_shares(known: dict[str, Any]) -> EqualSharesRule:
    for name, kind in (("utility", Utility), ("completion", Completion), ("fill", Fill), ("comparison", Comparison)):
        if name in known:
            known[name] = kind(known[name])
    if known.get("start_share") is not None:
        known["start_share"] = Fraction(known["start_share"])
    return EqualSharesRule(**known)


def _groups(groups: Iterable[Iterable[str]]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group) for group in groups)
