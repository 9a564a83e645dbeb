#!/bin/sh
# Applies a network in copies of a guest on a disk with more and more room left, and prints a line for
# each: the kilobytes that were free, the answer's code, a sum over the guest's files, and how many
# journals and unfinished files are left. full-disk.sh TREE WORK NETWORK "KILOBYTES..." PROGRAM [ARGUMENT...]
set -eu
tree=$1 work=$2 network=$3 amounts=$4
shift 4

sum() {
  cd "$1"
  find . -type f ! -path './var/*' ! -name '*.bak' -exec stat -c '%n %a %u %g' {} + -exec sha256sum {} + |
    sort | sha256sum | cut -c1-16
}

printf 'old - %s -\n' "$(sum "$tree")"
for free in $amounts; do
  mount -t tmpfs -o size=1m none "$work"
  cp -a "$tree/." "$work"
  if [ "$free" != all ]; then
    left=$(($(df --output=avail "$work" | tail -n 1) - free))
    dd if=/dev/zero of="$work/fill" bs=1k count="$left" 2>/dev/null
  fi
  code=$("$@" --root "$work" --from "$network" 2>/dev/null | sed -n 's/^answer \([0-9]*\).*/\1/p') || true
  rm -f "$work/fill"
  leftovers=$(find "$work" -name '.nova-agent-*' -o -path '*/nova-agent/journal' | wc -l)
  printf '%s %s %s %s\n' "$free" "$code" "$(sum "$work")" "$leftovers"
  umount "$work"
done
