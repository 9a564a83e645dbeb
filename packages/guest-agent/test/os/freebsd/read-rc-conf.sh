#!/bin/sh
# Reads rc.conf and rc.conf.local of a guest as FreeBSD's rc does, by sourcing them, and prints what rc
# would run of its interfaces and routes (rc.conf(5)): read-rc-conf.sh GUEST INTERFACE...
set -eu
guest=$1
shift
for file in rc.conf rc.conf.local; do
  if [ -e "$guest/etc/$file" ]; then . "$guest/etc/$file"; fi
done

value() { eval "printf '%s' \"\${$1-}\""; }

for interface; do
  name=ifconfig_$(printf '%s' "$interface" | tr './+-' ____)
  echo "ifconfig $interface $(value "$name")"
  words=$(value "${name}_ipv6")
  if [ -n "$words" ]; then echo "ifconfig $interface $words"; fi
  count=0
  while words=$(value "${name}_alias$count") && [ -n "$words" ]; do
    echo "ifconfig $interface $words alias"
    count=$((count + 1))
  done
done
for route in ${static_routes-}; do echo "route add $(value "route_$route")"; done
if [ -n "${defaultrouter-}" ]; then echo "route add default $defaultrouter"; fi
for route in ${ipv6_static_routes-}; do echo "route add -inet6 $(value "ipv6_route_$route")"; done
if [ -n "${ipv6_defaultrouter-}" ]; then echo "route add -inet6 default $ipv6_defaultrouter"; fi
