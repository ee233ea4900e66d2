#!/usr/bin/env bash
# The real server and the real Chromium over a small synthetic population: every page at phone and desktop
# width with axe, keyboard paths, wrong input, two people at once. Pictures are kept in test-output/screens.
set -euo pipefail
root=${CATCHMENT_SOURCE:?}
binary=${CATCHMENT:?}
node=$root/deps/node/node
browser=$(command -v chromium || true)
[ -n "$browser" ] || { echo "skipped: chromium is not installed"; exit 77; }
[ -f "$root/ui/dist/index.html" ] || { echo "the web app is not built: run tools/build-ui"; exit 1; }
[ -d "$root/ui/node_modules/playwright-core" ] || { echo "the web app's packages are not installed: run tools/build-ui"; exit 1; }
work=$(mktemp -d)
server=""
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
cd "$root"
"$binary" synth --people 3000 --seed 7 --out "$work/written" >/dev/null
mkdir "$work/workspace"
mv "$work/written/extracts" "$work/workspace/extracts"
# Exit 1 says that a feed is over its tolerance: the snapshot is published all the same.
"$binary" build --workspace "$work/workspace" >"$work/build.log" 2>&1 || [ $? -eq 1 ] || { cat "$work/build.log"; exit 1; }
"$binary" serve --workspace "$work/workspace" --port 0 --demo --log "$work/server.log" >"$work/serve.out" 2>&1 &
server=$!
address=""
for _ in $(seq 100); do
  address=$(grep -oE 'http://[^ ]+' "$work/serve.out" | head -1 || true)
  [ -n "$address" ] && break
  kill -0 "$server" 2>/dev/null || { cat "$work/serve.out"; exit 1; }
  sleep 0.1
done
[ -n "$address" ] || { cat "$work/serve.out"; exit 1; }
mkdir -p "$root/test-output/screens"
CHROMIUM=$browser ADDRESS=${address%/} SCREENS=$root/test-output/screens LOG=$work/server.log "$node" "$root/ui/tests/pages.mjs"
kill -TERM "$server"
wait "$server" || { echo "the server did not stop cleanly"; exit 1; }
server=""
