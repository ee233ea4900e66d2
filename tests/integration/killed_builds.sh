#!/usr/bin/env bash
# kill -9 at many moments: the live snapshot goes on serving and the next build is clean.
. "$(dirname "$0")/population.sh"
workspace=$scratch/killed
population "$workspace" 500
build "$workspace" --measure-months 1 >/dev/null 2>&1 || fail "the first build"
before=$(readlink "$workspace/current")
first=$(content "$workspace")
started=$(date +%s%N)
build "$workspace" --measure-months 1 >/dev/null 2>&1 || fail "the second build"
took=$((($(date +%s%N) - started) / 1000000))
killed=0
for part in 3 10 20 30 40 50 60 70 80 85 90 93 96 98 99; do
  "$catchment" build --workspace "$workspace" --system "$system" --measure-months 1 >/dev/null 2>&1 &
  pid=$!
  sleep "$(awk -v t="$took" -v p="$part" 'BEGIN { printf "%.3f", t * p / 100000 }')"
  if kill -9 "$pid" 2>/dev/null; then killed=$((killed + 1)); fi
  wait "$pid" 2>/dev/null || true
  live=$(readlink -f "$workspace/current") || fail "at $part%: current is gone"
  for file in population.duckdb identity.duckdb people.sqlite manifest.json receipt.json; do
    [ -s "$live/$file" ] || fail "at $part%: the live snapshot lost $file"
  done
  [ "$(content "$workspace")" = "$first" ] || fail "at $part%: the live snapshot changed"
done
[ "$killed" -ge 8 ] || fail "only $killed builds were killed"
build "$workspace" --measure-months 1 >"$scratch/after.txt" 2>&1 || { cat "$scratch/after.txt"; fail "the build after the kills"; }
[ "$(content "$workspace")" = "$first" ] || fail "the build after the kills has another content"
[ ! -e "$workspace/snapshots/building" ] || fail "a dead build's folder was left"
[ "$(ls "$workspace/snapshots" | wc -l)" -le 3 ] || fail "dead builds left snapshots: $(ls "$workspace/snapshots")"
[ "$before" != "$(readlink "$workspace/current")" ] || fail "nothing was published"
echo "$killed builds killed; content $first before and after"
