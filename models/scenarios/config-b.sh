#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Configuration B as published, for DAMON's sysfs: PEBS, loads that missed the
# last cache, virtual addresses of one process, one scheme with two weighted
# destinations. The weights, the quota and the least share of accesses are ours,
# those of config-b.yaml.
set -e

PID=1000
D=/sys/kernel/mm/damon/admin/kdamonds
echo 1 | sudo tee "$D/nr_kdamonds" > /dev/null
echo 1 > "$D/0/contexts/nr_contexts"
C=${D}/0/contexts/0
echo vaddr > "$C/operations"
echo 1000000 > "$C/monitoring_attrs/intervals/update_us"

P=$C/monitoring_attrs/sample/perf_events
echo 1 > "$P/nr_perf_events"
cd "$P/0"
echo 4 > "./type"
echo 0x20d1 > config
echo 1 > freq
echo 5003 > sample_freq
echo 2 > precise_ip
echo 1 > wakeup_events
echo 0 > exclude_kernel; echo 0 > exclude_hv
cd /

echo 1 > "$C/targets/nr_targets"
echo "$PID" > "$C/targets/0/pid_target"

echo 1 > "$C/schemes/nr_schemes"
S=$C/schemes/0
echo migrate_hot > "$S/action"
printf '%s\n' 18446744073709551615 > "$S/access_pattern/sz/max"
# Of 20 samples in an aggregation: 5 %
echo 1 > "$S/access_pattern/nr_accesses/min"
echo 4294967295 > "$S/access_pattern/nr_accesses/max"
echo 4294967295 > "$S/access_pattern/age/max"
echo 2 > "$S/dests/nr_dests"
echo 0 > "$S/dests/0/id"
echo 7 > "$S/dests/0/weight"
echo 1 > "$S/dests/1/id"
echo 3 > "$S/dests/1/weight"
echo $((16 * 1024 * 1024 * 1024)) > "$S/quotas/bytes"
echo 1000 > "$S/quotas/reset_interval_ms"
echo 1000 > "$S/quotas/weights/nr_accesses_permil"

echo on > "$D/0/state"
