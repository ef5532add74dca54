"""Numbers in place of names: what one run needs, as arrays, and the draws it is given."""
