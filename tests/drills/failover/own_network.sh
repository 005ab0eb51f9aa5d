#!/usr/bin/env bash
# Runs a command in a network of its own, so that what is cut there is cut nowhere else; as it is without root or nft
if [ "$(id -u)" = 0 ] && command -v nft >/dev/null && unshare --net true 2>/dev/null; then
  OWN_NETWORK=1 exec unshare --net bash -c 'ip link set lo up 2>/dev/null || ifconfig lo up; exec "$@"' in-it "$@"
fi
exec "$@"
