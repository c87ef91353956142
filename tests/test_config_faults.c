// SPDX-License-Identifier: GPL-2.0
/*
 * Every kind of fault: its line, and that the message says what was expected.
 *
 * The faulty line carries the mark "#!", so that a case can be read without
 * counting; without a mark the fault is the file's.
 */
#include <errno.h>

#include "test_config.h"

/* Whole configurations, up to where the fault goes. */
#define KDAMOND "kdamonds:\n- "
#define CONTEXT KDAMOND "contexts:\n  - "
#define PADDR CONTEXT "ops: paddr\n    "
#define VADDR CONTEXT "ops: vaddr\n    targets: [{pid: 1}]\n    "
#define EVENT PADDR "sample_control:\n      perf_events:\n      - "
#define SCHEME PADDR "schemes:\n    - "
#define GOAL SCHEME "quotas:\n        goals:\n        - "
#define FILTER SCHEME "filters:\n      - "
#define PATTERN SCHEME "access_pattern:\n        "
#define REGIONS PADDR "targets:\n    - regions:\n      - "
#define SAMPLE_FILTER PADDR "sample_control:\n      sample_filters:\n      - "
#define EIGHT ONE ONE ONE ONE ONE ONE ONE ONE
#define ONE "      - {}\n"

/* clang-format off */
static const struct {
	const char *name;
	const char *text;
	const char *says;
} faults[] = {
	/* What is no configuration at all */
	{ "empty", "", "empty" },
	{ "only a comment", "# nothing\n", "empty" },
	{ "null", "~ #!\n", "null; expected a mapping" },
	{ "a list", "- 1 #!\n", "a list; expected a mapping" },
	{ "a word", "hello #!\n", "a single value; expected a mapping" },
	{ "no kdamonds", "profile: N #!\n", "no key \"kdamonds\"" },
	{ "two documents",
	  "kdamonds: [{contexts: [{ops: paddr}]}]\n--- #!\n{}\n",
	  "second document" },
	{ "tag", "kdamonds: !!seq [] #!\n", "a tag" },
	{ "tag of a key", "!k kdamonds: [] #!\n", "a tag" },
	{ "anchor", "kdamonds: &all [] #!\n", "an anchor" },
	{ "alias", "kdamonds: *all #!\n", "an alias" },
	{ "merge key", PADDR "<<: {} #!\n", "unknown key \"<<\"" },
	{ "unclosed", "kdamonds: [ } #!", "expected YAML or JSON" },
	{ "unclosed quote", "kdamonds: 'x\n #!", "expected YAML or JSON" },
	{ "tab", "kdamonds:\n\t- 1 #!\n", "expected YAML or JSON" },
	{ "wrong indent", "kdamonds:\n- state: off\n contexts: [] #!\n",
	  "expected YAML or JSON" },
	{ "bad UTF-8", "a: 1\nb: \xff #!\n", "expected UTF-8" },
	{ "UTF-16", "\xff\xfek #!", "expected UTF-8" },
	{ "control character", "a: 1\nb: \x01 #!\n", "expected UTF-8" },
	{ "a zero in a string", "kdamonds: \"a\\0b\" #!\n", "zero character" },
	{ "a key that is a list", "[1, 2]: 3 #!\n", "a list as a key" },
	{ "too deep", "[[[[[[[[[[[[[[[[[[[[[[[[[ #!\n", "24 levels" },

	/* Keys */
	{ "unknown key", CONTEXT "opts: paddr #!\n", "; expected ops?" },
	{ "unknown key, near", PADDR "intervals: {sampel_us: 5 ms} #!\n",
	  "; expected sample_us?" },
	{ "unknown key, far", PADDR "intervals: {hertz: 5} #!\n",
	  "expected sample_us, aggr_us, ops_update_us, intervals_goal" },
	{ "unknown key, long", PADDR
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: 1 #!\n",
	  "aaaaaaa...\" in a context" },
	{ "duplicate key", CONTEXT "ops: paddr\n    ops: paddr #!\n",
	  "a second time in a context, first on line 3" },
	{ "duplicate key in quotes",
	  CONTEXT "ops: paddr\n    'ops': vaddr #!\n",
	  "a second time" },
	{ "no ops", CONTEXT "pause: false #!\n", "no key \"ops\"" },
	{ "no contexts", KDAMOND "state: off #!\n", "no key \"contexts\"" },
	{ "no start", REGIONS "{end: 8192} #!\n", "no key \"start\"" },
	{ "no filter_type", FILTER "{allow: true} #!\n",
	  "no key \"filter_type\"" },

	/* Types */
	{ "list for mapping", PADDR "intervals: [] #!\n",
	  "is a list; expected a mapping" },
	{ "mapping for list", PADDR "schemes: {} #!\n",
	  "is a mapping; expected a list" },
	{ "null for list", PADDR "schemes: #!\n", "is null; expected a list" },
	{ "value in a list of mappings", PADDR "schemes: [stat] #!\n",
	  "is a single value; expected a mapping" },
	{ "list for number", PADDR "addr_unit: [1] #!\n",
	  "is a list; expected a size" },
	{ "null for number", PADDR "addr_unit: null #!\n",
	  "is null; expected a size" },
	{ "quoted null for number", PADDR "addr_unit: 'null' #!\n",
	  "\"null\" is no number" },
	{ "list for word", CONTEXT "ops: [paddr] #!\n",
	  "expected vaddr, fvaddr, paddr" },
	{ "number for bool", PADDR "pause: 2 #!\n", "expected true or false" },
	{ "list for bool", PADDR "pause: [] #!\n", "expected true or false" },
	{ "list for text", FILTER "{filter_type: memcg, memcg_path: []} #!\n",
	  "expected text or null" },
	{ "list for id", KDAMOND "{pid: [], contexts: [{ops: paddr}]} #!\n",
	  "expected a whole number" },

	/* Words */
	{ "profile", "profile: X #!\nkdamonds: []\n", "expected N, M, D" },
	{ "state", KDAMOND "state: paused #!\n", "expected off, on" },
	{ "ops", CONTEXT "ops: paddr_ibs #!\n",
	  "\"paddr_ibs\" is not known; expected vaddr, fvaddr, paddr" },
	{ "action", SCHEME "action: evict #!\n",
	  "expected willneed, cold, pageout, hugepage, nohugepage, collapse, "
	  "lru_prio, lru_deprio, migrate_hot, migrate_cold, stat" },
	{ "action, null", SCHEME "action: #!\n", "is null; expected willneed" },
	{ "metric", GOAL "{metric: speed, target_value: 1} #!\n",
	  "expected user_input, some_mem_psi_us" },
	{ "tuner", SCHEME "quotas: {goal_tuner: pid} #!\n",
	  "expected consist, temporal" },
	{ "filter type", FILTER "filter_type: rmap #!\n",
	  "expected anon, active, memcg, young, hugepage_size" },
	{ "sample filter type", SAMPLE_FILTER "filter_type: read #!\n",
	  "expected cpumask, threads, write" },
	{ "watermark metric", SCHEME "watermarks: {metric: all} #!\n",
	  "expected none, free_mem_rate" },

	/* Numbers; the spellings are the units' own test */
	{ "no number", PADDR "nr_regions: {min: ten} #!\n",
	  "\"ten\" is no number; expected a whole number such as" },
	{ "unit", PADDR "intervals: {sample_us: 5 parsecs} #!\n",
	  "expected a time such as 5 ms" },
	{ "negative", PADDR "intervals: {sample_us: -5} #!\n", "is negative" },
	{ "overflow", SCHEME "quotas: {sz_bytes: 16 EiB} #!\n",
	  "does not fit into 64 bits" },
	{ "overflow of 32 bits", EVENT "type: 4294967296 #!\n",
	  "is too large; expected at most 4,294,967,295" },
	{ "time too long for ns", PADDR
	  "intervals: {aggr_us: 18446744073709552} #!\n", "is too large" },
	{ "sample interval 0", PADDR "intervals: {sample_us: 0} #!\n",
	  "is too small; expected at least 1 us" },
	{ "min_nr_regions", PADDR "nr_regions: {min: 2} #!\n",
	  "is too small; expected at least 3" },
	{ "addr_unit 0", PADDR "addr_unit: 0 #!\n", "expected at least 1 B" },
	{ "precise_ip", EVENT "{sample_freq: 1, precise_ip: 4} #!\n",
	  "is too large; expected at most 3" },
	{ "sample_period with bit 63",
	  EVENT "{freq: 0, sample_period: 0x8000000000000000} #!\n",
	  "is too large" },
	{ "pid 0", KDAMOND "{pid: 0, contexts: [{ops: paddr}]} #!\n",
	  "is out of range" },
	{ "pid of letters",
	  KDAMOND "{pid: self, contexts: [{ops: paddr}]} #!\n",
	  "\"self\" is no number" },
	{ "nid below -1", SCHEME "target_nid: -2 #!\n", "is out of range" },
	{ "nid too large", SCHEME "target_nid: 2147483648 #!\n",
	  "is out of range" },
	{ "too many events", EVENT "{} #!\n" EIGHT EIGHT EIGHT EIGHT
	  EIGHT EIGHT EIGHT EIGHT,
	  "65 entries of perf_events in sample_control; expected at most 64" },

	/* Text */
	{ "text not ASCII",
	  FILTER "{filter_type: memcg, memcg_path: /\xc3\xa4} #!\n",
	  "expected printable ASCII" },
	{ "text with a newline",
	  FILTER "{filter_type: memcg, memcg_path: \"/a\\nb\"} #!\n",
	  "expected printable ASCII" },

	/* Kdamonds, contexts, targets, regions */
	{ "no kdamond", "kdamonds: [] #!\n", "expected at least 1" },
	{ "no context", KDAMOND "contexts: [] #!\n", "expected exactly 1" },
	{ "two contexts", KDAMOND "contexts: [{ops: paddr}, {ops: vaddr}] #!\n",
	  "2 entries of contexts in a kdamond; expected exactly 1" },
	{ "two targets for paddr",
	  PADDR "targets:\n    - pid: null\n    - pid: null #!\n",
	  "2 targets for paddr; expected one" },
	{ "no target for vaddr", CONTEXT "ops: vaddr #!\n",
	  "no target for virtual addresses" },
	{ "vaddr without pid", CONTEXT "ops: vaddr\n    targets:\n"
	  "    - pid: 1\n    - pid: null #!\n",
	  "without pid; expected its pid" },
	{ "fvaddr without pid", CONTEXT "ops: fvaddr\n    targets: [{}] #!\n",
	  "without pid; expected its pid" },
	{ "addr_unit for paddr", PADDR "addr_unit: 3 #!\n",
	  "the smallest region 1365 units; expected a power of two" },
	{ "region of nothing", REGIONS "{start: 8192, end: 8192} #!\n",
	  "holds nothing; expected an end above the start" },
	{ "region backwards", REGIONS "start: 8192\n        end: 4096 #!\n",
	  "expected an end above the start" },
	{ "regions unsorted",
	  REGIONS "{start: 8192, end: 12288}\n"
	  "      - {start: 0, end: 4096} #!\n", "expected rising regions" },
	{ "regions overlapping",
	  REGIONS "{start: 0, end: 8193}\n"
	  "      - {start: 16384, end: 20480}\n"
	  "      - {start: 20479, end: 24576} #!\n",
	  "expected rising regions" },
	{ "regions overlapping in whole pages",
	  REGIONS "{start: 0, end: 100}\n"
	  "      - {start: 200, end: 300} #!\n", "in multiples of 4096" },
	{ "region to the last byte",
	  REGIONS "{start: 0, end: 18446744073709551615} #!\n",
	  "above the last multiple of 4096" },
	{ "probes", PADDR "probes: [{}, {}, {}, {}, {}] #!\n",
	  "expected at most 4" },
	{ "weight beyond 32 bits", PADDR "probes: [{weight: 4294967296}] #!\n",
	  "expected at most 4,294,967,295" },
	{ "weights and a long window", PADDR
	  "intervals: {aggr_us: 1280 ms}\n    probes: [{weight: 1}] #!\n",
	  "weights with 256 ticks in a window; expected at most 255" },
	{ "weights beyond 32 bits", PADDR
	  "probes: [{weight: 214748364}, {weight: 1}] #!\n",
	  "expected a product of 32 bits" },
	{ "probe's filter of nothing", PADDR "probes: [{filters: [{}]}] #!\n",
	  "filter_type" },
	{ "probe's filter of schemes", PADDR
	  "probes: [{filters: [{filter_type: young}]}] #!\n",
	  "expected anon, memcg, hugepage_size, pgidle_unset" },
	{ "probe's memcg", PADDR
	  "probes: [{filters: [{filter_type: memcg}]}] #!\n",
	  "expected its path" },
	{ "probe's size", PADDR "probes: [{filters: [{filter_type: "
	  "hugepage_size, hugepage_size: [2M, 1M]}]}] #!\n",
	  "min not above max" },
	{ "preparation", PADDR
	  "probes: [{preps: [{prep_action: set_young}]}] #!\n",
	  "expected set_pgidle" },
	{ "probe hits backwards", FILTER "{filter_type: probe_hits_wsum, "
	  "probe_hits_wsum_range: [2, 1]} #!\n", "min not above max" },
	{ "probe hits of three", FILTER "{filter_type: probe_hits_wsum, "
	  "probe_hits_wsum_range: [1, 2, 3]} #!\n",
	  "a list of two numbers, or null" },
	{ "probe hits in bytes", FILTER "{filter_type: probe_hits_wsum, "
	  "probe_hits_wsum_range: [1K, 2M]} #!\n", "expected" },

	/* Intervals */
	{ "sample above aggr", PADDR "intervals:\n      sample_us: 101 ms #!\n",
	  "expected at least one sample per aggregation" },
	{ "aggr below sample", PADDR "intervals:\n      aggr_us: 1 ms #!\n",
	  "expected at least one sample per aggregation" },
	{ "goal min above max", PADDR "intervals:\n      intervals_goal:\n"
	  "        aggrs: 1\n        min_sample_us: 2 #!\n"
	  "        max_sample_us: 1\n", "expected min not above max" },
	{ "sample outside goal", PADDR "intervals:\n"
	  "      sample_us: 5 ms #!\n      intervals_goal:\n"
	  "        aggrs: 1\n        min_sample_us: 1\n"
	  "        max_sample_us: 1 ms\n", "outside its goal" },
	{ "nr_regions min above max",
	  PADDR "nr_regions:\n      min: 1,001 #!\n",
	  "min 1001 is above max 1000" },
	{ "nr_regions max below min", PADDR "nr_regions:\n      max: 9 #!\n",
	  "min 10 is above max 9" },

	/* Events */
	{ "freq without frequency", EVENT "type: 4 #!\n",
	  "would sample nothing: freq is on and sample_freq 0" },
	{ "freq 0", EVENT "type: 4\n        sample_freq: 0 #!\n",
	  "would sample nothing" },
	{ "period without freq off", EVENT "sample_period: 4096 #!\n",
	  "or freq off" },
	{ "period 0", EVENT "freq: off\n        sample_period: 0 #!\n",
	  "would sample nothing: freq is off and sample_period 0" },
	{ "cpumask without mask", SAMPLE_FILTER "filter_type: cpumask #!\n",
	  "expected cpumask" },
	{ "cpumask of ranges",
	  SAMPLE_FILTER "{filter_type: cpumask, cpumask: 0-3} #!\n",
	  "hexadecimal words" },
	{ "cpumask of long words",
	  SAMPLE_FILTER "{filter_type: cpumask, cpumask: '100000000'} #!\n",
	  "hexadecimal words" },
	{ "cpumask of empty words",
	  SAMPLE_FILTER "{filter_type: cpumask, cpumask: '1,,1'} #!\n",
	  "hexadecimal words" },
	{ "threads without any", SAMPLE_FILTER "filter_type: threads #!\n",
	  "expected tid_arr" },
	{ "threads of words",
	  SAMPLE_FILTER "{filter_type: threads, tid_arr: me} #!\n",
	  "numbers such as 12,34" },
	{ "threads of ten digits",
	  SAMPLE_FILTER "{filter_type: threads, tid_arr: '1234567890'} #!\n",
	  "numbers such as 12,34" },
	{ "threads with a comma too many",
	  SAMPLE_FILTER "{filter_type: threads, tid_arr: '12,'} #!\n",
	  "numbers such as 12,34" },

	/* Schemes */
	{ "pattern sizes", PATTERN "sz_bytes:\n          min: 2K #!\n"
	  "          max: 1K\n", "min 2048 is above max 1024" },
	{ "pattern accesses", PATTERN "nr_accesses:\n          min: 6 % #!\n"
	  "          max: 5 %\n", "min is above max" },
	{ "pattern age", PATTERN "age:\n          min: 1 h #!\n"
	  "          max: 1 m\n", "min is above max" },
	{ "pattern units", PATTERN "nr_accesses:\n          min: 5 %\n"
	  "          max: 20 samples #!\n", "expected the same unit" },
	{ "pattern unit", PATTERN "nr_accesses: {min: 5 ms} #!\n",
	  "expected a share such as 5 %, or 2 samples" },
	{ "pattern without a value", PATTERN "age: {min: null} #!\n",
	  "min in age is null; expected a time" },
	{ "pattern unit without a number",
	  PATTERN "nr_accesses: {min: ' samples'} #!\n", "is no number" },
	{ "pattern with too long a number", PATTERN "nr_accesses: {min: "
	  "0.0000000000000000000000000000000000000000000000000000000000000 "
	  "samples} #!\n", "has no known unit" },
	{ "pattern samples too large",
	  PATTERN "nr_accesses: {min: 4294967296 samples} #!\n",
	  "at most 4,294,967,295" },
	{ "pattern only a word", PATTERN "age: {min: aggr_intervals} #!\n",
	  "expected a time such as" },
	{ "goal of 0",
	  GOAL "metric: user_input\n          target_value: 0 #!\n",
	  "which the kernel ignores" },
	{ "goal without target", GOAL "metric: user_input #!\n",
	  "no key \"target_value\"" },
	{ "goal without nid", GOAL
	  "{metric: node_mem_used_bp, target_value: 1} #!\n",
	  "expected the node's number" },
	{ "goal without memcg", GOAL
	  "{metric: node_memcg_used_bp, nid: 0, target_value: 1} #!\n",
	  "expected its path" },
	{ "goal in another unit", GOAL
	  "{metric: some_mem_psi_us, target_value: 5 %} #!\n",
	  "expected a time" },
	{ "eligible memory for vaddr", VADDR "schemes:\n    - quotas:\n"
	  "        goals:\n"
	  "        - {metric: user_input, target_value: 1}\n"
	  "        - metric: node_eligible_mem_bp #!\n"
	  "          nid: 0\n          target_value: 1\n",
	  "expected ops paddr or another metric" },
	{ "migration to nowhere", SCHEME "action: migrate_cold #!\n",
	  "a migration without target_nid" },
	{ "migration by dests alone for paddr",
	  SCHEME "action: migrate_hot #!\n"
	  "      dests: [{id: 0, weight: 1}]\n", "all that paddr looks at" },
	{ "migration to nowhere for vaddr", VADDR
	  "schemes:\n    - action: migrate_hot #!\n",
	  "expected target_nid or dests" },
	{ "dests without weight", VADDR "schemes:\n    - action: migrate_hot\n"
	  "      dests: [{id: 0, weight: 0}] #!\n", "expected at least one" },
	{ "watermarks high below mid", SCHEME
	  "watermarks: {metric: free_mem_rate, mid_permil: 1} #!\n",
	  "expected high, mid, low to fall" },
	{ "watermarks mid below low", SCHEME
	  "watermarks: {metric: free_mem_rate, high_permil: 9,"
	  " low_permil: 1} #!\n", "expected high, mid, low to fall" },
	{ "memcg filter without path", FILTER "filter_type: memcg #!\n",
	  "expected its path" },
	{ "addr filter without range", FILTER "filter_type: addr #!\n",
	  "expected start and end" },
	{ "addr filter backwards", FILTER
	  "{filter_type: addr, address_range: {start: 2, end: 1}} #!\n",
	  "expected an end above the start" },
	{ "target filter without target", FILTER "filter_type: target #!\n",
	  "expected the target's place" },
	{ "target filter beyond targets", FILTER
	  "{filter_type: target, damon_target_idx: 0} #!\n", "target 0 of 0" },
	{ "hugepage filter without size", FILTER
	  "filter_type: hugepage_size #!\n", "expected [min, max]" },
	{ "hugepage filter backwards", FILTER
	  "{filter_type: hugepage_size, hugepage_size: [2M, 1M]} #!\n",
	  "expected [min, max]" },
	{ "hugepage filter of three", FILTER
	  "{filter_type: hugepage_size, hugepage_size: [1, 2, 3]} #!\n",
	  "a list of two sizes" },
	{ "hugepage filter of no size", FILTER
	  "{filter_type: hugepage_size, hugepage_size: [2M, big]} #!\n",
	  "\"big\" is no number" },
	{ "hugepage filter of lists", FILTER
	  "{filter_type: hugepage_size, hugepage_size: [[], 2M]} #!\n",
	  "expected a size" },
};
/* clang-format on */

