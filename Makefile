# One entry for everything. `make demo` and `make test` need Python 3.11 and make, nothing else.
PYTHON ?= $(shell for p in python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/ready
PIP_INSTALL := pip install -qq --disable-pip-version-check --retries 10
DEMO := cd examples/demo && ../../$(BIN)/csprio
TODAY := --as-of 2026-11-23
# One worker more than processors: some tests only wait for a clock or for another program.
JOBS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# One test at a time to whoever is free: the long ones come first (tests/conftest.py).
PARALLEL := -n $(JOBS) --dist load --maxschedchunk 1

# The tests have passed, and no file that they could depend on is younger than their beginning.
TESTED := .venv/tested
WATCHED := Makefile pyproject.toml *.md csprio playbooks examples tests docs benchmarks/*.py benchmarks/rivals
UNCHANGED := test -f $(TESTED) && test -z "$$(find $(WATCHED) -type f -newer $(TESTED) ! -path '*/__pycache__/*')"

.PHONY: demo test check clients docs pictures golden lock bench bench-quick clean

demo: $(READY)  ## grades, tiers, dates and lists the accounts of examples/demo
	$(DEMO) grade accounts.csv $(TODAY)
	$(DEMO) tiers accounts.csv $(TODAY)
	$(DEMO) calendar accounts.csv --account ACME $(TODAY)
	$(DEMO) worklist accounts.csv $(TODAY)

test: $(READY)  ## all tests
	@touch $(TESTED).begun
	$(BIN)/pytest -q $(PARALLEL)
	@mv $(TESTED).begun $(TESTED)

check: $(READY)  ## format, lint, types, tests with coverage, and that the generated docs are current
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python docs/generate.py --check
	@if $(UNCHANGED); then echo 'all tests have passed, and nothing has changed since'; else $(MAKE) test; fi
	$(BIN)/pytest -q $(PARALLEL) --traced --hypothesis-profile=covered --cov --cov-report=
	$(BIN)/coverage report
	$(BIN)/coverage report --include='csprio/decide/*' --fail-under=100

clients:  ## installs the programs that `pytest -m interop` runs: Debian, as root
	.ci/clients
	$(MAKE) .venv/interop/ready

.venv/interop/ready: tests/clients-python.txt  ## clients of calendars, which pin other versions
	$(PYTHON) -m venv .venv/interop
	.venv/interop/bin/$(PIP_INSTALL) --requirement tests/clients-python.txt
	npm install --silent --no-audit --no-fund --prefix .venv/interop/node ical.js@2.2.1
	@touch $@

docs: $(READY)  ## writes the generated parts of docs/ anew
	$(BIN)/python docs/generate.py

pictures: $(READY)  ## makes the pictures of the README anew; needs Chromium
	$(BIN)/python docs/pictures.py

golden: $(READY)  ## writes the expected answers of tests/ and examples/ anew: read the diff
	$(BIN)/pytest -q $(PARALLEL) --update-golden tests/test_golden.py tests/test_problems.py

bench: $(READY)  ## csprio beside its rivals, to 5M accounts, into docs/performance.md; SIZES=10k,1M: these, printed
	$(BIN)/python benchmarks/run.py $(if $(SIZES),--sizes $(SIZES),--write docs/performance.md)

bench-quick: $(READY)  ## the same of 10k and 100k accounts, printed
	$(BIN)/python benchmarks/run.py --sizes 10k,100k

lock:  ## pins the newest versions that pyproject.toml allows
	rm -rf .venv/lock && $(PYTHON) -m venv .venv/lock
	.venv/lock/bin/$(PIP_INSTALL) --upgrade '.[dev]'
	.venv/lock/bin/pip freeze --exclude csprio > requirements.lock && rm -rf .venv/lock

clean:
	rm -rf .venv benchmarks/.data dist build .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(READY): pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo 'csprio needs Python 3.11 or newer: make PYTHON=/path/to/python' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/$(PIP_INSTALL) --constraint requirements.lock --editable '.[dev]'
	@$(BIN)/python -m compileall -q csprio  # a run may be forbidden to keep what it compiles
	@touch $@
