#!/usr/bin/env bash
# A night after a first build: rows come in, most of linkage stands, and the content is that of a build which places everybody by the same weights.
. "$(dirname "$0")/population.sh"
field() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["link_work"][sys.argv[2]])' "$1/current/receipt.json" "$2"; }
tonight=$scratch/tonight
population "$tonight"
# As it was a night ago: of every hundred rows one was not there yet.
for file in gp-emis gp-tpp iuc voluntary ambulance mhsds; do
  for extract in "$tonight/extracts/$file"/*/*/{patient,SRPatient,calls,contacts,incidents,MHS001MPI}.csv; do
    [ -e "$extract" ] || continue
    cp "$extract" "$scratch/$(echo "${extract#"$tonight/extracts/"}" | tr / +)"
    awk 'NR == 1 || NR % 100 != 7' "$extract" >"$scratch/fewer" && cp "$scratch/fewer" "$extract"
  done
done
build "$tonight" --measure-months 0 >"$scratch/first.txt" 2>&1 || fail "the first build: $(tail -3 "$scratch/first.txt")"
grep -q 'Link weights: found in this build (none were kept)' "$scratch/first.txt" || fail "the first build does not say that it found the link weights"
first=$(basename "$(readlink "$tonight/current")")
held=0
for copy in "$scratch"/*+*; do
  cp "$copy" "$tonight/extracts/$(basename "$copy" | tr + /)"
  held=$((held + 1))
done
[ "$held" -ge 5 ] || fail "only $held files held rows back"
cp -r "$tonight" "$scratch/full"
build "$tonight" --measure-months 0 >"$scratch/tonight.txt" 2>&1 || fail "the build of tonight"
build "$scratch/full" --measure-months 0 --place-all >"$scratch/full.txt" 2>&1 || fail "the build that places everybody"
[ "$(content "$tonight")" = "$(content "$scratch/full")" ] || fail "tonight's content is not that of a full build with the same weights"
[ "$(field "$tonight" weights_of)" = "$first" ] || fail "the weights are not those of the first build"
loose=$(field "$tonight" loose_identities) placed=$(field "$tonight" placed)
[ "$placed" -gt 0 ] && [ $((placed * 5)) -lt "$loose" ] || fail "$placed of $loose loose identities were placed again"
[ "$(field "$scratch/full" placed)" -eq "$loose" ] || fail "the full build did not place everybody"
grep -q 'placed again: the others stand as they were' "$scratch/tonight.txt" || fail "the receipt does not say how many were placed again"
grep -q "loose identities, .* placed again (asked to)" "$scratch/full.txt" || fail "the receipt does not say why all were placed"

# Stage by stage, told to train: the weights are kept by the publication and used from then on.
population "$scratch/stages" 500
build "$scratch/stages" --measure-months 0 >/dev/null 2>&1 || fail "the build before the stages"
before=$(basename "$(readlink "$scratch/stages/current")")
for stage in intake linkage records publish; do
  train=()
  [ "$stage" = linkage ] && train=(--train)
  build "$scratch/stages" --stage "$stage" "${train[@]}" >/dev/null 2>"$scratch/stage.txt" || fail "stage $stage: $(tail -2 "$scratch/stage.txt")"
done
trained=$(basename "$(readlink "$scratch/stages/current")")
[ "$trained" != "$before" ] || fail "the stages published nothing"
[ -z "$(field "$scratch/stages" weights_of)" ] || fail "told to train, the stages used kept weights"
build "$scratch/stages" --measure-months 0 >/dev/null 2>&1 || fail "the build after the stages"
[ "$(field "$scratch/stages" weights_of)" = "$trained" ] || fail "the weights that the stages found were not kept"
echo "$placed of $loose loose identities placed again; content as a full build's"
