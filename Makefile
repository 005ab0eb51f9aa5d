# Two commands for a machine that has only python3 (with venv) and make: `make demo` and `make test`.
PYTHON ?= python3
V = .venv/bin/python
# The newest PostgreSQL that is installed, for what works with its programs
INSTALLED_PG = $(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin)))
# One a core: a third one took 566 s where two took 546, and both cores are busy to the end
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() or 1)')
LOCK = uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml
LANGUAGES = --locale de --locale zh_Hans
NO_TEXTS = .venv var staticfiles requirements tests

.PHONY: help demo test bench clients freeze matrix drill-api drill-api-pages drill-backup drill-bare drill-export drill-failover drill-rotation drill-upgrade drill-faults drill-import drill-machines drill-many drill-setup drill-standby drill-webhooks lint types messages lock

help:  ## say what there is; the default
	@sed -n 's/^\([a-z-]*\):[^#]*## /make \1|/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

demo: .venv/.demo  ## run everything with sample data; PORT=8080, ARGS=--reset (fresh data), --tls (by https), --check (try it and stop)
	@exec $(V) manage.py demo $(ARGS)

# Each worker, and each process that a test starts, reads what the first one has compiled
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/.dev  ## run the suite; ARGS="-k words" or ARGS=path runs a part
	$(V) manage.py compilemo -v0
	@exec $(V) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

bench: .venv/.dev  ## measure each goal of docs/performance.md; ARGS="1000000 5000000" or ARGS=short
	$(V) -m bench $(ARGS)

clients: .venv-clients/.ready .clients/.ready  ## run real clients of the API and its facades against a demo by https (needs node)
	@exec .venv-clients/bin/python -m tests.clients.run

drill-api: .venv-fuzz/.ready  ## do each write of the API, and send whatever may be sent, and may not; CASES=8 SEED=1
	.venv-fuzz/bin/python -m pytest -q -n0 -s tests/drills/api_writes_drill.py tests/drills/api_drill.py

drill-api-pages: .venv/.dev  ## read a long list page by page by the API while rows come and go; ROWS=100000 CHANGED=1000
	$(V) -m pytest -q -n0 -s tests/drills/api_pages_drill.py

drill-backup: export PORTAL_PG_BINDIR ?= $(INSTALLED_PG)
drill-backup: .venv/.dev  ## restore a dump into an empty cluster, and a pgBackRest backup to before a mistake (apt: pgbackrest)
	$(V) -m pytest -q -n0 -s tests/drills/backup_drill.py

drill-bare:  ## walk through docs/operations.md in a bare Debian 12, and run a part of the suite there (root; apt: debootstrap)
	@exec tests/drills/bare.sh

drill-export: .venv/.dev  ## send a large list as a file, measured beside COPY; ROWS=1000000
	$(V) -m pytest -q -n0 -s tests/drills/export_drill.py

drill-failover: .venv/.dev  ## kill each part of a whole installation under load, and cut its network (root and apt: nftables, patroni etcd-server etcd-client haproxy pgbouncer)
	tests/drills/failover/own_network.sh $(V) -m pytest -q -n0 -s tests/drills/failover/failover_drill.py tests/drills/failover/cut_drill.py

drill-rotation: .venv/.dev  ## restart, and replace SECRET_KEY and the login's password, under load and without a stop
	$(V) -m pytest -q -n0 -s tests/drills/failover/rotation_drill.py

drill-upgrade: .venv/.dev  ## restore the dump of each release, migrate it to now, and compare
	$(V) -m pytest -q -n0 -s tests/drills/upgrade_drill.py

drill-faults: .venv/.dev  ## each fault for real, and many acts with kills at random moments; ACTS=10000
	$(V) -m pytest -q -n0 -s tests/faults tests/portal/faults tests/drills/faults_drill.py

drill-import: .venv/.dev  ## import many subscriptions, measured, and killed at random; LINES=100000 KILLS=10
	$(V) -m pytest -q -n0 -s tests/drills/import_drill.py

