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


def pabulib_facts(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return what the META section of a Pabulib file says of a rule; what the format has no word for is "unknown"."""
    limits = settings.get("envelopes") or settings.get("floors")
    if settings.get("method") == Method.GREEDY:
        return _greedy_facts(settings, has_limits=bool(limits))
    usual = {"utility": Utility.COST, "increment": 100, "fill": Fill.NONE}
    is_usual = settings.get("method") == Method.EQUAL_SHARES and all(settings[name] == usual[name] for name in usual)
    if limits or not is_usual or settings["exclusion_groups"] or settings["threshold"] > 1:
        return {"rule": "unknown"}
    words = {Completion.NONE: "equalshares", Completion.ADD1: "equalshares/add1"}
    endings = {Comparison.NONE: "", Comparison.SATISFACTION: "-comparison"}
    word, ending = words.get(settings["completion"]), endings.get(settings["comparison"])
    return {"rule": "unknown" if word is None or ending is None else word + ending}


def _greedy_facts(settings: Mapping[str, Any], *, has_limits: bool) -> dict[str, str]:
    if has_limits or settings["overrun_percent"] is not None:
        return {"rule": "greedy-custom"}
    if settings["exclusion_groups"]:
        return {"rule": "greedy-exclusive"}
    if not settings["skip"]:
        return {"rule": "greedy-no-skip"}
    if settings["threshold"]:
        return {"rule": "greedy-threshold", "min_project_score_threshold": str(settings["threshold"])}
    return {"rule": "greedy"}
