#!/bin/sh
# Reads /etc/conf.d/net of guests as netifrc does, by sourcing it, and does with ip(8) what its
# net.example says of each variable, in the namespaces it is started in (unshare -Urnm):
# guest-namespace.sh WORK GUEST...
# A GUEST is a directory with the files of one under etc/ and the names of its interfaces in the file
# `links`. Prints for each guest four lines of JSON: the addresses, the routes of IPv4 and IPv6, and the
# name servers of each interface; and a fifth, the addresses once the interfaces are gone.
set -eu
work=$1
shift
ip link set lo up
newline='
'

value() { eval "printf '%s' \"\${$1-}\""; }

start() { # An interface's variables have its name with `_` for what cannot be in a name.
  name=$(printf '%s' "$1" | tr -c 'a-zA-Z0-9' _)
  ip link set dev "$1" up
  mtu=$(value "mtu_$name")
  if [ -n "$mtu" ]; then ip link set dev "$1" mtu "$mtu"; fi
  IFS=$newline
  for address in $(value "config_$name"); do
    IFS=' '
    case $address in
    null) ;;
    *:*) ip address add $address dev "$1" nodad ;;
    [0-9]*) ip address add $address broadcast + dev "$1" ;;
    *) echo "$1 would start $address" >&2 && return 1 ;;
    esac
  done
  IFS=$newline
  for route in $(value "routes_$name"); do
    IFS=' '
    # Every route without a metric gets one by the number of its interface, which is small.
    ip route append $route dev "$1"
  done
  IFS=' '
  for server in $(value "dns_servers_$name"); do echo "$1:nameserver $server" >>"$work/dns"; done
}

for guest; do
  : >"$work/dns"
  links=$(cat "$guest/links")
  for link in $links; do
    ip link add "$link" type veth peer name "host-$link"
    ip link set "host-$link" up
  done
  ( . "$guest/etc/conf.d/net" && for link in $links; do start "$link"; done )
  ip -j address show
  ip -j -4 route show
  ip -j -6 route show
  sed 's/.*/"&"/' "$work/dns" | paste -sd, | sed 's/.*/[&]/'
  for link in $links; do ip link delete "$link"; done
  ip -j address show
done