static u32 marked_line(const char *text)
{
	const char *mark = strstr(text, "#!");
	u32 line = 1;

	if (!mark)
		return 0;
	for (; text < mark; text++)
		line += *text == '\n';
	return line;
}

START_TEST(says_where_and_what)
{
	const char *text = faults[_i].text;
	u32 line = marked_line(text);
	struct config cfg = { .nr_kdamonds = 4711 };
	struct config_error err;
	int ret;

	ret = config_parse(&cfg, text, strlen(text), "fault.yaml", &err);
	ck_assert_msg(ret == -EINVAL, "%s: %d", faults[_i].name, ret);
	ck_assert_msg(err.line == line, "%s: line %u, not %u: %s",
		      faults[_i].name, err.line, line, err.text);
	ck_assert_msg(strstr(err.text, faults[_i].says),
		      "%s: \"%s\", not \"%s\"", faults[_i].name, err.text,
		      faults[_i].says);
	ck_assert_msg(strstr(err.text, "expected"), "%s: \"%s\"",
		      faults[_i].name, err.text);
	ck_assert_msg(!err.line == !err.column, "%s", faults[_i].name);
	ck_assert_str_eq(err.file, "fault.yaml");
	/* Untouched. */
	ck_assert_uint_eq(cfg.nr_kdamonds, 4711);
}
END_TEST

