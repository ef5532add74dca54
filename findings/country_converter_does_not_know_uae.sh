#!/usr/bin/env bash
# country_converter 1.3.2: a text of three letters is always an ISO code, so "UAE", "DRC" and "ROK" are not found.
#
# Expected: names are matched by patterns (the default, src=None), "UAE" and "DRC" among them: "DPRK" and "DR Congo"
#   are found.
# Seen: two or three letters are looked up as ISO2 or ISO3 only: "UAE", "DRC", "ROK", "PRC", "KSA" give "not found".
#   "UK" is found all the same. With not_found=None the text comes back as it went in: "UAE" in a column of ISO3
#   codes then looks like a code.
# Why it matters here: tables of what capitals said are kept by hand, with the abbreviations people use.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
new_environment 11 country_converter==1.3.2 numpy==2.3.5 pandas==2.3.3
run_python <<'PYTHON'
import logging
import country_converter

logging.disable(logging.CRITICAL)
convert = country_converter.CountryConverter().convert
short = ["UAE", "DRC", "ROK", "PRC", "KSA"]
found = convert([*short, "UK", "DPRK", "DR Congo", "United Arab Emirates"], to="ISO3")
passed_on = convert("UAE", to="ISO3", not_found=None)
print(found, passed_on)
assert found == ["not found"] * 5 + ["GBR", "PRK", "COD", "ARE"]
assert passed_on == "UAE"
PYTHON
