# Sourced with $root, the unpacked package netctl, and $work, an empty directory: makes netctl's scripts
# work there, on the profiles in $work/profiles, without systemd, in the namespaces it is sourced in.

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

# systemctl's part of netctl(1) is left out: who starts a profile is not at issue here.
cat >"$work/bin/netctl" <<END
#!/bin/sh
PATH=$work/bin:\$PATH
case \$1 in start | stop) exec "$work/netctl/network" "\$1" "\$2" ;; esac
END
chmod +x "$work/bin/netctl"
