#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Configuration A as published, for DAMON's sysfs: IBS Op, physical addresses,
# two regions, one scheme that pulls into DRAM and one that pushes to CXL. The
# sizes, the target, the quota and the least share of accesses are ours, those
# of config-a.yaml.
set -e

GIB=$((1 << 30))
DRAM_END=$((160 * GIB))
CXL_END=$((416 * GIB))
# cat /sys/bus/event_source/devices/ibs_op/type
IBS_OP=11

cd /sys/kernel/mm/damon/admin/kdamonds
echo 1 > nr_kdamonds
echo 1 > 0/contexts/nr_contexts
C=$(pwd)/0/contexts/0
echo paddr > "$C/operations"

echo 5000 > "$C/monitoring_attrs/intervals/sample_us"
echo 100000 > "$C/monitoring_attrs/intervals/aggr_us"
echo 1000000 > "$C/monitoring_attrs/intervals/update_us"

P=$C/monitoring_attrs/sample/perf_events
echo 1 > "$P/nr_perf_events"
echo "$IBS_OP" > "$P/0/type"
echo 0 > "$P/0/config"
echo 1 > "$P/0/sample_phys_addr"
echo 0 > "$P/0/freq"
echo 262144 > "$P/0/sample_period"
for exclude in kernel hv; do
	echo 0 > "$P/0/exclude_$exclude"
done

echo 1 > "$C/targets/nr_targets"
R=$C/targets/0/regions
echo 2 > "$R/nr_regions"
echo 0 > "$R/0/start" && echo "$DRAM_END" > "$R/0/end"
echo "$DRAM_END" > "$R/1/start" && echo "$CXL_END" > "$R/1/end"

# PULL is scheme 0, PUSH is scheme 1: each the other way round.
echo 2 > "$C/schemes/nr_schemes"
for i in 0 1; do
	S=$C/schemes/$i
	echo migrate_hot > "$S/action"
	echo "$i" > "$S/target_nid"
	echo 18446744073709551615 > "$S/access_pattern/sz/max"
	# Of 20 samples in an aggregation: 5 %
	echo 1 > "$S/access_pattern/nr_accesses/min"
	echo 4294967295 > "$S/access_pattern/nr_accesses/max"
	echo 4294967295 > "$S/access_pattern/age/max"

	echo $((2 * GIB)) > "$S/quotas/bytes"
	echo 1000 > "$S/quotas/reset_interval_ms"
	echo 1000 > "$S/quotas/weights/nr_accesses_permil"
	echo temporal > "$S/quotas/goal_tuner"
	echo 1 > "$S/quotas/goals/nr_goals"
	echo node_eligible_mem_bp > "$S/quotas/goals/0/target_metric"
	echo "$i" > "$S/quotas/goals/0/nid"
	echo $((7000 - 4000 * i)) > "$S/quotas/goals/0/target_value"

	echo 1 > "$S/core_filters/nr_filters"
	echo addr > "$S/core_filters/0/type"
	echo Y > "$S/core_filters/0/matching"
	echo Y > "$S/core_filters/0/allow"
	echo $(((1 - i) * DRAM_END)) > "$S/core_filters/0/addr_start"
	echo $((i * DRAM_END + (1 - i) * CXL_END)) > \
		"$S/core_filters/0/addr_end"
done

echo on > 0/state
