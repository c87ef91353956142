#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Take the capture "whole" in a small virtual machine that runs nothing else.
#
# A capture of a whole machine names all that runs on it, so it is taken where
# that is this repository's own programs: a kernel, busybox, perf, and what they
# need, in one initramfs.  The capture comes out through the second serial line.
#
# usage: whole-in-qemu.sh KERNEL [DIR]
#   KERNEL    a bzImage with initramfs, serial line and perf events built in,
#             such as Debian's vmlinuz-*-cloud-amd64
#   DIR       where the capture goes (this folder)
#
# Needs qemu-system-x86, busybox-static, perf, cpio, gcc.  Not here: root.

set -eu

here=$(cd "$(dirname "$0")" && pwd)
kernel=$1
out=${2:-$here}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fs=$tmp/fs

mkdir -p "$fs"/{bin,usr/bin,proc,sys,dev,tmp/capture,etc,samples,programs}
cp "$(command -v busybox)" "$fs/bin/busybox"
cp "$here/regenerate.sh" "$fs/samples"
cp "$here"/../programs/* "$fs/programs"
cp "$here/../capture.sh" "$fs"
gcc -O2 -D_GNU_SOURCE -pthread -o "$fs/tmp/capture/hotcold" \
	"$here/../programs/hotcold.c"
for program in perf bash sort awk; do
	path=$(command -v $program)
	cp -L "$path" "$fs/usr/bin/$program"
	ldd "$path" | grep -o '/[^ )]*' | while read -r lib; do
		mkdir -p "$fs${lib%/*}"
		cp -Ln "$lib" "$fs$lib"
	done
done
ln -s ../usr/bin/bash "$fs/bin/bash"
cat >"$fs/init" <<'END'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/usr/bin:/bin IN_CAPTURE_VM=1 SAMPLES_OUT=/tmp
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
/samples/regenerate.sh whole
stty -F /dev/ttyS1 raw
base64 /tmp/whole.data >/dev/ttyS1
echo end >/dev/ttyS1
poweroff -f
END
chmod +x "$fs/init"
(cd "$fs" && find . | cpio -o -H newc --quiet | gzip -1) >"$tmp/initramfs"

timeout 600 qemu-system-x86_64 -machine q35 -cpu max -smp 2 -m 1G \
	-kernel "$kernel" -initrd "$tmp/initramfs" \
	-append "console=ttyS0 quiet panic=-1" -no-reboot -display none \
	-serial stdio -serial "file:$tmp/line" </dev/null

[ "$(tail -n 1 "$tmp/line" | tr -d '\r')" = end ]
sed '$d' "$tmp/line" | base64 -d -i >"$out/whole.data"