/* clang-format off */
static const struct {
	const char *key;
	const char *says;
} misspelt[] = {
	{ "op", "expected ops?" },
	{ "opss", "expected ops?" },
	{ "Ops", "expected ops?" },
	{ "intervls", "expected intervals?" },
	{ "intervalls", "expected intervals?" },
	{ "interwals", "expected intervals?" },
	{ "chemes", "expected schemes?" },
	{ "schemesss", "expected schemes?" },
	/* As far away as is still called near, and one further. */
	{ "use", "expected pause?" },
	{ "targ", "expected targets?" },
	{ "tar", "expected ops, addr_unit, targets, intervals" },
	{ "sc", "expected ops, addr_unit, targets, intervals" },
	{ "xxopsxxxx", "expected ops, addr_unit, targets, intervals" },
	{ "contr", "expected ops, addr_unit, targets, intervals" },
	{ "contro_sample", "expected ops, addr_unit, targets, intervals" },
};
/* clang-format on */

START_TEST(suggests)
{
	struct config cfg;
	struct config_error err;
	char text[128];

	snprintf(text, sizeof(text), PADDR "%s: 1\n", misspelt[_i].key);
	ck_assert_int_eq(config_parse(&cfg, text, strlen(text), "", &err),
			 -EINVAL);
	ck_assert_msg(strstr(err.text, misspelt[_i].says), "%s", err.text);
}
END_TEST

