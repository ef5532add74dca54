# make run    the main job: what mediation changes in kashmir_2025
# make test   every test, then those of compiled code again in plain Python
# make check  lint, types, import contract, generated files
# Needs Python >= 3.11 and this make. PYTHON names another interpreter, VENV another environment:
#   make test PYTHON=python3.13 VENV=.venv313

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
PAIRS ?= 2000
BIN := $(VENV)/bin
# The stamps say which extras an environment has; a changed pyproject.toml renews them.
INSTALLED := $(VENV)/.installed
TESTING := $(VENV)/.installed-test
CHECKING := $(VENV)/.installed-dev
# Tests that between them run all that Numba compiles, and small enough for plain Python;
# laws and plug-ins are plain Python wherever the agents or their own tests call them
UNCOMPILED ?= tests/engines tests/model/test_engines_agree.py tests/running/test_blocks.py

.PHONY: run test test-all test-uncompiled check lint types contract current generate mutants \
	torture leak showcase benchmark clean

run: $(INSTALLED)
	$(BIN)/narrate compare kashmir_2025 --arms mediation --baseline no_mediation -n $(PAIRS)

test: test-all test-uncompiled

test-all: $(TESTING)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

test-uncompiled: $(TESTING)
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow" \
		$(wildcard $(UNCOMPILED))

check: lint types contract current

lint: $(CHECKING)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(CHECKING)
	$(BIN)/mypy

contract: $(CHECKING)
	$(BIN)/lint-imports --no-logo

current: $(TESTING)
	$(BIN)/python -m pytest tests/project/test_generated.py

# Writes the files that are derived from the code
generate: $(INSTALLED)
	$(BIN)/python -m sim.tables.columns
	$(BIN)/python -m sim.report.parameter_table
	$(BIN)/narrate show --schema > scenarios/schema.json.new
	mv scenarios/schema.json.new scenarios/schema.json

# Breaks the laws one by one and asks the tests to notice; takes long
mutants: $(TESTING)
	$(BIN)/python -m tests.mutants

# Kills sweeps at 200 random instants, fails each call by which one is written; takes ten minutes
torture: $(TESTING)
	$(BIN)/python -m tests.faults.kills --trials 200
	NARRATE_FAULTS=0 $(BIN)/python -m pytest tests/faults

# Measures what memory stays after the same thing is done hundreds of times; takes some minutes
leak: $(TESTING)
	$(BIN)/python -m tests.leaking

# Writes the showcase anew: figures, and the rows of two tables that are means over the offer's days
showcase: $(INSTALLED)
	rm -rf results/showcase.new
	$(BIN)/narrate compare kashmir_2025 --arms mediation --baseline no_mediation -n $(PAIRS) \
		--out results/showcase.new
	cp results/showcase.new/figures/*.png results/showcase/figures/
	for table in comparison channels; do $(BIN)/python -c 'import pandas, sys; \
		rows = pandas.read_csv(sys.argv[1], dtype=str, keep_default_na=False); \
		rows[rows["step"] == "-1"].to_csv(sys.argv[2], index=False, lineterminator="\n")' \
		results/showcase.new/$$table.csv results/showcase/$$table.csv || exit 1; done
	rm -rf results/showcase.new

# Times the engine beside C, NumPy and Mesa anew, on a quiet machine (about twenty minutes)
benchmark: $(INSTALLED)
	rm -rf results/benchmark.new
	$(BIN)/narrate benchmark --out results/benchmark.new
	rm -rf results/showcase/benchmark
	mkdir -p results/showcase/benchmark
	cp results/benchmark.new/*.csv results/benchmark.new/*.json results/benchmark.new/*.md \
		results/benchmark.new/*.png results/showcase/benchmark/
	rm -rf results/benchmark.new

clean:
	rm -rf build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find sim tests experiments -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) must be Python 3.11 or newer; name one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(INSTALLED): pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[page]"
	@touch $@

$(TESTING): pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[test]"
	@touch $@ $(INSTALLED)

$(CHECKING): pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[test,dev]"
	@touch $@ $(TESTING) $(INSTALLED)
