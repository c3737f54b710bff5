# Two commands do everything on a fresh machine with Python 3.11+: `make demo` and `make test`.
.DEFAULT_GOAL := help
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN := .venv/bin
RUN := $(BIN)/python

.PHONY: help demo test test-all check lint types contracts e2e i18n bench bench-console bench-intake bench-memory bench-rush bench-scoring bench-slow crash drill fresh install install-tried lock release clean bench-uploads

help: ## show the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

.stamps/venv:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (Debian: apt-get install python3 python3-venv)"; exit 1; }
	$(PYTHON) -m venv .venv
	@mkdir -p .stamps && touch $@

.stamps/runtime: .stamps/venv requirements.lock
	@sh ops/install-packages requirements.lock
	@touch $@

.stamps/dev: .stamps/venv requirements-dev.lock
	@sh ops/install-packages requirements-dev.lock
	@touch $@ .stamps/runtime

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
translations/%.mo: translations/%.po .stamps/runtime
	@$(BIN)/pybabel -q compile -i $< -o $@

demo: .stamps/runtime $(CATALOGUES) ## fill a demo country and serve it on 127.0.0.1
	@$(RUN) -m app demo

# A process for each core (memory for four at most); each takes the tests that another has not come to yet.
PYTEST := $(BIN)/pytest -n auto --maxprocesses 4 --dist worksteal

# Compiled once, by whoever may write here: the processes may not. Some packages hold templates that are no Python.
install: .stamps/runtime $(CATALOGUES) ## what an installation needs, in this folder: packages, catalogues, compiled modules
	@$(RUN) -m compileall -q -j 0 -o 2 app migrations scoring surveys wsgi.py .venv/lib >/dev/null || true

release: ## pack what is committed into build/city-opinion-COMMIT.tar.gz
	@mkdir -p build
	@name=city-opinion-$$(git rev-parse --short=12 HEAD) \
	&& git archive --format=tar.gz --prefix="$$name/" --output="build/$$name.tar.gz" HEAD && echo "build/$$name.tar.gz"

test: .stamps/dev $(CATALOGUES) ## run the tests that every change must pass (SQLite, PostgreSQL, Chromium)
	@sh ops/install-test-tools
	$(PYTEST)

test-all: .stamps/dev $(CATALOGUES) ## run everything at full effort, and as root on Debian on an empty machine too
	@sh ops/install-test-tools
	EFFORT=full $(PYTEST)
	$(MAKE) bench-scoring CHECK=--check
	$(MAKE) bench-console CHECK=--check
	$(MAKE) bench-slow CHECK=--check
	$(MAKE) bench-uploads CHECK=--check
	@if [ "$$(id -u)" = 0 ] && grep -qsx 'ID=debian' /etc/os-release; then ops/fresh && ops/fresh install; \
	else echo "left out: ops/fresh needs root on Debian"; fi

check: lint types contracts test ## everything that must hold: what CI runs

lint: .stamps/dev ## style of code and templates, wording of questionnaires
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint app/templates --lint --quiet
	$(RUN) -m app questionnaire lint

types: .stamps/dev ## types
	$(BIN)/mypy

contracts: .stamps/dev ## who may import whom
	$(BIN)/lint-imports

e2e: .stamps/dev $(CATALOGUES) ## the browser walks alone
	@sh ops/install-test-tools
	$(BIN)/pytest tests/e2e

i18n: .stamps/dev ## take new texts from the code into translations/
	$(RUN) -m app i18n update

bench-scoring: .stamps/dev ## measure the counts and the rating; CHECK=--check fails on a missed limit
	PYTHONPATH=. $(RUN) benchmarks/scoring_speed.py $(CHECK)

bench: .stamps/dev ## measure the counts and the rating of 200,000 answers alone
	PYTHONPATH=. $(RUN) benchmarks/scoring_speed.py --sizes 200000

bench-console: .stamps/dev $(CATALOGUES) ## measure every page of the console with 20 cities in three periods; CHECK=--check fails on a missed limit
	PYTHONPATH=. $(RUN) benchmarks/bench_console.py $(CHECK)

bench-intake: .stamps/dev $(CATALOGUES) ## measure: how answers are taken, beside a bare insert and a stock survey
	PYTHONPATH=. $(RUN) benchmarks/intake.py

bench-memory: .stamps/dev $(CATALOGUES) ## measure what the demo holds in memory; CHECK=--check fails on a missed limit
	PYTHONPATH=. $(RUN) benchmarks/memory.py $(CHECK)

bench-rush: .stamps/dev $(CATALOGUES) ## send 150 answers a second for five minutes beside slow clients, and count what was acknowledged
	PYTHONPATH=. $(RUN) benchmarks/rush.py

bench-slow: .stamps/dev $(CATALOGUES) ## measure pages and answers beside slow clients; CHECK=--check fails on a missed limit
	PYTHONPATH=. $(RUN) benchmarks/slow.py $(CHECK)

bench-uploads: .stamps/dev $(CATALOGUES) ## measure answers beside files that the console reads and takes; CHECK=--check fails on a missed limit
	PYTHONPATH=. $(RUN) benchmarks/uploads.py $(CHECK)

ANSWERS := 1000000
drill: .stamps/dev $(CATALOGUES) ## lose a database and restore it from its copies, on SQLite and PostgreSQL
	PYTHONPATH=. $(RUN) benchmarks/drill.py --answers $(ANSWERS)

crash: .stamps/dev $(CATALOGUES) ## kill the server under load, again and again, and count what was acknowledged
	PYTHONPATH=. $(RUN) benchmarks/crash.py

fresh: ## prove `make demo` and `make test` on an empty Debian: needs root, Debian, git and the package registries
	@ops/fresh

install-tried: ## install, upgrade and roll back by docs/install.md on an empty Debian: needs what `make fresh` needs
	@ops/fresh install

LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header --no-strip-extras --quiet pyproject.toml
lock: ## take newer packages into the lock files (needs uv); extras stay in the pins, or older pip refuses them
	$(LOCK) -o requirements.lock
	$(LOCK) -o requirements-dev.lock --extra dev

clean: ## remove what make made
	rm -rf .venv .stamps build instance
