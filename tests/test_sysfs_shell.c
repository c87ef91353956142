// SPDX-License-Identifier: GPL-2.0
/* The shell: what is understood means what it means in a shell. */
#include "test_sysfs.h"

START_TEST(understood)
{
	static const struct {
		const char *text, *out;
	} rows[] = {
		{ "", "" },
		{ "#!/bin/sh\n# no\necho a # b\necho c#d", "a\nc#d\n" },
		{ "echo a   'b  c' \"d  e\" f\\ g\\\nh", "a b  c d  e f gh\n" },
		{ "echo '$x\\'\"\\$\\\\\\a\"", "$x\\$\\\\a\n" },
		{ "X='a  b'; echo $X \"$X\" ${X}c", "a b a  b a bc\n" },
		{ "X=; echo \"$X\"$X; echo $X.", "\n.\n" },
		{ "X=a=b Y=c\necho $X$Y", "a=bc\n" },
		{ "echo $((1 + 2 * 3)) $(( (1+2)*3 )) $((7 / -2))%",
		  "7 9 -3%\n" },
		{ "echo $((1 << 4 | 0x3 & ~1)) $((010)) $((-7 % 4))",
		  "18 8 -3\n" },
		{ "N=5; echo $((N * $N - ${N})) $((10 - 3 - 2))", "20 5\n" },
		{ "for i in 0 1; do echo $i; done", "0\n1\n" },
		{ "L='x y'\nfor i in $L z\ndo for j in 1 2; do printf "
		  "$i$j; done\ndone\necho",
		  "x1x2y1y2z1z2\n" },
		{ "for i in; do echo no; done; for do in done; do echo $do; "
		  "done",
		  "done\n" },
		{ "true && echo a || echo b; false && echo c || echo d &&\n"
		  "echo e",
		  "a\nd\ne\n" },
		{ "echo a | cat; echo b | tee /dev/null; echo c | sudo tee "
		  "/dev/null > /dev/null",
		  "a\nb\n" },
		{ "echo a | tee /dev/stdout", "a\na\n" },
		{ "printf '%s-%d\\n' a 1 b 0x10; printf 'x%%\\t'; printf %u "
		  "-1",
		  "a-1\nb-16\nx%\t18446744073709551615" },
		{ "echo -n a; echo - -x", "a- -x\n" },
		{ "cd /sys/kernel/mm; pwd; cd damon/./admin/../admin//; pwd; "
		  "cd ../..; pwd; cd /../..; pwd",
		  "/sys/kernel/mm\n" SYSFS_ROOT "\n/sys/kernel/mm\n/\n" },
		{ "cd " D "; echo 2 > nr_kdamonds; cd 1; cat state "
		  "../nr_kdamonds; echo $(pwd) $(cat pid)",
		  "off\n2\n" D "1 -1\n" },
		{ "D=" SYSFS_ROOT "/kdamonds; echo 1 >$D/nr_kdamonds;"
		  "echo 3 >> \"${D}/nr_kdamonds\" 2>/dev/null; cat "
		  "$D/nr_kdamonds",
		  "3\n" },
		{ "echo -n > " D "nr_kdamonds; cat " D "nr_kdamonds", "0\n" },
		{ "false; echo $?; true; echo $?; exit 3; echo no", "1\n0\n" },
		{ "set -eu; false || true; true; modprobe x; :", "" },
		{ "export A B=2; sleep 1s; sleep 0.5; echo $B", "2\n" },
	};

	says(rows[_i].text, rows[_i].out);
}
END_TEST

