"""The page for a class: a server on this machine alone, and what the browser shows.

The server computes by the same engine as every verb; the browser draws. docs/page.md has more.
"""
