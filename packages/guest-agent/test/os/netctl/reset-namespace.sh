#!/bin/bash
# Runs a program that resets the network of a guest with netctl and the interface eth0, in the namespaces
# it is started in (unshare -Urnm): reset-namespace.sh ROOT PROGRAM... WORK
# ROOT holds the unpacked package netctl. WORK is an empty directory, in which the program finds `netctl`
# in bin/ and the profiles in profiles/.
set -euo pipefail
root=$1 work=${*: -1}
shift
. "$(dirname "$0")/prepare.sh"
mkdir -p "$work/profiles/hooks" "$work/profiles/interfaces"
ip link add eth0 type veth peer name host-eth0
ip link set host-eth0 up
exec "$@"
