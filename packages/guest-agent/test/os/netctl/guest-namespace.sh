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

# Only the paths of the scripts are changed.
cp -r "$root/usr/lib/netctl" "$work/netctl"
sed -i "s#/usr/lib/netctl#$work/netctl#; s#^PROFILE_DIR=.*#PROFILE_DIR=$work/profiles#" \
  "$work/netctl/globals" "$work/netctl/network"

# resolvconf -a eth0 keeps what it is told; sysctl -q -w a.b=c.
mkdir "$work/bin" "$work/dns"
cat >"$work/bin/resolvconf" <<END
#!/bin/sh
case \$1 in -a) cat >"$work/dns/\$2" ;; -d) rm -f "$work/dns/\$2" ;; esac
END
cat >"$work/bin/sysctl" <<'END'
#!/bin/sh
for setting; do :; done
echo "${setting#*=}" >"/proc/sys/$(echo "${setting%%=*}" | tr . /)"
END
printf '#!/bin/sh\n' >"$work/bin/systemd-notify"
chmod +x "$work"/bin/*
PATH=$work/bin:$PATH

mount -t sysfs none /sys
ip link set lo up
# Nobody else is on these links, and looking for a duplicate takes over a second an address.
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad

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
