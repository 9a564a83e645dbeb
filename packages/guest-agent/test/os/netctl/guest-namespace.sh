#!/bin/bash
# Starts and stops the profiles of guests with netctl's own scripts, in the namespaces it is started in
# (unshare -Urnm): guest-namespace.sh ROOT WORK GUEST...
# ROOT holds the unpacked package netctl, WORK is an empty directory, and a GUEST a directory with the
# files of one under etc/ and the names of its interfaces in the file `links`. Prints for each guest four
# lines of JSON: the addresses, the routes of IPv4 and IPv6, and what resolvconf was told of each
# interface; and a fifth, the addresses once all profiles are stopped.
set -euo pipefail
root=$1 work=$2
shift 2

. "$(dirname "$0")/prepare.sh"

for guest; do
  rm -rf "$work/profiles"
  cp -r "$guest/etc/netctl" "$work/profiles"
  mkdir -p "$work/profiles/hooks" "$work/profiles/interfaces"
  profiles=()
  for link in $(cat "$guest/links"); do
    ip link add "$link" type veth peer name "host-$link"
    ip link set "host-$link" up
    profiles+=("$(basename "$(grep -l "^Interface=$link\$" "$work/profiles"/*)")")
  done
  for profile in "${profiles[@]}"; do "$work/netctl/network" start "$profile" >&2; done
  ip -j address show
  ip -j -4 route show
  ip -j -6 route show
  (cd "$work/dns" && grep -H . -- * || true) | sed 's/.*/"&"/' | paste -sd, | sed 's/.*/[&]/'
  for profile in "${profiles[@]}"; do "$work/netctl/network" stop "$profile" >&2; done
  ip -j address show
  for link in $(cat "$guest/links"); do ip link delete "$link"; done
done