/* Of two that are as near, the first; and nothing odd gets to a terminal. */
START_TEST(quotes)
{
	static const char tie[] = PADDR "nr_regions: {mix: 1}\n";
	static const char odd[] =
		PADDR "addr_unit: \"a ~\\x1b[31m\xc3\xa4\\n\"\n";
	struct config cfg;
	struct config_error err;

	ck_assert_int_eq(config_parse(&cfg, tie, strlen(tie), "", &err),
			 -EINVAL);
	ck_assert(strstr(err.text, "expected min?"));
	ck_assert_int_eq(config_parse(&cfg, odd, strlen(odd), "", &err),
			 -EINVAL);
	ck_assert_msg(strstr(err.text, "\"a ~?[31m???\" is no number"), "%s",
		      err.text);
}
END_TEST

START_TEST(columns)
{
	static const char text[] = "kdamonds: [{contexts: [{ops: x}]}]";
	static const char wide[] = "\xc3\xa4: \xc3\xa4\xff";
	struct config cfg;
	struct config_error err;

	ck_assert_int_eq(config_parse(&cfg, text, strlen(text), "", &err),
			 -EINVAL);
	ck_assert_uint_eq(err.column, strstr(text, "x}") - text + 1);
	/* In characters also where libyaml gives a byte. */
	ck_assert_int_eq(config_parse(&cfg, wide, strlen(wide), "", &err),
			 -EINVAL);
	ck_assert_uint_eq(err.column, 5);
}
END_TEST

