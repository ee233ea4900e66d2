"""Splink and Catchment on one file, in one run: seconds, memory, pairs and quality of each, and the ratios.

Never part of the build or the tests. Needs Python 3.9 or later and Splink (`pip install splink`, version 4 or 5).

    python3 bench/splink/side_by_side.py CATCHMENT FILE.csv [--threads N] [--splink-threshold P]

CATCHMENT is the built program. FILE.csv is such as `bench_linkage --files PEOPLE --write FILE.csv` writes: record, first_name,
surname, dob, sex, postcode, address, telephone, person. Each tool runs in a process of its own, without labels; the truth is
read only after both have answered. Splink gets a plain set-up that nobody tuned: its times are worth comparing, its quality is that
of the set-up.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter


def run(command):
    """Runs a command; returns wall seconds, processor seconds and GB at most of that command alone."""
    started = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {command[0]}")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6


def quality(truth, cluster):
    """Pairwise precision and recall of two dictionaries record -> label."""
    pairs = lambda labels: sum(n * (n - 1) // 2 for n in Counter(labels).values())
    both = pairs((truth[r], cluster[r]) for r in truth)
    said, true = pairs(cluster[r] for r in truth), pairs(truth.values())
    return both / max(1, said), both / max(1, true)


def read_column(path, key, value):
    with open(path, newline="", encoding="utf-8") as file:
        return {row[key]: row[value] for row in csv.DictReader(file)}


def link_with_splink(path, out, threads, threshold):
    """Runs in a process of its own: the file in, record and cluster out."""
    import duckdb
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    connection.execute("CREATE TABLE people AS SELECT * EXCLUDE (person) FROM read_csv(?, all_varchar = true)", [path])
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record",
        blocking_rules_to_generate_predictions=[
            block_on("dob", "surname"),
            block_on("dob", "first_name"),
            block_on("first_name", "surname", "postcode"),
            block_on("dob", "postcode"),
            block_on("telephone"),
        ],
        comparisons=[
            cl.JaroWinklerAtThresholds("first_name", [0.92, 0.82]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("surname", [0.92, 0.82]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("dob", [1, 2]),
            cl.ExactMatch("sex"),
            cl.LevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address", [0.92]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("telephone", [1]),
        ],
    )
    api = DuckDBAPI(connection=connection)
    table = api.register("people") if hasattr(api, "register") else "people"  # version 5 registers, version 4 names
    linker = Linker(table, settings) if hasattr(api, "register") else Linker(table, settings, api)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("first_name", "surname", "dob")], recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
    training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
    predictions = linker.inference.predict(threshold_match_probability=threshold)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, threshold)
    connection.execute(f"COPY (SELECT record, cluster_id FROM {clusters.physical_name}) TO '{out}' (HEADER)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("catchment")
    parser.add_argument("file")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--splink-threshold", type=float, default=0.999, help="probability at which Splink's pairs are joined; lower ones join households")
    parser.add_argument("--splink-only", metavar="OUT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.splink_only:
        return link_with_splink(options.file, options.splink_only, options.threads, options.splink_threshold)
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = os.path.join(folder, "ours.csv"), os.path.join(folder, "theirs.csv")
        threads = ["--threads", str(options.threads)]
        catchment = run([options.catchment, "link", "--model", "auto", options.file, "--out", ours, "--truth", "person", *threads])
        splink = run([sys.executable, os.path.abspath(__file__), options.catchment, options.file, "--splink-only", theirs, "--splink-threshold", str(options.splink_threshold), *threads])
        truth = read_column(options.file, "record", "person")
        for name, used, found in (
            ("Catchment", catchment, quality(truth, read_column(ours, "row", "cluster"))),
            ("Splink", splink, quality(truth, read_column(theirs, "record", "cluster_id"))),
        ):
            print(f"{name:<10} {used[0]:8.2f} s  {used[1]:8.2f} processor s  {used[2]:6.2f} GB  precision {found[0]:.5f}  recall {found[1]:.5f}")
        print(f"Splink takes {splink[0] / catchment[0]:.1f} times as long, {splink[1] / catchment[1]:.1f} times the processor time, {splink[2] / catchment[2]:.1f} times the memory")


if __name__ == "__main__":
    main()
