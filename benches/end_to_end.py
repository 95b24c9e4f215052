#!/usr/bin/env python3
"""Time the whole job, from GeoJSON to annotated GeoJSON, and its peak memory.

    cargo build --release --locked
    benches/end_to_end.py                          # square grids of 10,000, 99,856 and 1,000,000 cells
    benches/end_to_end.py 10000 --threads 1 2
    benches/end_to_end.py --file counties.geojson --value income

Prints a Markdown table: for each map and number of threads the fastest of --repeat runs. The grids are the same on every machine.
"""
import argparse
import os
import platform
import random
import subprocess
import sys
import tempfile
import time

SIDE = 0.01  # degrees: the largest grid is ten degrees wide
WEST, SOUTH = 110, 25


def grid(path, cells):
    """A square grid of cells with a value that is smooth in space, and noise from a fixed seed."""
    width = round(cells**0.5)
    if width * width != cells:
        sys.exit(f"{cells} is not a square")
    draw = random.Random(42).random
    lon = [f"{WEST + i * SIDE:.2f}" for i in range(width + 1)]
    lat = [f"{SOUTH + i * SIDE:.2f}" for i in range(width + 1)]
    with open(path, "w", encoding="utf-8") as out:
        out.write('{"type":"FeatureCollection","features":[\n')
        for row in range(width):
            for column in range(width):
                w, e, s, n = lon[column], lon[column + 1], lat[row], lat[row + 1]
                value = (row // 20 + column // 20) % 5 + draw()
                out.write(
                    f'{{"type":"Feature","properties":{{"id":{row * width + column},"value":{value:.6f}}},'
                    f'"geometry":{{"type":"Polygon","coordinates":[[[{w},{s}],[{e},{s}],[{e},{n}],[{w},{n}],[{w},{s}]]]}}}}'
                )
                out.write(",\n" if row * width + column + 1 < cells else "\n]}\n")


def run(command):
    """Wall time in seconds and peak memory in MB of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"exit code {process.returncode}: {' '.join(command)}")
    unit = 1024 * 1024 if platform.system() == "Darwin" else 1024
    return wall, usage.ru_maxrss / unit


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("cells", nargs="*", type=int, help="sizes of grids, squares of whole numbers")
    arguments.add_argument("--agglo", default="target/release/agglo")
    arguments.add_argument("--file", help="a map of your own instead of grids")
    arguments.add_argument("--value", default="value", help="the column of --file to analyse")
    arguments.add_argument("--threads", nargs="*", type=int, default=[1, os.cpu_count() or 1])
    arguments.add_argument("--repeat", type=int, default=3)
    asked = arguments.parse_args()

    with tempfile.TemporaryDirectory() as scratch:
        if asked.file:
            maps = [(os.path.basename(asked.file), asked.file, asked.value, [])]
        else:
            maps = []
            for cells in asked.cells or [10_000, 99_856, 1_000_000]:
                path = os.path.join(scratch, f"grid_{cells}.geojson")
                grid(path, cells)
                maps.append((f"grid of {cells:,}", path, "value", ["--id", "id"]))
        print("| map | MB | threads | seconds | peak MB |")
        print("|---|--:|--:|--:|--:|")
        for name, path, value, identity in maps:
            for threads in dict.fromkeys(asked.threads):
                output = os.path.join(scratch, "annotated.geojson")
                command = [asked.agglo, "autocorrelation", path, *identity, "--value", value, "--weights", "queen"]
                command += ["--only", "local_moran", "--permutations", "999", "--threads", str(threads)]
                command += ["--quiet", "-o", output]
                wall, memory = min(run(command) for _ in range(asked.repeat))
                size = os.path.getsize(path) / 1e6
                print(f"| {name} | {size:.1f} | {threads} | {wall:.2f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
