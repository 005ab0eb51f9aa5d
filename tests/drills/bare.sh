#!/usr/bin/env bash
# A newcomer's walk through docs/operations.md on a bare Debian 12, then a part of the suite there, as an account without
# rights and as root: `make drill-bare`, as root and with debootstrap. BARE is a folder that is such a root already, or
# becomes one; SUITE what pytest is told.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=${BARE:-/var/tmp/portal-bare}
say() { printf '%(%H:%M:%S)T %s\n' -1 "$*"; }

[ "$(id -u)" = 0 ] || { echo 'This needs root, as it makes a root of its own.'; exit 1; }
if [ ! -e "$root/etc/debian_version" ]; then
  command -v debootstrap >/dev/null || { echo 'apt-get install debootstrap'; exit 1; }
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >/dev/null
fi
say "Debian $(cat "$root/etc/debian_version") in $root"

for folder in srv/portal root/portal; do
  mkdir -p "$root/$folder"
  git archive HEAD | tar -x -C "$root/$folder"
done
cp /etc/resolv.conf "$root/etc/resolv.conf"
certificates=${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}  # where a proxy's own are needed
cp "$certificates" "$root/root/certificates.pem"
chmod 0755 "$root/root"
# Its own processes, which end with it, and its own /proc, /dev and /tmp
exec unshare --mount --pid --fork --kill-child bash -c '
  root=$1
  mount -t proc proc "$root/proc"
  mount --bind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/tmp"
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 PIP_CERT=/root/certificates.pem \
    PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_DEFAULT_TIMEOUT=120 SUITE="$2" \
    chroot "$root" bash /srv/portal/tests/drills/bare_walk.sh
' walk "$root" "${SUITE:--n0 tests/subscriptions/db tests/portal/database tests/portal/test_http.py tests/portal/test_checks.py}"
