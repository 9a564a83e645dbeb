#!/bin/sh
# Makes a guest out of the namespaces it is started in (unshare -Urnmu), and runs a program in it:
# guest-namespace.sh IFUP ROOT WORK PROGRAM [ARGUMENT...]
# IFUP is ifupdown, ifupdown2, ifupdown-ng or busybox; ROOT holds its unpacked package, WORK is an empty
# directory. RESOLVCONF_ROOT in the environment holds the unpacked package resolvconf or openresolv.
set -eu
ifup=$1 root=$2 work=$3
shift 3
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

mkdir "$work/etc" "$work/programs"
# The agent keeps its journal and the originals there.
mount -t tmpfs none /var/lib
case $ifup in
  ifupdown)
    cp -r "$root"/sbin/if* "$work/programs"
    layer /usr/lib lib "$root/lib/ifupdown"
    ;;
  ifupdown2)
    cp -r "$root"/sbin/if* "$work/programs"
    layer /usr/share share "$root/usr/share/ifupdown2"
    cp -r "$root/var/lib/ifupdown2" /var/lib
    chmod +x /usr/share/ifupdown2/__main__.py
    cp -r "$root/etc/network" "$work/etc"
    mount -t tmpfs none /var/tmp
    ;;
  ifupdown-ng)
    cp -r "$root"/sbin/if* "$work/programs"
    layer /usr/libexec libexec "$root/usr/libexec/ifupdown-ng"
    ;;
  busybox)
    cp "$root/bin/busybox" "$work/programs"
    # As on Alpine Linux: the agent, too, gets to see busybox's ip and hostname.
    for name in ifup ifdown ip hostname run-parts; do ln -s busybox "$work/programs/$name"; done
    ;;
esac
if [ -n "${RESOLVCONF_ROOT:-}" ]; then
  cp "$RESOLVCONF_ROOT/sbin/resolvconf" "$work/programs"
  layer /usr/lib lib "$RESOLVCONF_ROOT/lib/resolvconf"
  cp -r "$RESOLVCONF_ROOT"/etc/resolvconf* "$work/etc"
fi
layer /usr/sbin sbin "$work"/programs/*

for name in passwd group nsswitch.conf ld.so.cache alternatives; do
  if [ -e "/etc/$name" ]; then cp -r "/etc/$name" "$work/etc"; fi
done
mount --bind "$work/etc" /etc
mount -t tmpfs none /run
mkdir "$work/sys"
mount -t sysfs none "$work/sys"
mount -t tmpfs none /sys
mkdir -p /run/network /etc/network/interfaces.d
for phase in pre-up up down post-down; do mkdir "/etc/network/if-$phase.d"; done
# As Debian's resolvconf has it after its installation and a start.
if [ -d /etc/resolvconf ]; then
  mkdir -p /run/resolvconf/interface
  touch /run/resolvconf/enable-updates /run/resolvconf/resolv.conf
  ln -s /run/resolvconf /etc/resolvconf/run
  ln -s ../run/resolvconf/resolv.conf /etc/resolv.conf
fi
printf 'guest\n' >/etc/hostname
printf '127.0.0.1\tlocalhost\n127.0.1.1\tguest\n' >/etc/hosts
printf 'auto lo\niface lo inet loopback\n' >/etc/network/interfaces
# The others know no patterns there.
case $ifup in ifupdown | ifupdown2) sed -i '1i source /etc/network/interfaces.d/*\n' /etc/network/interfaces ;; esac
hostname guest
# busybox's ifup runs commands by root's shell, and the machine's may read long files of root's first.
sed -i 's,^\(root:.*:\).*,\1/bin/sh,' /etc/passwd

# Nobody else is on these links, and looking for a duplicate takes over a second an address.
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad

# VIFs; their other ends stand for the host's side. A veth has no node in XenStore, so sysfs is told.
index=0
for mac in bc:76:4e:20:6c:5b 40:40:97:83:78:2e 00:16:3e:00:00:03; do
  /usr/bin/ip link add "eth$index" address "$mac" type veth peer name "host$index"
  /usr/bin/ip link set "host$index" up
  mkdir -p "/sys/class/net/eth$index/device"
  ln -s "$work/sys/class/net/eth$index"/* "/sys/class/net/eth$index"
  printf 'device/vif/%s\n' "$index" >"/sys/class/net/eth$index/device/nodename"
  index=$((index + 1))
done
ifup lo
exec "$@"
