# make help lists every command.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ONLY ?=
TORCH ?= torch==2.13.0

.DEFAULT_GOAL := help
.PHONY: help demo test test-spark test-deep check bench docs constraints clean

help:  ## List every command
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

demo: $(VENV)/.run  ## Run lotwise on a real year of a grocer's own brand; ends with the gap ledger and report.html
	$(BIN)/lotwise demo

test: $(VENV)/.dev  ## Set up and run the tests (browser tests need chromium: sudo apt-get install chromium)
	$(BIN)/pytest -n 2 -m "not spark"

test-spark: $(VENV)/.spark  ## Hold DuckDB and Spark to equal tables (needs Java 17)
	$(BIN)/pytest -m spark

test-deep: $(VENV)/.dev  ## Check the neural network (needs torch, which may be a large download: name a build with TORCH=...)
	$(BIN)/pip install --quiet --disable-pip-version-check $(TORCH)
	$(BIN)/pytest -n 2 tests/forecast/methods -k deep

check: $(VENV)/.dev  ## Lint, formatting, types, and which room imports which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev  ## Measure everything, or one benchmark with ONLY=name; results in benchmarks/results
	$(BIN)/python -m benchmarks.run $(ONLY)

docs: $(VENV)/.dev  ## Write the generated pages: tables, settings, commands, stages
	$(BIN)/python docs/generate.py

constraints: $(VENV)/.dev  ## Pin every package again, with hashes and without addresses
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/python constraints/pin.py

clean:  ## Remove what make made
	rm -rf $(VENV) build dist lotwise-demo .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.run: constraints/run.txt pyproject.toml
	$(call install,run)

$(VENV)/.dev: constraints/dev.txt pyproject.toml
	$(call install,dev)
	@touch $(VENV)/.run

$(VENV)/.spark: constraints/spark.txt pyproject.toml
	$(call install,spark)
	@touch $(VENV)/.run $(VENV)/.dev

define install
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit("lotwise needs Python 3.11 or later; name one with: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r constraints/$(1).txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
endef
