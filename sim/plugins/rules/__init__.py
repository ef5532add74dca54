"""Update rules: how strongly an audience follows a source at a distance, K(s, p)."""
