#!/usr/bin/env bash
# What stops a build: each gets one clear error with a fix, exit code 2 or 3, and nothing published is lost.
. "$(dirname "$0")/population.sh"
workspace=$scratch/refused
population "$workspace" 300
build "$workspace" --measure-months 0 >/dev/null 2>&1 || fail "the first build"
first=$(content "$workspace")
expect() {  # code, text, command...
  local code=$1 text=$2 got=0
  shift 2
  "$@" >"$scratch/out.txt" 2>&1 || got=$?
  [ "$got" -eq "$code" ] || { cat "$scratch/out.txt"; fail "exit $got where $code was due: $text"; }
  grep -q "$text" "$scratch/out.txt" || { cat "$scratch/out.txt"; fail "no word of: $text"; }
  grep -q 'fix: ' "$scratch/out.txt" || { cat "$scratch/out.txt"; fail "no fix for: $text"; }
  [ "$(grep -c '^catchment: ' "$scratch/out.txt")" -eq 1 ] || fail "not one error for: $text"
  [ "$(content "$workspace")" = "$first" ] || fail "the live snapshot changed: $text"
}
expect 2 'there is no workspace' build "$scratch/nowhere"
expect 2 'there is no stage' build "$workspace" --stage polish
expect 2 'needs stage' build "$workspace" --stage records
expect 2 'is not a date' build "$workspace" --as-of yesterday

# Two at once: the first holds the lock for as long as it lives.
exec 9>>"$workspace/.build.lock"
flock -x 9
expect 3 'another build is running' build "$workspace"
exec 9>&-

# A file-size limit stands for a full disk where none can be mounted.
expect 3 'disk is full' bash -c "trap '' XFSZ; ulimit -f 2000; exec \"$catchment\" build --workspace \"$workspace\" --system \"$system\""

# A disk that really is full, where this machine lets us make a small one.
mkdir -p "$scratch/small"
if mount -t tmpfs -o size=24m tmpfs "$scratch/small" 2>/dev/null; then
  trap 'umount "$scratch/small" 2>/dev/null || true; rm -rf "$scratch"' EXIT
  cp -r "$workspace/extracts" "$scratch/small/extracts"
  expect 3 'disk is full' build "$scratch/small"
  [ ! -e "$scratch/small/current" ] || fail "a build on a full disk was published"
  [ "$(find "$scratch/small/extracts" -type f | wc -l)" -eq "$(find "$workspace/extracts" -type f | wc -l)" ] || fail "extracts were lost on a full disk"
  umount "$scratch/small" 2>/dev/null || true
  trap 'rm -rf "$scratch"' EXIT
else
  echo "no small disk possible here: that part was left out"
fi

# A workspace on a read-only disk, where this machine lets us make one.
mkdir -p "$scratch/read-only"
if mount --bind "$workspace" "$scratch/read-only" 2>/dev/null && mount -o remount,ro,bind "$scratch/read-only" 2>/dev/null; then
  trap 'umount "$scratch/read-only" 2>/dev/null || true; rm -rf "$scratch"' EXIT
  expect 3 'cannot be written' build "$scratch/read-only"
  umount "$scratch/read-only"
else
  echo "no read-only mount possible here: that part was left out"
fi
build "$workspace" --measure-months 0 >/dev/null 2>&1 || fail "the build after the refusals"
[ "$(content "$workspace")" = "$first" ] || fail "the build after the refusals has another content"
echo "every refusal was one error with a fix"
