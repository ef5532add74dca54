"""Names of an earlier shape, until every figure has the new ones."""


def found_key(tree, *wanted):  # until style.py is merged
    for key in wanted:
        if hasattr(tree, "get") and tree.get(key) is not None:
            return tree[key]
    return None
