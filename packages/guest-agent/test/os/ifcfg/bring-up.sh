#!/bin/bash
# Brings up in its network namespace what ifcfg files say: bring-up.sh ROOT
# Bash reads the files, and their variables mean what sysconfig.txt of initscripts tells. Prints what the
# kernel then has, and what it has no place for: "dns eth0 192.0.2.53", "mtu eth0 1400".
set -eu
scripts=$1/etc/sysconfig/network-scripts

for path in "$scripts"/ifcfg-*; do
  case $path in *.bak) continue ;; esac
  (
    . "$path"
    ip link add "$DEVICE" type veth peer name "peer-$DEVICE"
    ip link set "peer-$DEVICE" up
    ip link set "$DEVICE" ${MTU:+mtu "$MTU"} up
  )
done

bring_up() {
  suffix=${1##*/ifcfg-}
  [ ! -f "$scripts/../network" ] || . "$scripts/../network"
  . "$1"
  [ "$BOOTPROTO" = none ]
  [ "$ONBOOT" = yes ]
  [ "${DEFROUTE-yes}" = yes ]

  for index in '' {0..255}; do
    address=IPADDR$index prefix=PREFIX$index
    if [ -n "${!address-}" ]; then
      ip address add "${!address}/${!prefix}" dev "$DEVICE"
    elif [ "${index:-0}" -ge 2 ]; then
      break
    fi
  done
  if [ -n "${IPV6ADDR-}" ]; then
    [ "$IPV6INIT" = yes ]
    [ "$IPV6_AUTOCONF" = no ]
    for address in $IPV6ADDR ${IPV6ADDR_SECONDARIES-}; do
      ip -6 address add "$address" dev "$DEVICE" nodad
    done
  fi

  if [ -n "${GATEWAY-}" ] && [ "${GATEWAYDEV:-$DEVICE}" = "$DEVICE" ]; then
    ip route add default via "$GATEWAY" dev "$DEVICE"
  fi
  if [ -n "${IPV6_DEFAULTGW-}" ]; then
    case $IPV6_DEFAULTGW in
      fe80:*%"$DEVICE") ;;
      fe80:* | *%*) exit 1 ;;
    esac
    ip -6 route add default via "${IPV6_DEFAULTGW%\%*}" dev "$DEVICE"
  fi
  for family in '' 6; do
    [ -f "$scripts/route$family-$suffix" ] || continue
    while read -r line; do ip -"${family:-4}" route add $line; done <"$scripts/route$family-$suffix"
  done

  for variable in $(compgen -v DNS); do echo "dns $DEVICE ${!variable}"; done
  [ -z "${MTU-}" ] || echo "mtu $DEVICE $MTU"
}
for path in "$scripts"/ifcfg-*; do
  case $path in *.bak) continue ;; esac
  (bring_up "$path")
done

echo "addresses $(ip -j address show)"
echo "routes $(ip -j -4 route show)"
echo "routes $(ip -j -6 route show)"
