#!/usr/bin/env bash
# run-mutants.sh DIR [PATCH…]: applies each patch of tests/mutants in a copy of the tree below DIR; the suites named in its line
# `Suite: NAME…` must pass without it and fail with it. A patch that no longer applies or compiles is an error, not a success.
set -euo pipefail

dir=$(mkdir -p "$1" && cd "$1" && pwd)
shift
cd "$(dirname "$(readlink -f "$0")")/.."
[ $# -gt 0 ] || set -- tests/mutants/*.patch
copy=$dir/source
build=$dir/build
log=$dir/log
killed=0
survived=0
declare -A sound=()

# Times are kept, so that a second run builds only what was changed
copy_tree ()
{
  rm -rf "$copy"
  mkdir -p "$copy"
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp -p --parents -t "$copy"
}

run_suite ()
{
  meson test -C "$build" --no-rebuild --suite "$1" >>"$log" 2>&1
}

build_copy ()
{
  [ -f "$build/build.ninja" ] || meson setup "$build" "$copy" -Db_sanitize=address,undefined >>"$log" 2>&1
  nice ninja -C "$build" >>"$log" 2>&1
}

fail ()
{
  echo "FAILED: $* (details in $log)"
  exit 1
}

: >"$log"
copy_tree
build_copy || fail 'the tree does not build'

for patch; do
  suite=$(sed -n 's/^Suite: *//p' "$patch")
  [ -n "$suite" ] || fail "$patch names no suite"
  if [ -z "${sound[$suite]:-}" ]; then
    run_suite "$suite" || fail "suite $suite fails without any mutation"
    sound[$suite]=yes
  fi

  patch --directory="$copy" --strip=1 --no-backup-if-mismatch <"$patch" >>"$log" || fail "$patch does not apply"
  build_copy || fail "$patch does not compile"
  if run_suite "$suite"; then
    echo "survived: ${patch##*/} ($suite)"
    survived=$((survived + 1))
  else
    echo "killed: ${patch##*/} ($suite)"
    killed=$((killed + 1))
  fi
  patch --directory="$copy" --strip=1 --reverse --no-backup-if-mismatch <"$patch" >>"$log"
done

echo "$killed killed, $survived survived"
[ "$survived" -eq 0 ] && [ "$killed" -gt 0 ]
