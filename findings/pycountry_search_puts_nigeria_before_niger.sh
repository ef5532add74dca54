#!/usr/bin/env bash
# pycountry 26.2.16: search_fuzzy("Niger") has Nigeria first; an exact name does not win.
#
# Expected: the first result is the best one, and a country's exact name is as good as can be.
# Seen: Niger is second, behind Nigeria; "Korea" begins with the North, "Kosovo" gives Serbia alone, "Oman" also finds
#   Romania, North Macedonia and Uganda, since parts of names and subdivisions count. lookup("Niger") is right, but
#   knows neither "Russia" nor "Kosovo".
# Why it matters here: a file of stances by country's name joined by the first hit gives a stance to another capital.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
new_environment 11 pycountry==26.2.16
run_python <<'PYTHON'
import pycountry

def search(name):
    return [country.alpha_3 for country in pycountry.countries.search_fuzzy(name)]

def lookup(name):
    try:
        return pycountry.countries.lookup(name).alpha_3
    except LookupError:
        return None

hits = {name: search(name) for name in ("Niger", "Korea", "Kosovo", "Oman")}
exact = {name: lookup(name) for name in ("Niger", "Russia", "Kosovo")}
print(hits, exact)
assert hits["Niger"][:2] == ["NGA", "NER"]
assert hits["Korea"][0] == "PRK"
assert hits["Kosovo"] == ["SRB"]
assert {"ROU", "MKD", "UGA"} <= set(hits["Oman"])
assert exact == {"Niger": "NER", "Russia": None, "Kosovo": None}
PYTHON
