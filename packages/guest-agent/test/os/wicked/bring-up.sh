#!/bin/bash
# Brings up in its network namespace what SUSE's files say: bring-up.sh ROOT
# Bash reads the ifcfg files, whose variables mean what ifcfg(5) tells, and routes are the columns of
# ifroute(5). Prints what the kernel then has, and what it has no place for: "dns all 192.0.2.53",
# "mtu eth0 1400".
set -eu
directory=$1/etc/sysconfig/network

for path in "$directory"/ifcfg-*; do
  name=${path##*/ifcfg-}
  (
    . "$path"
    ip link add "$name" type veth peer name "peer-$name"
    ip link set "peer-$name" up
    ip link set "$name" ${MTU:+mtu "$MTU"} up
  )
done

add_routes() {
  while read -r destination gateway mask device options; do
    case $destination in '' | '#'*) continue ;; esac
    [ "${mask:--}" = - ]
    case $destination$gateway in *:*) family=-6 ;; *) family=-4 ;; esac
    [ "$gateway" != - ] && via="via $gateway" || via=
    ip $family route add "$destination" $via dev "${device:-$2}" $options
  done <"$1"
}

bring_up() {
  name=${1##*/ifcfg-}
  . "$1"
  [ "$BOOTPROTO" = static ]
  [ "$STARTMODE" = auto ]
  for variable in $(compgen -v IPADDR); do
    case ${!variable} in *:*) nodad=nodad ;; *) nodad= ;; esac
    ip address add "${!variable}" dev "$name" $nodad
  done
  if [ -f "$directory/ifroute-$name" ]; then add_routes "$directory/ifroute-$name" "$name"; fi
  if [ -f "$directory/ifsysctl-$name" ]; then sysctl -qp "$directory/ifsysctl-$name"; fi
  [ -z "${MTU-}" ] || echo "mtu $name $MTU"
}
for path in "$directory"/ifcfg-*; do (bring_up "$path"); done

if [ -f "$directory/config" ]; then
  (
    . "$directory/config"
    for server in $NETCONFIG_DNS_STATIC_SERVERS; do echo "dns all $server"; done
  )
fi
for path in /proc/sys/net/ipv6/conf/*/accept_ra; do
  case $(<"$path") in 0) echo "no-ra $(basename "$(dirname "$path")")" ;; esac
done
echo "addresses $(ip -j address show)"
echo "routes $(ip -j -4 route show)"
echo "routes $(ip -j -6 route show)"
