# SPDX-License-Identifier: GPL-2.0
#
# damonsim.  `make help` lists the targets.
#
# Options, on the command line:
#   O=dir         where everything built goes               (build)
#   V=1           show the commands
#   SAN=list      sanitizers: address,undefined  thread     (none)
#   WERROR=1      warnings are errors                       (1)
#   HOTPATH=dir   another copy of include/damon to build against
#   EXPLORE=...   options of `damonsim explore`, for make explore
#   CC=compiler   gcc and clang are both kept free of warnings
#   FUZZ_S=n      seconds for each fuzz target               (3600)
#   FUZZ_SEED=n   where each fuzz target begins; 0 is anywhere (0)
#   CAPTURE=file  what `make bench` reads                    (takes its own)
#
# A folder is compiled with -I only for itself and what stands below it, so
# that an include the wrong way does not resolve.

O ?= build
WERROR ?= 1
HOTPATH ?= include/damon
SAN ?=
FUZZ_S ?= 3600
FUZZ_SEED ?= 0
CHECK_SAN := address,undefined
# Only what hangs is to run into it, on a loaded machine, too.
export CK_DEFAULT_TIMEOUT ?= 300
Q := $(if $(V),,@)

comma := ,
san_name := $(or $(subst $(comma),-,$(SAN)),plain)
# A tree for each: objects of one copy must not be taken for another's.
hot_name := $(if $(filter include/damon,$(HOTPATH)),,-$(subst /,_,$(abspath $(HOTPATH))))
B := $(O)/$(san_name)$(hot_name)

OPT := $(if $(SAN),-O1 -fno-omit-frame-pointer,-O2)
CFLAGS_all := -std=gnu11 -g $(OPT) -Wall -Wextra -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wno-sign-compare -Wno-unused-parameter \
	$(if $(filter 1,$(WERROR)),-Werror) $(if $(SAN),-fsanitize=$(SAN)) \
	$(if $(findstring undefined,$(SAN)),-fno-sanitize-recover=all) \
	-D_GNU_SOURCE -MMD -MP $(CFLAGS)
LDLIBS_all := -lyaml -lzstd -ljson-c -lz -ldw -lm $(LDLIBS)
LDFLAGS_all := $(if $(SAN),-fsanitize=$(SAN)) -pthread $(LDFLAGS)

# The hot path is reached as <damon/ring.h> through a link, so that HOTPATH may
# be a directory of any name.
INC_hot := -I$(B)/hot -Iinclude
INC_traces := -Itraces $(INC_hot)
INC_models := -Imodels $(INC_traces)
INC_sim := -Isim $(INC_models)
INC_tests := -Itests/include -Itests $(INC_sim)

SRC_traces := $(wildcard traces/*.c)
SRC_models := $(wildcard models/*.c)
SRC_sim := $(filter-out sim/cmd/main.c,$(wildcard sim/*/*.c))
SRC_main := sim/cmd/main.c
# Description files are compiled in, so that the binary may be moved.
GEN_pmus := $(O)/gen/pmu_files.c
# A stored interleaving is of one revision.
GEN_id := $(B)/gen/hotpath_id.c
OBJ_lib := $(patsubst %.c,$(B)/%.o,$(SRC_traces) $(SRC_models) $(SRC_sim)) \
	$(B)/gen/pmu_files.o $(B)/gen/hotpath_id.o
LIB := $(B)/libdamonsim.a

TESTS := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/test_*.c))
PROPS := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/prop_*.c))
FUZZERS := $(patsubst tests/%.c,$(O)/fuzz/%,$(wildcard tests/fuzz_*.c))
TEST_SUPPORT := $(patsubst %.c,$(B)/%.o,$(wildcard tests/support_*.c))

.DELETE_ON_ERROR:
.PRECIOUS: $(B)/tests/%.o
.DEFAULT_GOAL := all

all: $(O)/damonsim ## build build/damonsim

