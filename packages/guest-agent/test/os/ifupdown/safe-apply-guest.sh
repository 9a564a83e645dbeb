#!/bin/sh
# Puts the host's ends of the guest's links into a network of their own, where gateways answer, and a
# ping program into the guest: safe-apply-guest.sh BUSYBOX WORK PROGRAM [ARGUMENT...]
set -eu
busybox=$1 work=$2
shift 2
mkdir "$work/bin"
ln -s "$busybox" "$work/bin/ping"
ln -s "$busybox" "$work/bin/ping6"
ip netns add host
ip link set host0 netns host
ip -n host link set host0 up
for address in 192.0.2.1/24 198.51.100.1/24 2001:db8:1::1/64 2001:db8:2::1/64; do
  case $address in *:*) ip -n host address add "$address" dev host0 nodad ;; *) ip -n host address add "$address" dev host0 ;; esac
done
PATH=$work/bin:$PATH exec "$@"
