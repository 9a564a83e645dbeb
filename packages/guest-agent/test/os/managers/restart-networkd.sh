#!/bin/sh
# Stands for systemctl(1) in a guest made of namespaces: restarts networkd and waits until it runs. The
# services that netplan asks for besides are not there.
set -eu
case "$*" in
"restart systemd-networkd.service") ;;
daemon-reload | "stop --no-block netplan-wpa-*.service" | "start netplan-ovs-cleanup.service") exit 0 ;;
"--quiet is-active "*) exit 3 ;;
*)
  echo "unknown: systemctl $*" >&2
  exit 1
  ;;
esac
if [ -e /run/networkd.pid ]; then
  old=$(cat /run/networkd.pid)
  kill "$old"
  # Nobody collects it in these namespaces, so its entry may stay.
  while grep -qs '^State:.[^Z]' "/proc/$old/status"; do sleep 0.05; done
fi
rm -f /run/systemd/netif/state
chown -R systemd-network:systemd-network /run/systemd/netif
libraries=$(sed -n 's/^LD_LIBRARY_PATH=\([^ ]*\) .*/\1/p' "$(command -v networkctl)")
LD_LIBRARY_PATH=$libraries /usr/lib/systemd/systemd-networkd >>/run/manager.log 2>&1 </dev/null &
echo $! >/run/networkd.pid
for _ in $(seq 200); do
  if [ -e /run/systemd/netif/state ]; then exit 0; fi
  sleep 0.05
done
cat /run/manager.log >&2
exit 1
