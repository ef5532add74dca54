"""The page for a class: a server on this machine alone, and what the browser shows.

The server computes by the same engine as every verb, and the browser draws (``static/``). Asks and
answers between the two are declared in ``protocol``. docs/page.md has more.
"""