START_TEST(refused)
{
	static const struct {
		const char *text;
		u32 line;
		const char *what;
	} rows[] = {
		{ "\nif true; then echo; fi", 2, "\"if\"" },
		{ "[ -e x ] && echo", 1, "\"[\"" },
		{ "while true; do :; done", 1, "\"while\"" },
		{ "f() { :; }", 1, "\"(\"" },
		{ "echo `pwd`", 1, "\"`\"" },
		{ "echo $(ls)", 1, "$(ls)" },
		{ "echo *", 1, "\"*\"" },
		{ "for i in {0..3}; do :; done", 1, "\"{\"" },
		{ "echo a\necho $NO", 2, "NO is not set" },
		{ "echo $1", 1, "\"$1\"" },
		{ "echo $((1 / 0))", 1, "division" },
		{ "echo $((1 +))", 1, "expected a number" },
		{ "echo $((08))", 1, "\"08\"" },
		{ "echo $((1 2))", 1, "\"2\"" },
		{ "echo 'a\nb", 1, "not closed" },
		{ "echo \"a", 1, "not closed" },
		{ "echo $((1", 1, "not closed" },
		{ "echo ${a", 1, "not closed" },
		{ "sleep 1 &", 1, "\"&\"" },
		{ "cat < x", 1, "\"<\"" },
		{ "echo 1 > /tmp/x", 1, "/tmp/x" },
		{ "cat /proc/meminfo", 1, "/proc/meminfo" },
		{ "cd /tmp", 1, "/tmp" },
		{ "cd /sys/kernel/m", 1, "/sys/kernel/m" },
		{ "echo a 2> x", 1, "/dev/null only" },
		{ "echo a >", 1, "behind >" },
		{ "echo a > /dev/null > /dev/null", 1, "more than one" },
		{ "X=1 echo a", 1, "behind an assignment" },
		{ "echo -e a", 1, "\"-e\"" },
		{ "sudo -u a echo", 1, "sudo" },
		{ "set -o pipefail", 1, "\"-o\"" },
		{ "printf 'a\\'", 1, "expected \\n" },
		{ "printf 'a%%'\nprintf 'a%'", 2, "expected one of" },
		{ "sleep 1w", 1, "\"1w\"" },
		{ "sleep -1", 1, "\"-1\"" },
		{ "&& echo", 1, "no command" },
		{ "echo a | | cat", 1, "no command" },
		{ "echo a |", 1, "no command" },
		{ "for i in 1; do echo", 1, "expected for" },
		{ "echo a\n\\\n\nrm -rf /", 4, "\"rm\"" },
		{ "A=aaaaaaaaaaaaaaaa\nfor a in $A $A $A $A $A $A $A $A; do\n"
		  "for b in $A $A $A $A $A $A; do A=$A$A; done; done",
		  3, "more than" },
	};
	struct ran r = { 0 };

	run(&r, rows[_i].text);
	ck_assert_msg(r.ret == -EINVAL, "%s", rows[_i].text);
	ck_assert_msg(r.err.line == rows[_i].line, "%s: line %u", rows[_i].text,
		      r.err.line);
	ck_assert_msg(strstr(r.err.text, rows[_i].what), "%s: %s",
		      rows[_i].text, r.err.text);
	ran_fini(&r);
}
END_TEST

/* On behind a failed write; with set -e no further, but behind || it is. */
START_TEST(failures)
{
	static const struct {
		const char *text, *out;
		u32 nr, line;
		int status;
	} rows[] = {
		{ "echo 1 > %s/x\necho a", "a\n", 1, 1, 0 },
		{ "set -e\necho 1 > %s/x\necho a", "", 1, 2, 1 },
		{ "set -e\necho 1 > %s/x || echo a\necho b", "a\nb\n", 1, 2,
		  0 },
		{ "set -e\necho 1 > %s/x && echo a\necho b", "b\n", 1, 2, 0 },
		{ "echo 1 | sudo tee %s/x\necho b", "1\nb\n", 1, 1, 0 },
		{ "cat %s/x", "", 1, 1, 1 },
		{ "cd %s/x", "", 1, 1, 1 },
		{ "set -e\nfor i in 1 2; do echo $i > %s/x; done\necho b", "",
		  1, 2, 1 },
		{ "for i in 1 2; do echo $i > %s/x; done", "", 2, 1, 1 },
	};
	struct ran r = { 0 };
	char text[256];

	snprintf(text, sizeof(text), rows[_i].text, SYSFS_ROOT);
	run(&r, text);
	ck_assert_msg(!r.ret, "%s: %s", text, r.err.text);
	ck_assert_str_eq(r.out, rows[_i].out);
	ck_assert_uint_eq(r.log.nr, rows[_i].nr);
	ck_assert_uint_eq(r.log.at[0].line, rows[_i].line);
	ck_assert_int_eq(r.log.at[0].error, -ENOENT);
	ck_assert(strstr(r.log.at[0].text, "s.sh:"));
	ck_assert_int_eq(r.log.status, rows[_i].status);
	ran_fini(&r);
}
END_TEST

static const char *ibs_type(void *arg, const char *path)
{
	return strcmp(path, "/sys/bus/event_source/devices/ibs_op/type") ?
		       NULL :
		       "11\n";
}

START_TEST(machine)
{
	static const char *const vars[] = { "PID=7", "E=", NULL };
	struct ran r = { .host.vars = vars, .host.file = ibs_type };

	run(&r, "echo $PID$E $(cat /sys/bus/event_source/devices/ibs_op/type)");
	ck_assert_msg(!r.ret, "%s", r.err.text);
	ck_assert_str_eq(r.out, "7 11\n");
	ran_fini(&r);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sysfs shell");
	TCase *tcase = tcase_create("all");

	tcase_add_loop_test(tcase, understood, 0, 25);
	tcase_add_loop_test(tcase, refused, 0, 39);
	tcase_add_loop_test(tcase, failures, 0, 9);
	tcase_add_test(tcase, machine);
	suite_add_tcase(suite, tcase);
	return support_run(suite);
}
