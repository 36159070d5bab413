#!/usr/bin/env bash
# run-mutants.sh DIR [PATCH…]: applies each patch of tests/mutants in a copy of the tree below DIR. The test it names must pass
# without it and fail with it. Above the diff stand:
#
#   Suite: NAME            the suite that must fail
#   Test: NAME [ARGUMENT…] the one test of it that is run, with arguments for it (a case: -p /path); without this line, the suite
#
# A patch that no longer applies or compiles is an error, not a success. Built without sanitizers: what the tests say must do.
set -euo pipefail

dir=$(mkdir -p "$1" && cd "$1" && pwd)
shift
cd "$(dirname "$(readlink -f "$0")")/.."
[ $# -gt 0 ] || set -- tests/mutants/*.patch
copy=$dir/source
build=$dir/build
log=$dir/log
outcome=$build/meson-logs/testlog.json
killed=0
survived=0
declare -A sound=()

fail ()
{
  echo "FAILED: $* (details in $log)"
  exit 1
}

# What is the same keeps its time, so that a second run builds only what was changed
copy_tree ()
{
  local file

  mkdir -p "$copy"
  git ls-files --cached --others --exclude-standard | sort >"$dir/files"
  while read -r file; do
    cmp -s "$file" "$copy/$file" || cp --parents --preserve=mode "$file" "$copy"
  done <"$dir/files"
  (cd "$copy" && find . -type f -printf '%P\n' | sort | comm -23 - "$dir/files" | xargs -r -d '\n' rm)
}

# run_test SUITE NAME ARGUMENT…: builds what the test needs and runs it; 0 passed, 1 failed
run_test ()
{
  local status=0 words=(--suite "$1") arguments

  shift
  [ $# -eq 0 ] || words+=("$1")
  arguments="${*:2}"
  rm -f "$outcome"
  nice meson test -C "$build" "${words[@]}" --test-args="$arguments" >>"$log" 2>&1 || status=$?
  [ -s "$outcome" ] || fail "$current: does not build, or there is no such test"
  return $((status != 0))
}

# get_line NAME PATCH: what stands behind `NAME:` above the diff
get_line ()
{
  sed -n "/^--- /q; s/^$1: *//p" "$2"
}

: >"$log"
copy_tree
[ -f "$build/build.ninja" ] || meson setup "$build" "$copy" --buildtype=debug >>"$log" 2>&1 || fail 'meson setup'

for patch; do
  current=${patch##*/}
  suite=$(get_line Suite "$patch")
  read -ra test < <(get_line Test "$patch"; echo)
  [ -n "$suite" ] || fail "$current names no suite"
  if [ -z "${sound["$suite ${test[*]}"]:-}" ]; then
    run_test "$suite" "${test[@]}" || fail "$suite ${test[*]} fails without any mutation"
    sound["$suite ${test[*]}"]=yes
  fi

  patch --directory="$copy" --strip=1 --fuzz=0 --no-backup-if-mismatch <"$patch" >>"$log" || fail "$current does not apply"
  if run_test "$suite" "${test[@]}"; then
    echo "survived: ${current%.patch} ($suite ${test[*]})"
    survived=$((survived + 1))
  else
    echo "killed: ${current%.patch} ($suite ${test[*]})"
    killed=$((killed + 1))
  fi
  patch --directory="$copy" --strip=1 --reverse --no-backup-if-mismatch <"$patch" >>"$log"
done

echo "$killed killed, $survived survived"
[ "$survived" -eq 0 ] && [ "$killed" -gt 0 ]
