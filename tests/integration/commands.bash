# Read by the scripts that try commands: the binary, the source tree, a folder that goes away, how to fail and how to be refused.
set -u
catchment=${CATCHMENT:?the binary to test}
source_tree=${CATCHMENT_SOURCE:?the source tree}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() { echo "failed: $*"; exit 1; }
refused() {  # words, then the command: it must end with 2, say the words and show no row
  words=$1
  shift
  "$catchment" "$@" >"$scratch/out.txt" 2>"$scratch/err.txt"
  code=$?
  [ $code -eq 2 ] || fail "$* ended with $code: $(cat "$scratch/err.txt")"
  grep -qF -- "$words" "$scratch/err.txt" || fail "$* does not say '$words': $(cat "$scratch/err.txt")"
  [ ! -s "$scratch/out.txt" ] || fail "$* shows something: $(cat "$scratch/out.txt")"
}
cd "$source_tree" || exit 1
