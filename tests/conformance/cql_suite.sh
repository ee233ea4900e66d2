#!/usr/bin/env bash
# The official CQL suite: every case passes but those listed with a reason, and at least 1,815 do.
set -euo pipefail
catchment=${CATCHMENT:?}
shared=${CATCHMENT_SHARED:-${CATCHMENT_SOURCE:?}/../shared}
suite=$shared/conformance/cql-tests
[ -d "$suite" ] || { echo "skipped: the official suite is not here"; exit 77; }
out=$(mktemp)
trap 'rm -f "$out"' EXIT
"$catchment" cql test "$suite"/*.xml >"$out" || { cat "$out"; echo "failed: a case failed that is not listed, or passed though listed"; exit 1; }
last=$(tail -1 "$out")
echo "$last"
[[ $last =~ ^total\ ([0-9]+)/([0-9]+)$ ]] || { echo "failed: the last line is not the total"; exit 1; }
[ "${BASH_REMATCH[1]}" -ge 1815 ] || { echo "failed: fewer than 1,815"; exit 1; }
listed=$(($(wc -l <"${CATCHMENT_SOURCE:?}/docs/reference/cql-exceptions.csv") - 1))
[ $((BASH_REMATCH[2] - BASH_REMATCH[1])) -eq "$listed" ] || { echo "failed: $listed exceptions are listed"; exit 1; }
