#!/usr/bin/env bash
# country_converter 1.3.2 installs beside pandas 3 and cannot be started there.
#
# Expected: what pip installs together works together; the package asks for pandas>=1.0.
# Seen: with pandas 3.1.1 CountryConverter() ends in "TypeError: first argument must be string or compiled
#   pattern": an empty cell among the codes is a missing value now, where its patterns are made. With 2.3.3 it works.
# Why it matters here: it is the converter one would take for a file of countries' stances; a lower bound alone
#   does not keep an environment working.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
cat > "$folder/start.py" <<'PYTHON'
import sys
import country_converter

try:
    country_converter.CountryConverter()
    seen = "starts"
except TypeError as error:
    seen = f"TypeError: {error}"
print(seen)
assert seen == sys.argv[1], seen
PYTHON
new_environment 11 country_converter==1.3.2 pandas==3.1.1 numpy==2.3.5
"$environment/bin/python" "$folder/start.py" "TypeError: first argument must be string or compiled pattern"
new_environment 11 country_converter==1.3.2 pandas==2.3.3 numpy==2.3.5
"$environment/bin/python" "$folder/start.py" "starts"
