#!/usr/bin/env bash
# build-deb.sh DIR: builds the Debian packages in a copy of the tree, without its tests. They are in DIR, and only they.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
dir=$1

# Always at one place, so that a compiler cache finds what it knows; debhelper moves HOME away
export CCACHE_DIR=${CCACHE_DIR:-$HOME/.cache/ccache} CCACHE_BASEDIR=$dir LC_ALL=C.UTF-8 DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)"

rm -rf "$dir"
mkdir -p "$dir/tree"
# What git knows, as it is now
git ls-files -z --cached --others --exclude-standard | xargs -0 sh -c 'for f; do [ -e "$f" ] && printf "%s\0" "$f"; done' sh |
  tar --null --files-from=- -cf - | tar -xf - -C "$dir/tree"
(cd "$dir/tree" && dpkg-buildpackage --unsigned-source --unsigned-changes --build=binary >"$dir/build.log" 2>&1) || {
  tail -60 "$dir/build.log" >&2
  exit 1
}
rm -rf "$dir/tree"
# Only what policy forbids stops it; the rest is printed
lintian --no-tag-display-limit --fail-on error "$dir"/*.changes
ls -s --human-readable "$dir"/*.deb
