#!/usr/bin/env bash
# country_converter 1.3.2: three countries of today get the Gleditsch-Ward numbers of states that are gone.
#
# Expected: Czech Republic 316, Yemen 678, Vietnam 816, as in Gleditsch and Ward's list of independent states
#   (International Interactions 25, 1999, and its updates), which datasets on conflict use.
# Seen: 315 (Czechoslovakia, to 1992), 680 (People's Republic of Yemen, to 1990), 817 (Republic of Vietnam, to
#   1975); 316, 678 and 816 are not found. The package countrycode 0.6.0 has 316 for the Czech Republic.
# Why it matters here: judgements and outcomes are joined to audiences by such codes; three capitals would be
#   joined to nothing, or to the record of another state, without a word.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
new_environment 11 country_converter==1.3.2 countrycode==0.6.0 numpy==2.3.5 pandas==2.3.3
run_python <<'PYTHON'
import logging
import country_converter
from countrycode import countrycode

logging.disable(logging.CRITICAL)
converter = country_converter.CountryConverter()
numbers = {code: int(converter.convert(code, src="ISO3", to="GWcode")) for code in ("CZE", "YEM", "VNM")}
back = converter.convert([316, 678, 816], src="GWcode", to="ISO3")
other = countrycode(["CZE"], origin="iso3c", destination="gwn")
print("ISO3 to GWcode:", numbers)
print("316, 678, 816 to ISO3:", back)
print("countrycode, CZE to gwn:", other)
assert numbers == {"CZE": 315, "YEM": 680, "VNM": 817}
assert back == ["not found"] * 3
assert int(other[0]) == 316
PYTHON
