#!/usr/bin/env bash
# The nation: all 1,409,778,724 citizens of the census table, all 364 weeks, under total-2020.
# Needs 22 GiB of free memory and about 45 GB of disk for checkpoints; it can be stopped (Ctrl-C)
# and goes on with `glasstown resume`. The raw log is what this prints.
set -euo pipefail
cd "$(dirname "$0")"
date -u
/usr/bin/env time -v glasstown run total-2020 --citizens 1_409_778_724 --weeks "${1:-364}" --seed 1 \
  --out nation-run 2>&1 | tee "log/nation-$(date -u +%Y%m%d).txt"