# Points at what was asked for last, however old that is.
$(O)/damonsim: $(B)/damonsim FORCE
	$(Q)ln -sf $(patsubst $(O)/%,%,$<) $@

$(B)/damonsim: $(B)/$(SRC_main:.c=.o) $(LIB)
	@echo "  LD      $@"
	$(Q)$(CC) $(LDFLAGS_all) -o $@ $^ $(LDLIBS_all)

$(LIB): $(OBJ_lib)
	@echo "  AR      $@"
	$(Q)rm -f $@ && ar rcs $@ $^

$(B)/hot/damon: $(HOTPATH)
	$(Q)mkdir -p $(@D) && ln -sfn $(abspath $(HOTPATH)) $@

$(B)/traces/%.o: traces/%.c | $(B)/hot/damon
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS_all) $(INC_traces) -c -o $@ $<

$(B)/models/%.o: models/%.c | $(B)/hot/damon
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS_all) $(INC_models) -c -o $@ $<

$(B)/sim/%.o: sim/%.c | $(B)/hot/damon
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS_all) $(INC_sim) -c -o $@ $<

# The hot path as the explorer plays it: instrumented as for ThreadSanitizer,
# each access a call, and the calls renamed to what sim/explore/hooks.c has.
# No other sanitizer is in it, and line numbers always are.
$(B)/sim/explore/hot.o: sim/explore/hot.c | $(B)/hot/damon
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(CC) -std=gnu11 -g -O2 -Wall -Wextra \
		-Wno-unused-parameter $(if $(filter 1,$(WERROR)),-Werror) \
		-fsanitize=thread -D_GNU_SOURCE -MMD -MP -MT $@ \
		-MF $(@:.o=.d) -Isim/explore/include $(INC_sim) -c \
		-o $(@:.o=.tsan.o) $<
	$(Q)nm -u $(@:.o=.tsan.o) | \
		sed -n 's/^ *U __\(tsan_.*\)/__\1 explore_\1/p' > $(@:.o=.names)
	$(Q)objcopy --redefine-syms=$(@:.o=.names) $(@:.o=.tsan.o) $@

$(GEN_pmus): scripts/embed.sh $(shell find models/pmus -type f)
	$(Q)mkdir -p $(@D) && scripts/embed.sh models/pmus pmu_files > $@

$(B)/gen/pmu_files.o: $(GEN_pmus)
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS_all) -Isim/event -c -o $@ $<

