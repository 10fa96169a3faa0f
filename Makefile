# Everything happens in .venv; nothing is installed outside of this folder.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
NODE_READY := widgets/node_modules/.package-lock.json
ARGS ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# pytest's plugins and nbval ask Jupyter for its folders; the answer without this is a deprecation warning
export JUPYTER_PLATFORM_DIRS := 1

.NOTPARALLEL:
.PHONY: help setup demo widgets test check-python check-docs check-widgets check-wheel check-chromium bench clean

help:
	@echo "make demo       set up, then open the simulated Grand Prix (ARGS=\"--no-browser --port 8899\")"
	@echo "make setup      a .venv with f1nb, all extras and the tools of development (PYTHON=python3.12)"
	@echo "make test       set up, then every check"
	@echo "make widgets    build the browser half (needs Node)"
	@echo "make bench      measure the budgets"
	@echo "make clean      remove what the others have made"

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "f1nb needs Python 3.11 or later; name one that is installed: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up .venv; this takes a minute or two, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet -c constraints.txt --upgrade pip
	@$(BIN)/python -m pip install --quiet -c constraints.txt -e ".[all]" --group dev
	@touch $@

demo: $(READY)
	@$(BIN)/f1nb dashboard --simulated $(ARGS)

widgets: $(NODE_READY)
	cd widgets && npm run --silent build

$(NODE_READY): widgets/package-lock.json
	cd widgets && npm ci --no-audit --no-fund
	@touch $@

# pytest comes last: its summary is what a run ends with. Two at a time: most tests wait for a server or a process. The browser's
# event loop is its own: tests of live servers cannot share a process with it.
test: $(READY) check-python check-docs check-widgets check-wheel check-chromium
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --benchmark-skip tests/browser
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --doctest-modules --nbval-lax --benchmark-skip tests/unit tests/notebooks f1nb notebooks

check-python: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports

check-docs: $(READY)
	$(BIN)/python scripts/schema_docs.py --check

# The built files are committed, so that installing needs no Node. Where it is there, they must be what the sources give.
check-widgets:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory check-widgets-with-node; \
	elif [ "$$CI" = true ]; then echo "Node is missing: the browser half cannot be checked; install Node 20 or later" >&2; exit 1; \
	else echo "Node is missing: the browser half is not checked"; fi

.PHONY: check-widgets-with-node
check-widgets-with-node: $(NODE_READY)
	cd widgets && npm run --silent check && npm run --silent test && npm run --silent build
	@git diff --exit-code --stat -- f1nb/panels/static && test -z "$$(git ls-files --others -- f1nb/panels/static)" || \
	  { echo "f1nb/panels/static is not what widgets/src builds to: run make widgets and commit it" >&2; exit 1; }

check-wheel: $(READY)
	$(BIN)/python scripts/check_wheel.py

check-chromium: $(READY)
	$(BIN)/python tests/browser/chromium.py

bench: $(READY) check-chromium
	$(BIN)/python -m pytest tests/bench tests/browser --benchmark-only --benchmark-json=.benchmarks/last.json $(ARGS)
	$(BIN)/python scripts/bench_docs.py .benchmarks/last.json

clean:
	rm -rf .venv widgets/node_modules dist .pytest_cache .ruff_cache .hypothesis .benchmarks .import_linter_cache
	find f1nb tests scripts -name __pycache__ -prune -exec rm -rf {} +