drill-many: export ROUNDS ?= 200
drill-many: .venv/.dev  ## change many subscriptions and send many offers, measured, killed at random, two at once; ROWS=5000 KILLS=20 ROUNDS=200
	$(V) -m pytest -q -n0 -s tests/drills/many_drill.py tests/drills/several_drill.py tests/partners/partner_of_record/test_many_at_once.py

drill-machines: export LIVES ?= 200
drill-machines: .venv/.dev  ## let machines act at random for long, and look for a broken rule; LIVES=200
	$(V) -m pytest -n $(WORKERS) --dist worksteal -k machine tests/partners tests/subscriptions

drill-standby: .venv/.dev  ## read pages from a standby that is late, killed or stands still; ROUNDS=200
	$(V) -m pytest -q -n0 -s tests/drills/standby_drill.py

drill-webhooks: .venv/.dev  ## many events, one receiver hangs, measured; EVENTS=10000 ENDPOINTS=10 RATE=40
	$(V) -m pytest -q -n0 -s tests/drills/webhooks_drill.py

drill-setup: .venv/.dev  ## install from nothing as docs/operations.md says, and start, kill and reset demos
	$(V) manage.py compilemo -v0
	$(V) -m pytest -q -n0 -m "drill or cluster" tests/portal/installation tests/portal/demo tests/faults/test_from_nothing.py

# By the oldest PostgreSQL that is installed, as newer ones read its dumps
freeze: export PORTAL_PG_BINDIR ?= $(firstword $(sort $(wildcard /usr/lib/postgresql/*/bin)))
freeze: .venv/.dev  ## the last step of a release: list its migrations, which never change again, and dump its data
	DJANGO_SETTINGS_MODULE=portal.settings $(V) -m tests.released.freeze

matrix:  ## the suite on each Python (3.11 to 3.13) and PostgreSQL (15 to 18) that is found here; ARGS="-n0 path" for a part
	$(PYTHON) -m tests.matrix.run $(or $(ARGS),-n $(WORKERS) --dist worksteal)

lint: .venv/.dev  ## check style and format
	$(V) -m ruff check .
	$(V) -m ruff format --check .
	$(V) -m djlint --lint --quiet templates

types: .venv/.dev  ## check types
	$(V) -m mypy

messages: .venv/.dev  ## collect texts to translate (needs gettext)
	$(V) manage.py makemessages $(LANGUAGES) --no-location --no-obsolete $(addprefix --ignore=,$(NO_TEXTS))

lock:  ## pin the dependencies of pyproject.toml (needs uv)
	$(LOCK) --output-file requirements/base.txt
	$(LOCK) --extra demo --output-file requirements/demo.txt
	$(LOCK) --extra demo --extra dev --output-file requirements/dev.txt
	$(LOCK) --extra demo --extra dev --extra clients --output-file requirements/clients.txt
	$(LOCK) --extra demo --extra dev --extra fuzz --output-file requirements/fuzz.txt
	$(LOCK) --extra demo --extra dev --extra fuzz --output-file requirements/fuzz.txt

.venv-clients/.ready: requirements/clients.txt
	$(PYTHON) -m venv .venv-clients
	.venv-clients/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv-fuzz/.ready: requirements/fuzz.txt
	$(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.clients/.ready: tests/clients/package.json
	@command -v npm >/dev/null || { echo 'The clients in JavaScript need node and npm: apt-get install nodejs npm'; exit 1; }
	@mkdir -p .clients
	cp $< .clients/
	cd .clients && npm install --no-package-lock --no-audit --no-fund --silent
	@touch $@

.venv/.created:
	@test -w . || { echo 'This folder cannot be written to: make it writable, or copy it to one that is.'; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo 'The portal needs Python 3.11 or newer: name one, as in "make demo PYTHON=python3.12".'; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
		|| { echo 'Python here has no venv: apt-get install python3-venv'; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.demo: requirements/demo.txt | .venv/.created
	$(V) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/.dev: requirements/dev.txt | .venv/.created
	$(V) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@ .venv/.demo
