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
grep -q "$(hostname)" /etc/hosts 2>/dev/null || echo "127.0.0.1 localhost $(hostname)" >>/etc/hosts
pg_dropcluster --stop 15 main && pg_createcluster --start 15 main >/dev/null  # an empty one
python3 --version; psql --version

block() {  # the guide's block number $1 under that heading
  python3 - "$1" <<'P'
import re, sys
guide = open("/srv/portal/docs/operations.md", encoding="utf-8").read()
section = guide.partition("\n## Install, from nothing\n")[2].partition("\n## ")[0]
print(re.findall(r"^```\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)[int(sys.argv[1])], end="")
P
}

paste() {  # as the account $1 in the portal's folder, shown as it is pasted; then $3 in the same shell, after $4
  local text
  text=$(block "$2")
  printf '%s\n' "$text" | sed 's/^/    $ /'
  printf '%s\n' "$text" >/tmp/block.sh
  sudo -H -u "$1" --preserve-env=PATH,PIP_CERT,PIP_DISABLE_PIP_VERSION_CHECK,PIP_DEFAULT_TIMEOUT \
    bash -c 'cd /srv/portal; set -e; [ ! -e .venv/bin/activate ] || . .venv/bin/activate; '"${4:-}"'
. /tmp/block.sh
'"${3:-}"
}

say 'A database, as root'; paste root 0
say 'The portal and its variables, as an account without rights'; paste portal 1
say 'Roles, tables, the login and the first person'; paste portal 2
say 'Everything starts, and answers as behind its proxy'
cat >/tmp/asked.py <<'P'
import time, urllib.request
asked = urllib.request.Request(
    "http://127.0.0.1:8000/accounts/sign-in/", headers={"Host": "portal.operator.example", "X-Forwarded-Proto": "https"}
)
for left in reversed(range(60)):
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            print(answer.status, answer.url, answer.headers["X-Request-ID"])
        break
    except OSError:
        if not left:
            raise
        time.sleep(1)
P
# The last line ends with 1, as nobody takes mails here: it names that, and the worker, which has only just been started
paste portal 3 'python3 /tmp/asked.py; kill $(jobs -p); wait' 'set +e'

say 'A part of the suite, as the account without rights'
sudo -H -u portal --preserve-env=PIP_CERT,PIP_DISABLE_PIP_VERSION_CHECK,PIP_DEFAULT_TIMEOUT,SUITE \
  bash -c 'cd /srv/portal; touch .venv/.created; make test ARGS="$SUITE"' | tail -n 4
say 'The same, as root, in a folder that nobody else enters'
chmod 0700 /root
cp /root/certificates.pem /etc/ssl/bare.pem
(cd /root/portal; PIP_CERT=/etc/ssl/bare.pem make test ARGS="$SUITE") | tail -n 4