$(GEN_id): $(wildcard $(HOTPATH)/*.h) Makefile
	$(Q)mkdir -p $(@D) && printf 'extern const char hotpath_id[];\n%s\n' \
		"const char hotpath_id[] = \"$$(cat $(sort $(wildcard $(HOTPATH)/*.h)) | \
		sha256sum | cut -c 1-16)\";" > $@

$(B)/gen/hotpath_id.o: $(GEN_id)
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS_all) -c -o $@ $<

$(B)/tests/%.o: tests/%.c | $(B)/hot/damon
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS_all) $(INC_tests) -c -o $@ $<

$(B)/tests/test_%: $(B)/tests/test_%.o $(TEST_SUPPORT) $(LIB)
	@echo "  LD      $@"
	$(Q)$(CC) $(LDFLAGS_all) -o $@ $^ -lcheck -lsubunit -lrt $(LDLIBS_all)

# These have a main of their own.
$(B)/tests/prop_%: $(B)/tests/prop_%.o
	@echo "  LD      $@"
	$(Q)$(CC) $(LDFLAGS_all) -o $@ $^ $(LDLIBS_all)
$(B)/tests/prop_run $(B)/tests/prop_explore: $(LIB)
$(B)/tests/prop_litmus: $(B)/tests/support_lkmm.o $(LIB)
# Its second opinion is shared, and has no Check.
$(B)/tests/prop_damos $(B)/tests/prop_probe: $(patsubst %.c,$(B)/%.o,$(wildcard tests/support_damos_*.c) \
	tests/support_memory.c) $(LIB)
$(B)/tests/stress_%: $(B)/tests/stress_%.o
	@echo "  LD      $@"
	$(Q)$(CC) $(LDFLAGS_all) -o $@ $^ -lrt $(LDLIBS_all)

# Fuzzers want all code instrumented, so they have a tree of objects too.
FUZZ_SAN := address,undefined
$(O)/fuzz/%: $(B)/tests/%.o $(LIB)
	@echo "  LD      $@"
	$(Q)mkdir -p $(@D) && \
		$(CC) -fsanitize=fuzzer,$(FUZZ_SAN) -o $@ $^ $(LDLIBS_all)

deps: ## install what building and testing need
	$(Q)scripts/deps.sh check

samples: ## take the shipped captures again; needs perf and root
	$(Q)traces/samples/regenerate.sh

$(O)/hotcold: traces/programs/hotcold.c
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(CC) -std=gnu11 -O2 -g -Wall -Wextra \
		-D_GNU_SOURCE -pthread -o $@ $<

demo: ## install what is missing, build, replay a shipped capture
	$(Q)scripts/deps.sh demo
	$(Q)$(MAKE) all
	$(O)/damonsim replay traces/samples/hotcold.data
	@echo && sed -n '/^## What is known/,/^The two/p' \
		traces/samples/README.md

check: ## install what is missing, run the tests with sanitizers
	$(Q)scripts/deps.sh check
	$(Q)$(MAKE) SAN= published
	$(Q)$(MAKE) SAN=$(CHECK_SAN) run-tests
	$(Q)$(MAKE) SAN= run-props run-nomem
	$(Q)$(MAKE) fuzz-all FUZZ_S=5 FUZZ_SEED=1
	$(Q)$(MAKE) SAN= stress STRESS_S=2
	@echo "all checks passed"

run-tests: $(TESTS) $(B)/damonsim
	$(Q)set -e; for t in $(TESTS); do $$t; done
	$(Q)set -e; for t in tests/e2e_*.sh; do $$t $(B)/damonsim; done

# What has threads: the run's workers.  The ring's are stress_*.
run-threads: $(B)/tests/test_run $(B)/tests/prop_run $(B)/damonsim
	$(B)/tests/test_run
	$(B)/tests/prop_run --runs 100
	tests/e2e_run_output.sh $(B)/damonsim

# What watches the allocator cannot share it with a sanitizer.
run-nomem: $(filter %_nomem,$(TESTS))
	$(Q)set -e; for t in $^; do $$t; done

run-props: $(PROPS)
	$(Q)set -e; for t in $^; do $$t; done

# The corpus is read only; what is found goes below $(O).
run-fuzz: $(FUZZERS)
	$(Q)set -e; for f in $^; do n=$${f##*/fuzz_}; \
		mkdir -p $(O)/fuzz/corpus-$$n; \
		dict=; [ ! -f tests/fuzz_$$n.dict ] || \
			dict=-dict=tests/fuzz_$$n.dict; \
		echo "  RUN     $$f, $(FUZZ_S) s"; \
		$$f -max_total_time=$(FUZZ_S) -timeout=100 -rss_limit_mb=2048 \
			-seed=$(FUZZ_SEED) -verbosity=0 -print_final_stats=1 $$dict \
			-artifact_prefix=$(O)/fuzz/ $(O)/fuzz/corpus-$$n \
			tests/corpus/$$n; done

fuzz: ## libFuzzer on each reader, FUZZ_S seconds each
	$(Q)scripts/deps.sh fuzz
	$(Q)$(MAKE) fuzz-all

fuzz-all:
	$(Q)$(MAKE) CC=clang SAN=fuzzer-no-link,$(FUZZ_SAN) run-fuzz

