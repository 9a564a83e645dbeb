#!/bin/sh
# Makes a guest with a network manager out of the namespaces it is started in, and runs a program in it:
# guest-namespace.sh MANAGER ROOT WORK VIFS PROGRAM [ARGUMENT...]
# MANAGER is networkd, networkd-alone (which has no bus to be called on), netplan (whose units networkd
# takes), netplan-network-manager (whose profiles NetworkManager takes) or network-manager, ROOT holds its
# unpacked packages, WORK is an empty directory, VIFS are words such as eth0=00:16:3e:00:00:01.
set -eu
manager=$1 root=$2 work=$3 vifs=$4
shift 4
mount -t tmpfs none "$work"
libraries=$(echo "$root"/usr/lib/*-linux-gnu)
libraries=$libraries:$libraries/systemd:$(echo "$root"/lib/*-linux-gnu)

# The machine's directory, as links, and beside them what the packages bring.
layer() {
  directory=$1 name=$2
  mkdir "$work/old-$name"
  mount --bind "$directory" "$work/old-$name"
  for path in "$work/old-$name"/*; do
    if [ ! -e "$work/new-$name/${path##*/}" ]; then ln -s "$path" "$work/new-$name"; fi
  done
  mount --bind "$work/new-$name" "$directory"
}
program() {
  printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' "$libraries" "$2" >"$work/new-sbin/$1"
  chmod 755 "$work/new-sbin/$1"
}
mkdir "$work/new-sbin" "$work/new-lib"
program dbus-daemon "$root/usr/bin/dbus-daemon"
case $manager in
*network-manager)
  program NetworkManager "$root/usr/sbin/NetworkManager"
  program nmcli "$root/usr/bin/nmcli"
  cp "$(dirname "$0")/restart-network-manager.sh" "$work/new-sbin/systemctl"
  ;;
*)
  program networkctl "$root/bin/networkctl"
  cp -r "$root/lib/systemd" "$work/new-lib"
  # All that the agent asks of it is to restart networkd.
  cp "$(dirname "$0")/restart-networkd.sh" "$work/new-sbin/systemctl"
  ;;
esac
chmod 755 "$work/new-sbin/systemctl"
case $manager in
netplan*)
  # Python would look for the library where ldconfig(8) knows of one, so it is loaded before that.
  cat >"$work/new-sbin/netplan" <<END
#!/bin/sh
export LD_LIBRARY_PATH=$libraries LD_PRELOAD=$(echo "$root"/usr/lib/*-linux-gnu/libnetplan.so.0.0)
export PYTHONHOME=$root/usr PYTHONPYCACHEPREFIX=/run/pycache PYTHONDONTWRITEBYTECODE=
export NETPLAN_GENERATE_PATH=$root/usr/libexec/netplan/generate
exec "$root/usr/bin/python3.11" "$root/usr/sbin/netplan" "\$@"
END
  # Nobody runs udev here, which netplan asks to name the links.
  printf '#!/bin/sh\n' >"$work/new-sbin/udevadm"
  chmod 755 "$work/new-sbin/netplan" "$work/new-sbin/udevadm"
  ;;
esac
# Before /usr/lib is covered: programs are in it as well, and the old directory shows through links.
layer /usr/lib lib
layer /usr/sbin sbin

mkdir "$work/etc"
for name in passwd group nsswitch.conf ld.so.cache alternatives; do
  if [ -e "/etc/$name" ]; then cp -r "/etc/$name" "$work/etc"; fi
done
grep -q '^systemd-network:' "$work/etc/passwd" ||
  echo 'systemd-network:x:998:998::/:/usr/sbin/nologin' >>"$work/etc/passwd"
grep -q '^systemd-network:' "$work/etc/group" || echo 'systemd-network:x:998:' >>"$work/etc/group"
mount --bind "$work/etc" /etc
mkdir -p "$work/var/lib/NetworkManager" /etc/systemd/network /etc/NetworkManager/system-connections
ln -s /run "$work/var/run"
mount --bind "$work/var" /var
mount -t tmpfs none /run
mount -t tmpfs none /sys
mkdir -p /run/dbus /run/systemd/netif/links
echo 0123456789abcdef0123456789abcdef >/etc/machine-id
printf 'guest\n' >/etc/hostname
printf '127.0.0.1\tlocalhost\n127.0.1.1\tguest\n' >/etc/hosts
hostname guest

# Nobody else is on these links, and looking for a duplicate takes over a second an address.
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
ip link set lo up

# The VIFs; their other ends stand for the host's side. A veth has no node in XenStore, so sysfs is told.
index=0
for vif in $vifs; do
  name=${vif%%=*} mac=${vif#*=}
  ip link add "$name" address "$mac" mtu 1500 type veth peer name "outside$index" mtu 1500
  ip link set "outside$index" mtu 9000 up
  mkdir -p "/sys/class/net/$name/device"
  printf '%s\n' "$mac" >"/sys/class/net/$name/address"
  ip -o link show "$name" | sed 's/:.*//' >"/sys/class/net/$name/ifindex"
  printf 'device/vif/%s\n' "$index" >"/sys/class/net/$name/device/nodename"
  index=$((index + 1))
done
# Otherwise the managers wait for udev, which nobody runs here.
mount -o remount,ro /sys

wait_for() {
  for _ in $(seq 200); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  echo "waited in vain: $*" >&2
  exit 1
}
start_bus() {
  cat >/run/bus.conf <<END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
END
  dbus-daemon --config-file=/run/bus.conf --nofork 2>/run/bus.log &
  wait_for test -S /run/dbus/system_bus_socket
}
case $manager in
*network-manager)
  start_bus
  cat >/etc/NetworkManager/NetworkManager.conf <<END
[main]
plugins=keyfile
auth-polkit=false
no-auto-default=*
[keyfile]
unmanaged-devices=interface-name:outside*
END
  if [ "$manager" = netplan-network-manager ]; then
    mkdir /etc/netplan
    printf 'network:\n  version: 2\n  renderer: NetworkManager\n' >/etc/netplan/01-network-manager-all.yaml
    chmod 600 /etc/netplan/01-network-manager-all.yaml
    netplan generate
  fi
  systemctl start --no-block NetworkManager.service
  wait_for nmcli general
  ;;
netplan)
  start_bus
  mkdir /etc/netplan
  cat >/etc/netplan/50-cloud-init.yaml <<END
network:
  version: 2
  ethernets:
    eth0:
      dhcp4: true
END
  chmod 600 /etc/netplan/50-cloud-init.yaml
  netplan generate
  systemctl restart systemd-networkd.service
  wait_for networkctl list
  ;;
networkd)
  start_bus
  systemctl restart systemd-networkd.service
  wait_for networkctl list
  ;;
networkd-alone)
  systemctl restart systemd-networkd.service
  ;;
esac
exec "$@"
