#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# damonsim config as its users run it.
#
# usage: tests/e2e_config.sh DAMONSIM

set -u

tool=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

# expect NAME EXIT PATTERN COMMAND...: exit code, and a line that matches.
expect()
{
	local name=$1 code=$2 pattern=$3 got
	shift 3
	"$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	if [ $got -eq "$code" ] && cat "$tmp/out" "$tmp/err" | grep -q -- "$pattern"
	then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "FAILED: $name: exit $got, expected $code with /$pattern/; it said:"
	head -n 5 "$tmp/out" "$tmp/err"
}

cat >"$tmp/good.yaml" <<'END'
kdamonds:
- contexts:
  - ops: vaddr
    targets: [{pid: 5}]
END
cat >"$tmp/bad.yaml" <<'END'
kdamonds:
- contexts:
  - ops: vaddr
    targets: [{pid: 5, regions: [{start: 8192, end: 4096}]}]
    intervals: {sample_us: 100 ms, aggr_us: 5 ms}
END

expect "good" 0 'nothing found' "$tool" config check "$tmp/good.yaml"
expect "standard input" 0 'nothing found' \
	"$tool" config check - <"$tmp/good.yaml"
# All of what cannot be meant, not only the first.
expect "refused" 1 'bad.yaml:4:53: refused (EINVAL): a region from 8192' "$tool" config check "$tmp/bad.yaml"
expect "refused too" 1 'bad.yaml:5:28: refused' \
	"$tool" config check "$tmp/bad.yaml"
expect "refused, for programs" 1 '"weight":"refused"' \
	"$tool" config check --json "$tmp/bad.yaml"
cat >"$tmp/odd.yaml" <<'END'
kdamonds:
- contexts:
  - ops: paddr
    sample_control: {perf_events: [{sample_freq: 1}]}
    schemes:
    - action: migrate_hot
      quotas:
        goals: [{target_value: 0}]
END
# What a kernel takes is no reason to fail; and the order is the file's.
expect "taken" 0 'odd.yaml:4:36: ignored: kdamonds\[0\].contexts\[0\].sample' \
	"$tool" config check "$tmp/odd.yaml"
expect "taken too" 0 'odd.yaml:8:32: ignored: a goal with target_value 0' \
	"$tool" config check "$tmp/odd.yaml"
expect "in order" 0 '^sorted$' sh -c "'$tool' config check '$tmp/odd.yaml' |
	sort -c -s -t : -k 2,2n -k 3,3n && echo sorted"
expect "taken, for programs" 0 '"line":8,"column":32' \
	"$tool" config check --json "$tmp/odd.yaml"
{
	printf 'profile: D\nkdamonds:\n'
	for pid in 1 2; do
		printf -- '- {contexts: [{ops: vaddr, targets: [{pid: %s}], ' $pid
		printf 'pause: true, sample_control: {perf_events: '
		printf '[{sample_freq: 1}]}}]}\n'
	done
	printf -- '- contexts: [{ops: paddr, schemes: ['
	for _ in {1..70}; do printf '{filters: [{filter_type: memcg}]}, '; done
	printf ']}]\n'
} >"$tmp/errors.yaml"
for error in EBUSY ENOENT ENOMEM 'and 6 more'; do
	expect "$error" 1 "$error" "$tool" config check "$tmp/errors.yaml"
done
expect "refused when shown" 2 'bad.yaml:4:53' "$tool" config show "$tmp/bad.yaml"

# What is printed is read again, and means the same.
expect "shown" 0 'aggr_us: 100 ms' "$tool" config show "$tmp/good.yaml"
cp "$tmp/out" "$tmp/shown.yaml"
expect "shown again" 0 'aggr_us: 100 ms' "$tool" config show "$tmp/shown.yaml"
if cmp -s "$tmp/out" "$tmp/shown.yaml"; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
	echo "FAILED: shown again: not the same"
fi
for f in tests/corpus/config/*; do
	expect "$f" 0 'kdamonds:' "$tool" config show "$f"
	cp "$tmp/out" "$tmp/shown.yaml"
	expect "$f, JSON" 0 '"kdamonds":' "$tool" config show --json "$f"
	perl -MJSON::PP -e 'local $/; decode_json(<>)' "$tmp/out" ||
		failed=$((failed + 1))
	cp "$tmp/out" "$tmp/shown.json"
	expect "$f, from JSON" 0 'kdamonds:' "$tool" config show \
		"$tmp/shown.json"
	cmp "$tmp/out" "$tmp/shown.yaml" || failed=$((failed + 1))
done

printf 'kdamonds:\n- contexts:\n  - ops: paddr\n    probes: [{weight: 2}]\n' \
	>"$tmp/probes.yaml"
expect "probes shown" 0 "weight: '2'" "$tool" config show "$tmp/probes.yaml"
expect "probes checked" 0 'nothing looks for accesses' \
	"$tool" config check "$tmp/probes.yaml"
expect "probes of an older core" 1 'refused (ENOENT)' \
	sh -c "(echo 'profile: M'; cat '$tmp/probes.yaml') | '$tool' config check -"

expect "no verb" 2 'show or check' "$tool" config
expect "another verb" 2 'show or check' "$tool" config eat "$tmp/good.yaml"
expect "no file" 2 'which file' "$tool" config show
expect "two files" 2 'more than one file' "$tool" config show a b
expect "no such option" 2 "no option '--fast'" "$tool" config show --fast a
expect "no such file" 2 'No such file' "$tool" config show "$tmp/none"
expect "not YAML" 2 ':1:' sh -c "echo 'a: [' | '$tool' config check -"
expect "full disk" 2 'write failed' \
	sh -c "'$tool' config show '$tmp/good.yaml' >/dev/full"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
