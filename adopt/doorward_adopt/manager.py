"""Which users a model's manager hides."""
from django.db import models


def hidden_by(model, report):
    """The columns that hide a user where they are set, as far as the manager's filter can be told so."""
    hidden = []
    try:
        query = model._default_manager.get_queryset().query
        conditions = list(flattened(query.where, negated=False))
        table = query.get_initial_alias()
    except Exception as error:
        report.missing("the manager of users", f"it cannot be read: {error}")
        return hidden
    for condition, negated in conditions:
        column = hides(condition, negated) if is_of(table, condition) else None
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


def is_of(table, condition):
    """Whether it asks the users' own table, and none that is joined."""
    return getattr(getattr(condition, "lhs", None), "alias", None) == table


def hides(condition, negated):
    """The column that hides; an empty text where inactive users are left out, who are refused anyway; `None` for others."""
    field = getattr(getattr(condition, "lhs", None), "target", None)
    if field is None:
        return None
    lookup, value = condition.lookup_name, condition.rhs
    is_truth = isinstance(field, models.BooleanField) and not field.null
    if is_truth and lookup == "exact" and isinstance(value, bool):
        is_shown_when_set = value != negated
        if not is_shown_when_set:
            return field.column
        return "" if field.name == "is_active" else None
    if lookup == "isnull" and value != negated:
        return field.column
    return None
