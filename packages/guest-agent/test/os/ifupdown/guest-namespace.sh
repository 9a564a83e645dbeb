#!/bin/sh
# Makes a Debian guest with ifupdown out of the namespaces it is started in (unshare -Urnmu), and runs
# a program in it: guest-namespace.sh ROOT WORK PROGRAM [ARGUMENT...]
# ROOT holds the unpacked package ifupdown, WORK is an empty directory.
set -eu
root=$1 work=$2
shift 2
mount -t tmpfs none "$work"

# The machine's directory, as links, and beside them what the package brings.
layer() {
  directory=$1 name=$2
  shift 2
  mkdir "$work/old-$name" "$work/new-$name"
  mount --bind "$directory" "$work/old-$name"
  ln -s "$work/old-$name"/* "$work/new-$name"
  for path in "$@"; do rm -f "$work/new-$name/${path##*/}"; done
  cp -r "$@" "$work/new-$name"
  mount --bind "$work/new-$name" "$directory"
}
layer /usr/sbin sbin "$root/sbin/ifup" "$root/sbin/ifdown" "$root/sbin/ifquery"
layer /usr/lib lib "$root/lib/ifupdown"

mkdir "$work/etc"
for name in passwd group nsswitch.conf ld.so.cache alternatives; do
  if [ -e "/etc/$name" ]; then cp -r "/etc/$name" "$work/etc"; fi
done
mount --bind "$work/etc" /etc
mount -t tmpfs none /run
# The agent keeps its journal and the originals there.
mount -t tmpfs none /var/lib
mount -t tmpfs none /sys
mkdir -p /run/network /etc/network/interfaces.d
for phase in pre-up up down post-down; do mkdir "/etc/network/if-$phase.d"; done
printf 'guest\n' >/etc/hostname
printf '127.0.0.1\tlocalhost\n127.0.1.1\tguest\n' >/etc/hosts
printf 'source /etc/network/interfaces.d/*\n\nauto lo\niface lo inet loopback\n' >/etc/network/interfaces
hostname guest

# Nobody else is on these links, and looking for a duplicate takes over a second an address.
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad

# Two VIFs; their other ends stand for the host's side. A veth has no node in XenStore, so sysfs is told.
index=0
for mac in bc:76:4e:20:6c:5b 40:40:97:83:78:2e; do
  ip link add "eth$index" address "$mac" type veth peer name "host$index"
  ip link set "host$index" up
  mkdir -p "/sys/class/net/eth$index/device"
  printf '%s\n' "$mac" >"/sys/class/net/eth$index/address"
  printf '1500\n' >"/sys/class/net/eth$index/mtu"
  printf 'device/vif/%s\n' "$index" >"/sys/class/net/eth$index/device/nodename"
  index=$((index + 1))
done
ifup lo
exec "$@"
