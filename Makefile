# 一站: `make run` shows the whole hall on this machine, `make test` tests it. See README.md and docs/operations.
PORT ?= 8000
DATA ?=
ARGS ?=
TESTS ?=
WORKERS ?= 2
VENV := .venv
PY := $(VENV)/bin/python
export UV_PYTHON_DOWNLOADS := never

.PHONY: run test check lock browser clean

run: $(VENV)/run.stamp
	@exec $(PY) manage.py up --port $(PORT) $(if $(DATA),--data "$(DATA)") $(ARGS)

test: $(VENV)/dev.stamp browser
	$(PY) -m pytest --numprocesses $(WORKERS) --dist loadscope --no-loadscope-reorder $(TESTS)

check: $(VENV)/dev.stamp
	.ci/checks $(PY)

# Everything installed and nothing downloaded twice: a lock that has not changed costs no time.
$(VENV)/run.stamp: requirements.lock deploy/environment
	@deploy/environment $(VENV) requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock deploy/environment
	@deploy/environment $(VENV) requirements-dev.lock
	@touch $@ $(VENV)/run.stamp

browser: $(VENV)/dev.stamp
	@deploy/browser $(PY)

# The locks name no registry, so they install from whichever one the machine is set up for.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --quiet
lock:
	$(LOCK) --extra local -o requirements.lock
	$(LOCK) --extra local --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) staticfiles .pytest_cache .ruff_cache .hypothesis .import_linter_cache
