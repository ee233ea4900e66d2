# Read by the scripts that try commands: the binary, the source tree, a folder that goes away, and how to fail.
set -u
catchment=${CATCHMENT:?the binary to test}
source_tree=${CATCHMENT_SOURCE:?the source tree}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() { echo "failed: $*"; exit 1; }
cd "$source_tree" || exit 1
