# Everything a person types; `make` alone lists it.
PYTHON ?= python3
PORT ?= 8000
JOBS ?= 2
SCALE ?= 1
TEST_POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/postgres

VENV := .venv
PY := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
SERVE := DEBUG=1 SITE_URL=http://127.0.0.1:$(PORT) $(PY) manage.py
# Tests start many processes, each of which would compile every module anew.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(PY) -m pytest -n $(JOBS) --dist worksteal -r fEs
# What a real deployment would say, for the checks that look at one.
PRODUCTION := env -u DEBUG -u SECURE_SSL DATABASE_URL=sqlite://:memory: ALLOWED_HOSTS=news.example.org \
	SITE_URL=https://news.example.org \
	SECRET_KEY=a-long-key-0123456789-for-checking-and-nothing-else-abcdefghij

.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-postgres check lint types audit bench faults lock

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(INSTALLED) ## make .venv with exactly the locked packages

$(INSTALLED): requirements.txt requirements-dev.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). Name another with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python cannot make virtual environments here: apt-get install python3-venv"; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: setup ## a newsroom with invented content at PORT=8000; FRESH=1 starts it over
	@$(SERVE) migrate --verbosity 0
	@$(SERVE) demo $(if $(FRESH),--fresh)
	@$(SERVE) runserver --noreload 127.0.0.1:$(PORT)

run: setup ## the development server on what the database holds
	@$(SERVE) migrate --verbosity 0
	@$(SERVE) runserver 127.0.0.1:$(PORT)

test: setup ## every test, a share of the long ones; NEWSROOM_TESTS=all tries all of them
	env -u DATABASE_URL $(PYTEST)

test-postgres: setup ## every test, on PostgreSQL at TEST_POSTGRES_URL when it answers
	@if $(PY) -c 'import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()' "$(TEST_POSTGRES_URL)" 2>/dev/null; then \
		echo "The same tests on PostgreSQL"; DATABASE_URL="$(TEST_POSTGRES_URL)" $(PYTEST); \
	else \
		echo "PostgreSQL skipped: nothing answers at TEST_POSTGRES_URL or on 127.0.0.1:5432"; \
	fi

lint: setup ## style of code and templates
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --quiet --lint templates

types: setup ## mypy
	$(PY) -m mypy

audit: setup ## weaknesses: of the code by bandit, of locked packages by pip-audit
	$(PY) -m bandit --quiet --recursive --configfile pyproject.toml newsroom articles providers
	$(PY) -m tests.audit

check: lint types audit ## everything that must hold before a commit, the long tests in full
	$(PRODUCTION) $(PY) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	NEWSROOM_TESTS=all $(MAKE) --no-print-directory test
	NEWSROOM_TESTS=all $(MAKE) --no-print-directory test-postgres

bench: setup ## measure against the figures to reach; ONLY=exchange for one group
	$(PY) -m tests.benchmarks $(ONLY)

faults: setup ## kill, fill, cut off, set back: what must not go wrong; ONLY=killed, SCALE=0.1
	NEWSROOM_FAULTS_SCALE=$(SCALE) $(PY) -m tests.faults $(ONLY)

lock: ## write the hash-locked requirements anew (needs uv)
	for name in requirements requirements-dev; do \
		uv pip compile $$name.in --output-file $$name.txt --universal --python-version 3.11 \
			--generate-hashes --no-emit-index-url --no-header --quiet || exit 1; \
	done
