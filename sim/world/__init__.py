"""What one run needs, as arrays: numbers in place of names, and the random draws it is given."""
