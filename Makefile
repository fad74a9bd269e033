# Townhall. `make help` lists what can be asked for.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# Where Python may not keep what it has compiled, each process that is started compiles all of it again.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
DATA ?= var
PORT ?= 8000
BUILT := src/townhall/ui/static/townhall
PYTEST ?= $(BIN)/python -m pytest
WORKERS ?= 2
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: help
help: ## say what can be asked for
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | \
		while IFS=$$'\t' read -r name words; do printf '  make %-10s %s\n' "$$name" "$$words"; done

# ── Setting up ──────────────────────────────────────────────────────────────

.PHONY: setup
setup: $(VENV)/.dev $(BUILT)/.built ## install everything a developer needs (safe to repeat)

$(VENV)/.build: requirements/build.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/build.txt
	touch $@

$(VENV)/.runtime: $(VENV)/.build requirements/runtime.txt pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements/runtime.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt requirements/docs.txt requirements/browser.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes \
		--requirement requirements/dev.txt --requirement requirements/docs.txt --requirement requirements/browser.txt
	touch $@

node_modules/.installed: $(VENV)/.build package.json package-lock.json requirements/node.txt
	PATH="$$(bash tools/node $(VENV)):$$PATH" npm ci --no-audit --no-fund --silent
	touch $@

$(BUILT)/.built: node_modules/.installed $(shell find assets -type f)
	PATH="$$(bash tools/node $(VENV)):$$PATH" npm run --silent build
	touch $@

.PHONY: assets
assets: $(BUILT)/.built ## build styles and script into the package

.PHONY: wheel
wheel: $(VENV)/.runtime $(BUILT)/.built ## build the wheel and the source distribution into dist
	rm -rf dist
	$(UV) build --quiet --no-build-isolation --python $(BIN)/python --out-dir dist .

.PHONY: lock
lock: $(VENV)/.build ## choose and pin every dependency again
	$(COMPILE) --group build --output-file requirements/build.txt
	$(COMPILE) --constraint requirements/build.txt pyproject.toml --output-file requirements/runtime.txt
	for group in dev browser docs drills; do \
		$(COMPILE) --constraint requirements/build.txt --constraint requirements/runtime.txt \
			--group $$group --output-file requirements/$$group.txt; \
	done
	$(COMPILE) --group node --output-file requirements/node.txt
	PATH="$$(bash tools/node $(VENV)):$$PATH" npm install --package-lock-only --no-audit --no-fund

# ── Running ─────────────────────────────────────────────────────────────────

.PHONY: serve
serve: $(VENV)/.runtime $(BUILT)/.built ## serve the demonstration borough at http://127.0.0.1:8000
	$(BIN)/townhall serve --port $(PORT) --data $(DATA)

# ── Proving ─────────────────────────────────────────────────────────────────

.PHONY: test
test: setup ## run every test: engine, SQLite, PostgreSQL, browser
	bash tools/check tests

.PHONY: check
check: setup ## everything that must hold before a change lands
	bash tools/check

.PHONY: bench
bench: setup ## measure, beside the goals: docs/speed.md
	$(PYTEST) tests/bench -m bench -p no:randomly -q -s $(if $(BENCH),-k "$(BENCH)")

.PHONY: soak
soak: setup ## the long kill and fault runs; its result belongs in docs
	nice $(BIN)/python -m tests.reliability.soak $(SOAK)
	nice $(BIN)/python -m tests.support.postgres $(BIN)/python -m tests.reliability.soak $(SOAK)

.PHONY: accessibility
accessibility: setup ## look at every state with every check, and write build/accessibility
	TOWNHALL_EVERY_STATE=1 bash tools/check looking

.PHONY: screenshots
screenshots: setup ## photograph every page state at three widths into build/screenshots
	TOWNHALL_CHROMIUM="$$(bash tools/chromium $(VENV))" $(BIN)/python -m tests.support.accessibility.pictures

.PHONY: drills
drills: setup ## lose a machine on purpose, and measure what that loses
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements/drills.txt
	$(BIN)/python -m tests.reliability.drill_litestream $(DRILLS)
	$(BIN)/python -m tests.reliability.drill_postgres $(DRILLS)

.PHONY: docs
docs: $(VENV)/.dev ## build the handbook; a warning is an error
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs build/docs

.PHONY: gallery
gallery: setup ## photograph the pages of each pattern for the handbook
	TOWNHALL_CHROMIUM="$$(bash tools/chromium $(VENV))" $(BIN)/python -m tests.browser.gallery

.PHONY: format
format: $(VENV)/.dev ## put the code in its one form
	$(BIN)/ruff check --quiet --fix src tests || true
	$(BIN)/ruff format --quiet src tests
