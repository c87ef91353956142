// SPDX-License-Identifier: GPL-2.0
/* The scenes that come with the program: small ones first. */
#include <stddef.h>

#include "explore/scene.h"

const struct scene_shipped scene_shipped[] = {
	{ "push-drain", "a report is published, and its slot given back",
	  "cpu0: push; push / kd0: drain" },
	{ "full", "a ring that is full, and drained meanwhile",
	  "ring 2 / cpu0: push; push; push; push / kd0: drain; drain" },
	{ "nested", "an NMI between any two steps of a push",
	  "cpu0: push; push / nmi0: push / kd0: drain; drain" },
	{ "nested-twice", "NMIs in a push, and in each other",
	  "cpu0: push / nmi0: push / nmi0: push / kd0: drain; drain" },
	{ "nested-full", "NMIs at the last free slot",
	  "ring 2 / cpu0: push; push / nmi0: push / nmi0: push / "
	  "kd0: drain; drain" },
	{ "two-cpus", "rings of two CPUs, one consumer",
	  "cpu0: push; push / cpu1: push; push / nmi1: push / kd0: drain; "
	  "drain" },
	{ "monitor", "a monitor's life, NMIs while it is armed",
	  "nmi0: sample / nmi0: sample / nmi0: sample / "
	  "kd0: commit 1; arm; tick; disarm; tick; commit 0" },
	{ "offline", "a CPU goes, and reports are in its ring",
	  "nmi0: sample / nmi0: sample / kd0: commit 1; arm; tick; tick / "
	  "hotplug: offline 0" },
	{ "producer-offline", "a CPU goes while it pushes now and then",
	  "cpu0: push; push / kd0: drain; drain / "
	  "hotplug: offline 0; online 0" },
	{ "hotplug-arm", "a CPU goes and comes while events are armed",
	  "cpus 2 / nmi1: sample / kd0: commit 1; arm; tick / "
	  "hotplug: offline 1; online 1" },
	{ "hotplug-disarm", "a CPU goes and comes while events are disarmed",
	  "cpus 2 / nmi1: sample / kd0: commit 1; arm; disarm; tick; "
	  "commit 0 / hotplug: offline 1; online 1; offline 1" },
	{ "late-online", "a CPU that comes while the monitor begins",
	  "cpus 2 / kd0: commit 1; arm; tick / "
	  "hotplug: offline 1; online 1; offline 0; online 0" },
	{ "commit", "other events in mid-run, a CPU goes and comes",
	  "cpus 2 / nmi0: sample / kd0: commit 1; arm; tick; commit 1b; tick; "
	  "commit 2b / hotplug: offline 1; online 1" },
	{ "first-event", "the first event comes in mid-run",
	  "nmi0: sample / kd0: arm; commit 1; tick; commit 0" },
	{ "commit-same", "the same events again, in mid-run",
	  "nmi0: sample / kd0: commit 1; arm; commit 1; tick" },
	{ "refused", "a CPU that refuses, now and then",
	  "cpus 2 / nmi0: sample / kd0: commit 1; arm; commit 2; tick / "
	  "rival: refuse 1; accept 1" },
	{ "refused-online", "a CPU that refuses when it comes",
	  "cpus 2 / kd0: commit 1; arm; revive / "
	  "hotplug: offline 1; online 1 / rival: refuse 1; accept 1" },
	{ "refused-start", "a CPU that refuses when the monitor begins",
	  "cpus 2 / kd0: commit 1; arm / rival: refuse 1" },
	{ "stolen", "another user takes the PMU in mid-run",
	  "nmi0: sample / nmi0: sample / kd0: commit 1; arm; revive; tick; "
	  "revive; tick / rival: take 0; give 0" },
	{ "pause", "a monitor that pauses and resumes",
	  "nmi0: sample / nmi0: sample / kd0: commit 1; arm; tick; pause; "
	  "resume; tick; commit 0" },
	{ "two-monitors", "two contexts want the rings",
	  "nmi0: sample / nmi0: sample / "
	  "kd0: commit 1; arm; tick; disarm; tick; commit 0 / "
	  "kd1: commit 1; arm; tick; disarm; tick; commit 0" },
	{ "faults", "a context that looks for page faults wants the rings",
	  "nmi0: sample / cpu1: push / "
	  "kd0: commit 1; arm; tick; disarm; tick; commit 0 / "
	  "kd1: claim; tick; release" },
	{ "migrate", "a kdamond that moves to the CPU it drains",
	  "nmi0: push / nmi0: push / kd0: drain; migrate 0; drain; drain" },
	{ "storm", "hotplug, a rival and commits at once",
	  "cpus 2 / nmi0: sample / nmi1: sample / "
	  "kd0: commit 1; arm; tick; commit 1b; pause; resume; tick / "
	  "hotplug: offline 1; online 1 / rival: refuse 1; accept 1" },
	{ NULL, NULL, NULL },
};
