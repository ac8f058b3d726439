"""Which users a model's manager hides."""
from django.db import models


def hidden_by(model, report):
    """The columns that hide a user where they are set, as far as the manager's filter can be told so."""
    hidden = []
    try:
        where = model._default_manager.get_queryset().query.where
        conditions = list(flattened(where, negated=False))
    except Exception as error:
        report.missing("the manager of users", f"it cannot be read: {error}")
        return hidden
    for condition, negated in conditions:
        column = hides(condition, negated)
        if column is None:
            report.missing("the manager of users", f"it filters by something that Doorward cannot: {condition!r}")
        elif column:
            hidden.append(column)
    if hidden:
        report.covered("the manager of users", f"hides by {', '.join(hidden)}")
    return hidden


def flattened(node, negated):
    """The conditions of a filter, where all of them have to hold."""
    negated ^= getattr(node, "negated", False)
    children = getattr(node, "children", None)
    if children is None:
        yield node, negated
        return
    alone = len(children) <= 1
    joined = node.connector == ("AND" if not negated else "OR")
    for child in children:
        if alone or joined:
            yield from flattened(child, negated)
        else:
            yield child, negated


def hides(condition, negated):
    """The column that hides; an empty text where inactive users are left out, who are refused anyway; `None` for others."""
    field = getattr(getattr(condition, "lhs", None), "target", None)
    if field is None:
        return None
    lookup, value = condition.lookup_name, condition.rhs
    if isinstance(field, models.BooleanField) and lookup == "exact" and isinstance(value, bool):
        is_shown_when_set = value != negated
        if not is_shown_when_set:
            return field.column
        return "" if field.name == "is_active" else None
    if lookup == "isnull" and value != negated:
        return field.column
    return None
