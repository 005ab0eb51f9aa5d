#!/usr/bin/env bash
# What tests/drills/bare.sh does inside of the bare root: each block of *Install, from nothing* as it stands in the guide
set -euo pipefail
say() { printf '\n%(%H:%M:%S)T == %s\n' -1 "$*"; }
export DEBIAN_FRONTEND=noninteractive

say 'What the guide and README ask for: PostgreSQL, Python with venv, make (and sudo, which the guide types)'
apt-get update -qq
apt-get install -y -qq --no-install-recommends postgresql python3-venv make sudo >/dev/null
id portal >/dev/null 2>&1 || useradd --system --home-dir /srv/portal --shell /bin/bash portal
chown -R portal: /srv/portal
pg_ctlcluster 15 main start || true
python3 --version; psql --version

block() {  # the guide's block number $1 under that heading
  python3 - "$1" <<'P'
import re, sys
guide = open("/srv/portal/docs/operations.md", encoding="utf-8").read()
section = guide.partition("\n## Install, from nothing\n")[2].partition("\n## ")[0]
print(re.findall(r"^```\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)[int(sys.argv[1])], end="")
P
}

paste() {  # as the account $1 in the portal's folder, shown as it is pasted
  local text
  text=$(block "$2")
  printf '%s\n' "$text" | sed 's/^/    $ /'
  printf '%s\n' "$text" >/tmp/block.sh
  sudo -H -u "$1" --preserve-env=PATH,PIP_CERT,PIP_DISABLE_PIP_VERSION_CHECK,PIP_DEFAULT_TIMEOUT \
    bash -c 'cd /srv/portal; set -e; [ ! -e .venv/bin/activate ] || . .venv/bin/activate; . /tmp/block.sh'
}

sudo -u postgres psql -qc 'DROP DATABASE IF EXISTS portal' -c 'DROP OWNED BY portal_owner' 2>/dev/null || true
say 'A database, as root'; paste root 0
say 'The portal and its variables, as an account without rights'; paste portal 1
say 'Roles, tables, the login and the first person'; paste portal 2
say 'Everything starts'; paste portal 3

say 'It answers as behind its proxy'
python3 - <<'P'
import time, urllib.request
asked = urllib.request.Request(
    "http://127.0.0.1:8000/accounts/sign-in/", headers={"Host": "portal.operator.example", "X-Forwarded-Proto": "https"}
)
for left in reversed(range(60)):
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            print(answer.status, answer.headers["X-Request-ID"])
        break
    except OSError:
        if not left:
            raise
        time.sleep(1)
P
pkill -u portal -f 'gunicorn|procrastinate' || true  # of this root alone, which has processes of its own

say 'A part of the suite, as the account without rights'
sudo -H -u portal --preserve-env=PIP_CERT,PIP_DISABLE_PIP_VERSION_CHECK,PIP_DEFAULT_TIMEOUT,SUITE \
  bash -c 'cd /srv/portal; touch .venv/.created; make test ARGS="$SUITE"' | tail -n 4
say 'The same, as root, in a folder that nobody else enters'
chmod 0700 /root
cp /root/certificates.pem /etc/ssl/bare.pem
(cd /root/portal; PIP_CERT=/etc/ssl/bare.pem make test ARGS="$SUITE") | tail -n 4
