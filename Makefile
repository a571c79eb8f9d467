# make help lists the targets. Python 3.11 or newer is the only thing assumed.
SHELL := bash
.DEFAULT_GOAL := help
# Prerequisites run in the order in which they are written
.NOTPARALLEL:

PORT ?= 8000
STRICT ?=
# One process more than cores, since many tests wait for a server or a browser; WORKERS=0 runs all in one, for a debugger
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -gt 4 ] && echo 5 || echo $$((n + 1)))
# Further arguments for pytest, e.g. make test ARGS='tests/unit/voting -x'
ARGS ?=
export PORT STRICT

catalogues := $(patsubst %.po,%.mo,$(wildcard grants/translations/*/LC_MESSAGES/*.po))

.PHONY: help demo test check bench reset lock catalogue setup-run setup-test

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)$$/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

demo: setup-run catalogue ## set everything up, load the demo street, serve it on http://127.0.0.1:8000 (PORT=)
	@exec .ci/demo

test: setup-test catalogue ## the whole suite; STRICT=1 makes a missing server or browser a failure, ARGS= goes to pytest
	.venv/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup-test catalogue ## lint, types, import contracts, templates, catalogue, migrations, locks
	@.ci/check

bench: setup-test catalogue ## the measurements, as ratios, into docs/benchmarks.md
	.venv/bin/python -m tests.bench

reset: ## drop the demo data
	@.ci/reset

lock: setup-test ## lock the dependencies of pyproject.toml anew (ARGS=--upgrade)
	@.ci/lock $(ARGS)

setup-run:
	@.ci/setup run

setup-test:
	@.ci/setup test

catalogue: $(catalogues)

%.mo: %.po
	@.venv/bin/pybabel --quiet compile --input-file $< --output-file $@