/* Text of any size, to see that no bound but the reader's own is met. */
static int parse_repeated(const char *head, const char *body, u32 nr,
			  struct config_error *err)
{
	size_t sz_head = strlen(head), sz_body = strlen(body);
	char *text = malloc(sz_head + sz_body * nr);
	struct config cfg;
	int ret;
	u32 i;

	ck_assert(text);
	memcpy(text, head, sz_head);
	for (i = 0; i < nr; i++)
		memcpy(text + sz_head + sz_body * i, body, sz_body);
	ret = config_parse(&cfg, text, sz_head + sz_body * nr, "big", err);
	free(text);
	return ret;
}

START_TEST(bombs)
{
	static const char names[32] = "";
	struct config_error err;

	ck_assert_int_eq(parse_repeated("", "[", 1 << 20, &err), -EINVAL);
	ck_assert(strstr(err.text, "24 levels"));
	ck_assert_int_eq(parse_repeated("", "{a: ", 1 << 20, &err), -EINVAL);
	ck_assert(strstr(err.text, "24 levels"));
	ck_assert_int_eq(parse_repeated("", "- ", 1 << 20, &err), -EINVAL);
	ck_assert(strstr(err.text, "24 levels"));
	ck_assert_int_eq(parse_repeated("kdamonds: [", "0,", 1 << 20, &err),
			 -EFBIG);
	ck_assert(strstr(err.text, "262,144"));
	ck_assert_int_eq(parse_repeated("", "#\n", 9 << 20, &err), -EFBIG);
	ck_assert(strstr(err.text, "16 MiB"));
	/* As much as is allowed, and nothing in it. */
	ck_assert_int_eq(parse_repeated("", "#\n", 8 << 20, &err), -EINVAL);
	ck_assert(strstr(err.text, "empty"));
	ck_assert_int_eq(parse_repeated("k: ", "x", 1 << 20, &err), -EINVAL);
	ck_assert_int_eq(parse_repeated("k: ", names, sizeof(names), &err),
			 -EINVAL);
}
END_TEST

