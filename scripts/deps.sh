#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Install what building, testing, showing, fuzzing or measuring needs.
#
# On Debian and its kin the packages are asked for first, and when all are there
# nothing is said or done, so that every target can begin with this.  Elsewhere
# nothing is installed: a probe is compiled, and what is missing is said with
# the names that other distributions have for it.
#
# Not here: perf, for captures of one's own; what the kernel's side needs.
#
# usage: deps.sh build|check|demo|fuzz|bench|aarch64 [--print]

set -u

usage()
{
	cat <<'END'
usage: scripts/deps.sh build|check|demo|fuzz|bench|aarch64 [--print]

Installs the packages that are missing (Debian); elsewhere says what is.

  build     the compiler and the libraries
  demo      the same: `make demo` runs what was built
  check     and the tests, sanitizers and lint
  fuzz      and libFuzzer
  bench     and the rivals, gnuplot, perf and zstd
  aarch64   and a compiler and an emulation for it
  --print   name the missing packages only

exit: 0 all there; 2 something is missing and was not installed
END
}

say()
{
	printf 'deps.sh: %s\n' "$*" >&2
}

print=
purpose=
for arg; do
	case $arg in
	build | check | demo | fuzz | bench | aarch64) purpose=$arg ;;
	--print) print=1 ;;
	--help)
		usage
		exit 0
		;;
	*)
		usage >&2
		exit 2
		;;
	esac
done
if [ -z "$purpose" ]; then
	usage >&2
	exit 2
fi

# gcc brings the sanitizers, but only recommends the C library's headers.
packages=(gcc libc6-dev make libyaml-dev libzstd-dev libjson-c-dev
	zlib1g-dev libdw-dev)
headers=(yaml.h zstd.h json-c/json.h zlib.h elfutils/libdwfl.h)
libraries=(-lyaml -lzstd -ljson-c -lz -ldw)
tools=(make nm objcopy)
case $purpose in
check)
	packages+=(check clang libclang-rt-dev clang-format shellcheck perl-base
		jq)
	headers+=(check.h)
	libraries+=(-lcheck -lsubunit)
	tools+=(clang clang-format shellcheck perl nm jq)
	;;
aarch64)
	packages+=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user)
	tools+=(aarch64-linux-gnu-gcc qemu-aarch64)
	;;
bench)
	packages+=(libck-dev liburcu-dev gnuplot-nox jq linux-perf zstd)
	headers+=(ck_ring.h urcu/wfcqueue.h)
	libraries+=(-lck -lurcu-cds -lurcu-common)
	tools+=(gnuplot jq perf zstd)
	;;
fuzz)
	packages+=(clang libclang-rt-dev)
	tools+=(clang)
	;;
esac

# --- Debian -----------------------------------------------------------------

has_package()
{
	case $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) in
	installed*) return 0 ;;
	esac
	return 1
}

# One query for all is twenty times faster than one for each.
find_missing()
{
	local package

	missing=()
	if [ "$(dpkg-query -W -f '${db:Status-Status}\n' "${packages[@]}" \
		2>/dev/null | grep -cx installed)" -ge ${#packages[@]} ]; then
		return
	fi
	for package in "${packages[@]}"; do
		has_package "$package" || missing+=("$package")
	done
}

as_root=()
if [ "$(id -u)" -ne 0 ]; then
	as_root=(sudo)
fi

apt_get()
{
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" \
		</dev/null
}

install_missing()
{
	say "installing: ${missing[*]}"
	if [ ${#as_root[@]} -gt 0 ] && ! command -v sudo >/dev/null; then
		say "neither root nor sudo; as root:"
		say "  apt-get install ${missing[*]}"
		return 1
	fi
	apt_get install -y --no-install-recommends "${missing[@]}" &&
		return
	# No lists yet, or old ones that name what is gone.
	say "once more, with fresh lists"
	apt_get update && apt_get install -y --no-install-recommends \
		"${missing[@]}"
}

# --- elsewhere --------------------------------------------------------------

# probe [OPTION...]: does a program with all headers compile and link?
probe()
{
	local header

	for header in "${headers[@]}"; do
		printf '#include <%s>\n' "$header"
	done | cat - <(echo 'int main(void) { return 0; }') |
		"${CC:-cc}" -x c -D_GNU_SOURCE -o /dev/null - "$@" 2>&1
}

# Say what of the tools, headers and libraries is not there.
find_lacking()
{
	local tool

	lacking=
	for tool in "${CC:-cc}" "${tools[@]}"; do
		command -v "$tool" >/dev/null ||
			lacking+="  no program '$tool'"$'\n'
	done
	command -v "${CC:-cc}" >/dev/null || return
	probe "${libraries[@]}" -lm -pthread >/dev/null ||
		lacking+=$(probe "${libraries[@]}" |
			grep -E 'error|cannot find' | sed 's/^/  /')$'\n'
	if [ "$purpose" = fuzz ] && command -v clang >/dev/null; then
		echo 'int LLVMFuzzerTestOneInput(const char *d, long n);
		int LLVMFuzzerTestOneInput(const char *d, long n)
		{ return !d * !n; }' | clang -x c -fsanitize=fuzzer \
			-o /dev/null - 2>/dev/null ||
			lacking+="  clang has no libFuzzer"$'\n'
	fi
}

hints()
{
	cat <<'END'
  Fedora    dnf install gcc make libyaml-devel libzstd-devel json-c-devel zlib-devel
            check: check-devel subunit-devel libasan libubsan libtsan clang
                   compiler-rt clang-tools-extra ShellCheck perl-interpreter jq
  Arch      pacman -S gcc make libyaml libzstd zstd json-c zlib
            check: check clang compiler-rt shellcheck perl jq
  openSUSE  zypper install gcc make libyaml-devel libzstd-devel libjson-c-devel zlib-devel
            check: check-devel subunit-devel clang ShellCheck perl jq
END
}

# --- main -------------------------------------------------------------------

if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
	find_missing
	if [ -n "$print" ]; then
		[ ${#missing[@]} -eq 0 ] || printf '%s\n' "${missing[@]}"
		exit 0
	fi
	[ ${#missing[@]} -gt 0 ] || exit 0
	install_missing && exit 0
fi

find_lacking
[ -n "$lacking" ] || exit 0
say "missing for '$purpose':"
printf '%s' "$lacking" >&2
say "install, by whatever names they have here:"
hints >&2
[ -n "$print" ] && exit 0
exit 2
