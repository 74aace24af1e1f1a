# Toolbox Graph: make serve, make test. GNU make 3.81 and sh are enough.

PORT = 8000
DATA = toolbox-data
PYTHON = python3

VENV = .venv
BIN = $(VENV)/bin
TOOLBOX = $(BIN)/toolbox-graph --data "$(DATA)"
SOURCES = toolbox_graph importers tests benchmarks conformance server.py
RDF_TESTS ?= ../rdf-tests

.PHONY: help serve test check bench conformance context clean

help:
	@echo "make serve [PORT=8000] [DATA=toolbox-data]   set up, import the catalogue, check it, serve it"
	@echo "make test                                    set up, run the tests"
	@echo "make check                                   format, lint, types, then the tests"
	@echo "make bench                                   measure, beside peers"
	@echo "make conformance [RDF_TESTS=../rdf-tests]    run the W3C's suites for the SPARQL protocols"
	@echo "make context                                 write ontology/context.jsonld anew"
	@echo "make clean                                   remove what set-up made; the data stays"

serve: $(VENV)/ready
	@test -e "$(DATA)/journal.rdfp" || $(TOOLBOX) init --base "http://127.0.0.1:$(PORT)/"
	@$(TOOLBOX) import --all
	@$(TOOLBOX) validate
	@$(TOOLBOX) fetch-editor >/dev/null || true
	@$(TOOLBOX) serve --port $(PORT)

test: $(VENV)/ready-for-tests
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal

check: $(VENV)/ready-for-tests
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	@$(MAKE) test

bench: $(VENV)/ready-for-tests
	@$(BIN)/python -m benchmarks

conformance: $(VENV)/ready
	@$(BIN)/python -m conformance --suite "$(RDF_TESTS)"

context: $(VENV)/ready
	@$(BIN)/python -m toolbox_graph.context > ontology/context.jsonld

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/bin/pip:
	@echo "Making a place for the program ($(VENV)) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 serve"; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || \
	  { rm -rf $(VENV); echo "Python lacks venv. On Debian: sudo apt-get install python3-venv"; exit 1; }

$(VENV)/ready: $(VENV)/bin/pip pyproject.toml
	@echo "Installing what the program needs ..."
	@$(BIN)/pip install --disable-pip-version-check --progress-bar off --editable '.[clients]'
	@touch $@

$(VENV)/ready-for-tests: $(VENV)/bin/pip pyproject.toml
	@echo "Installing what the tests need ..."
	@$(BIN)/pip install --disable-pip-version-check --progress-bar off --editable '.[dev]'
	@touch $@ $(VENV)/ready
