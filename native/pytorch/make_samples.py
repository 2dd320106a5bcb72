"""Writes the stored samples that `train_rank.py --loader decode` reads, and prints one JSON line with their sizes. Files that are there are kept."""
import argparse
import json
import statistics

from host import set_up

set_up()

from networks.families import families, fill_options
from samples import write_samples
from tasks import STORED_SCALE


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", required=True, choices=sorted(families))
    parser.add_argument("--options", type=json.loads, default={}, help="sizes as in a workload document, JSON")
    parser.add_argument("--folder", required=True, help="of this network alone")
    parser.add_argument("--count", type=int, default=256)
    arguments = parser.parse_args()
    try:
        options = fill_options(arguments.network, arguments.options)
    except ValueError as problem:
        parser.error(str(problem))
    sizes = write_samples(arguments.folder, arguments.network, options, arguments.count)
    print(json.dumps({"network": arguments.network, "scale": STORED_SCALE[arguments.network], "samples": len(sizes), "bytes": {"mean": round(statistics.mean(sizes)), "min": min(sizes), "max": max(sizes)}}))


if __name__ == "__main__":
    main()