STRESS_S ?= 30
STRESSES := $(patsubst tests/%.c,%,$(wildcard tests/stress_*.c))
stress: ## threads with signals for NMIs, under both ThreadSanitizers and without
	$(Q)$(MAKE) SAN=thread $(STRESSES:%=$(O)/thread$(hot_name)/tests/%)
	$(Q)$(MAKE) SAN=thread CC=clang O=$(O)/clang \
		$(STRESSES:%=$(O)/clang/thread$(hot_name)/tests/%)
	$(Q)$(MAKE) SAN= $(STRESSES:%=$(O)/plain$(hot_name)/tests/%)
	set -e; for s in $(STRESSES); do for b in plain thread clang/thread; do \
		$(O)/$$b$(hot_name)/tests/$$s --seconds $(STRESS_S); \
		done; done

# Another machine's orders, as far as its emulation has them; and its compiler.
A64_CC := aarch64-linux-gnu-gcc -std=gnu11 -g -static -w -D_GNU_SOURCE -pthread \
	-I$(B)/hot -Iinclude -Itests/aarch64 -Itests/include -Itests
A64_PROGRAMS := test_hotpath prop_match prop_quota $(STRESSES)
A64 := $(foreach opt,O2 Os,$(A64_PROGRAMS:%=$(O)/aarch64-$(opt)/%))

aarch64: ## the hot path's suites for another machine, under qemu-user
	$(Q)scripts/deps.sh aarch64
	$(Q)$(MAKE) SAN= run-aarch64

$(A64): $(wildcard tests/*-kunit.h tests/*.h tests/aarch64/*.h include/*/*.h \
	$(HOTPATH)/*.h) | $(B)/hot/damon
$(A64): $(O)/aarch64-%: FORCE
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(A64_CC) -$(firstword $(subst /, ,$*)) -o $@ \
		tests/$(@F).c $(if $(filter test_hotpath,$(@F)),tests/support_kunit.c) \
		-lrt -lm

run-aarch64: $(A64)
	$(Q)set -e; for opt in O2 Os; do \
		for t in test_hotpath prop_match prop_quota; do \
		echo "  RUN     $$t -$$opt, aarch64"; \
		qemu-aarch64 $(O)/aarch64-$$opt/$$t; done; \
		for t in $(STRESSES); do \
		qemu-aarch64 $(O)/aarch64-$$opt/$$t --seconds 2; done; done

EXPLORE ?=
explore: ## look for interleavings that break HOTPATH; EXPLORE=options
	$(Q)scripts/deps.sh build
	$(Q)$(MAKE) $(B)/sim/explore/hot.o
	$(Q)$(MAKE) all
	$(O)/damonsim explore $(EXPLORE)

published: ## damonsim with the posted design of May 2026 as its hot path
	$(Q)$(MAKE) HOTPATH=tests/variants/published-run O=$(O)/published all

mutants: ## break each barrier, bound and transition once; all must be noticed
	$(Q)tests/mutants/run.sh

BENCH := $(wildcard bench/*.c)
$(O)/bench: $(BENCH) $(wildcard bench/*.h tests/variants/*/*.h include/*/*.h) \
		| $(B)/hot/damon
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS_all) $(INC_hot) -Itests/variants \
		-Ibench -o $@ $(BENCH) -lck -lurcu-cds -lurcu-common -lpthread -lm

bench: ## the hot path next to its rivals, replay next to perf script
	$(Q)scripts/deps.sh bench
	$(Q)$(MAKE) SAN= all $(O)/bench $(O)/hotcold
	$(Q)$(MAKE) SAN= published
	$(Q)bench/run.sh $(O) $(CAPTURE)

lint: ## rules of the hot path, barrier pairs, layers, style
	$(Q)scripts/deps.sh check
	$(Q)$(MAKE) all
	$(Q)HOTPATH=$(HOTPATH) DAMONSIM=$(O)/damonsim tests/lint/run.sh

clean: ## remove what was built
	$(Q)rm -rf $(O)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | \
		expand -t 20

.PHONY: FORCE all explore published deps samples demo check run-tests run-threads run-nomem run-props run-fuzz fuzz fuzz-all stress aarch64 run-aarch64 \
	mutants bench lint clean help

-include $(shell [ -d $(O) ] && find $(O) -name '*.d')
