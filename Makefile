# Two commands do everything on a fresh Debian or Ubuntu: make demo, make test.
SHELL := /bin/bash
VENV ?= .venv
PY := $(VENV)/bin/python
export PYTHONDONTWRITEBYTECODE = 1

.PHONY: demo test lint bench clean

demo: $(VENV)/.user
	$(VENV)/bin/vigie demo --out demo
	@command -v vigie >/dev/null || echo "First, once, so that your shell finds vigie:  . $(VENV)/bin/activate"

test: $(VENV)/.dev $(VENV)/.servers
	$(PY) -m pytest -n 2
	$(MAKE) --no-print-directory lint

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/interrogate -q src
	$(VENV)/bin/deptry src

bench: $(VENV)/.dev
	$(PY) benchmarks/recall.py
	$(PY) benchmarks/quiet.py
	$(PY) benchmarks/layouts.py
	$(PY) benchmarks/json_reading.py
	$(PY) benchmarks/speed.py

$(VENV)/bin/python:
	@command -v python3 >/dev/null || (apt-get update && apt-get install -y --no-install-recommends python3 python3-venv)
	@python3 -c 'import venv, ensurepip' 2>/dev/null || (apt-get update && apt-get install -y --no-install-recommends python3-venv)
	python3 -m venv $(VENV)

$(VENV)/.user: $(VENV)/bin/python pyproject.toml requirements.lock
	$(PY) -m pip install -q --disable-pip-version-check -r requirements.lock
	$(PY) -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.user requirements-dev.lock
	$(PY) -m pip install -q --disable-pip-version-check -r requirements-dev.lock
	$(PY) -m compileall -q src
	@touch $@

# Real servers and nmap, which some tests start in network namespaces of their own, and a browser. Who is not root has them or skips these tests.
SERVERS := postgresql mariadb-server mariadb-client nmap tcpdump iproute2 chromium fonts-dejavu-core openssl

$(VENV)/.servers: $(VENV)/bin/python
	@if [ "$$(id -u)" = 0 ] && ! (command -v nmap tcpdump mariadbd mariadb ip chromium openssl && ls /usr/lib/postgresql/*/bin/postgres) >/dev/null 2>&1; then \
		apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(SERVERS); fi
	@touch $@

clean:
	rm -rf $(VENV) demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
