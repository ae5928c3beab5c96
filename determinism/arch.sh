#!/usr/bin/env bash
# Runs the suites on other architectures, by qemu-user where the machine is none of them,
# and compares what all generated programs give with amd64's. ARCHES, LOCKSTEP_PROGRAMS and
# LOCKSTEP_ARCH_CASES (a -run pattern of conformance cases) say how much.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d); trap 'rm -rf "$out"' EXIT
arches=${ARCHES:-"arm64 riscv64 386 amd64v3"}
cases=${LOCKSTEP_ARCH_CASES:-^TestOurs\$}
programs=${LOCKSTEP_PROGRAMS:-10000}
packages="determinism conformance engine engine/js engine/value engine/regex engine/jsonata engine/journal"
if [ "${LOCKSTEP_SHORT:-}" = 1 ]; then packages="determinism conformance engine engine/js engine/value"; fi
build() { # architecture, folder
  local env="GOARCH=$1"
  case $1 in amd64v3) env="GOARCH=amd64 GOAMD64=v3";; esac
  for p in $packages; do env CGO_ENABLED=0 $env go test -c -o "$2/${p//\//_}.test" "./$p"; done
}
runner() {
  case $1 in
    arm64) command -v qemu-aarch64-static;;
    riscv64) command -v qemu-riscv64-static;;
    *) echo;;
  esac
}
run() { # package, pattern; uses the variables of suite
  local bin="$dir/${1//\//_}.test"
  if [ -x "$bin" ]; then
    (cd "$1" && LOCKSTEP_PROGRAMS=$programs LOCKSTEP_DIGESTS="$dir/digests" $by "$bin" -test.run "$2" -test.timeout 60m >"$dir/log" 2>&1) || { cat "$dir/log"; exit 1; }
  fi
}
suite() { # architecture
  local dir="$out/$1" by; mkdir -p "$dir"
  case $1 in
    amd64v3) grep -qw avx2 /proc/cpuinfo || { echo "$1: skipped, this CPU has not got it"; return; };;
    arm64|riscv64) runner "$1" >/dev/null || { echo "$1: skipped, it needs qemu-user-static"; return; };;
  esac
  by=$(runner "$1"); build "$1" "$dir"
  run determinism 'TestPrograms|TestHistories|TestNumbers|TestDates'
  run engine/js 'Hostile|Bitwise|NaN|Bodies|Expressions|Share|Limits|Timers'
  run conformance "$cases"
  for p in engine/value engine/regex engine/jsonata engine/journal; do run "$p" .; done
  if [ "$1" != amd64 ]; then
    cmp "$out/amd64/digests" "$dir/digests"
    echo "$1: $(wc -l <"$dir/digests") programs and all cases as on amd64"
  fi
}
suite amd64
for a in $arches; do suite "$a"; done
for try in 1 2 3; do # in real time, so a stall of the machine may come between
  LOCKSTEP_ARCHES="amd64 $arches" go test -count=1 -run TestArchitectures -v ./cmd/lockstep >"$out/workers.log" 2>&1 && break
  if [ $try = 3 ]; then cat "$out/workers.log"; exit 1; fi
done
grep -E 'voted the same|skipped|one architecture' "$out/workers.log" || true
if command -v qemu-s390x-static >/dev/null; then # big-endian machines are refused
  CGO_ENABLED=0 GOARCH=s390x go test -c -o "$out/endian.test" ./engine
  qemu-s390x-static "$out/endian.test" -test.run TestEndian -test.v >"$out/endian.log"
  grep refused "$out/endian.log" >/dev/null
  echo "s390x: refused"
fi