START_TEST(long_path)
{
	char path[4200];
	char text[8400];
	struct config cfg;
	struct config_error err;
	int sz;

	memset(path, 'x', sizeof(path));
	for (sz = 4094; sz < 4098; sz++) {
		snprintf(text, sizeof(text),
			 FILTER "{filter_type: memcg, memcg_path: %.*s}\n", sz,
			 path);
		if (sz > 4095) {
			ck_assert_int_eq(config_parse(&cfg, text, strlen(text),
						      "long", &err),
					 -EINVAL);
			ck_assert(strstr(err.text, "at most 4095"));
			continue;
		}
		ck_assert_int_eq(config_parse(&cfg, text, strlen(text), "long",
					      &err),
				 0);
		config_fini(&cfg);
	}
}
END_TEST

/* Too large a file is not read to its end to find that out. */
START_TEST(endless)
{
	struct config cfg;
	struct config_error err;

	ck_assert_int_eq(config_load(&cfg, "/dev/zero", &err), -EFBIG);
	ck_assert(strstr(err.text, "16 MiB"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config faults");
	TCase *tcase = tcase_create("all");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, says_where_and_what, 0,
			    sizeof(faults) / sizeof(faults[0]));
	tcase_add_loop_test(tcase, suggests, 0,
			    sizeof(misspelt) / sizeof(misspelt[0]));
	tcase_add_test(tcase, quotes);
	tcase_add_test(tcase, columns);
	tcase_add_test(tcase, bombs);
	tcase_add_test(tcase, long_path);
	tcase_add_test(tcase, endless);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
