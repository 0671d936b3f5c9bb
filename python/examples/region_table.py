"""Prints the regions of an image as a table, the slowest first. For a notebook or a terminal.

    python region_table.py ACCOUNT_SERVICE_ID IMAGE_ID
"""

from __future__ import annotations

import sys

import pandas

import clanforge


def table(status: clanforge.ImageStatus) -> pandas.DataFrame:
    frame = pandas.DataFrame(status.regions())
    machines = frame[["pending_machines", "failed_machines", "completed_machines"]].sum(axis=1)
    frame["percent_complete"] = 100 * frame["completed_machines"] / machines
    return frame.sort_values("percent_complete", ignore_index=True).drop(columns=["fleet_id", "region_id"])


if __name__ == "__main__":
    print(table(clanforge.image_status(int(sys.argv[1]), int(sys.argv[2]), detail=True)).to_string(index=False))
