#!/bin/sh
# make-store.sh DIR: puts the store of a fresh demonstration CA into DIR, which must not exist.
# Making a CA's keys takes seconds, so it is made once for each build of certhalld, and each change of the profile, and copied from
# then on.
set -eu

programs=${CERTHALL_PROGRAMS:?}
template=${CERTHALL_BUILD_ROOT:?}/tests/world-store
profile=${CERTHALL_DATA_DIR:?}/profiles/binhai.json

make_template ()
{
  rm -rf "$template"
  "$programs/certhalld" init --dir "$template" --profile "$profile" 2>/dev/null
  : >"$template.log"
  # The first demonstration marks the store for ever and gives its CA the names that say so
  "$programs/certhalld" serve --dir "$template" --listen 127.0.0.1:0 --demo >"$template.log" 2>/dev/null &
  server=$!
  until grep -q '^listening' "$template.log"; do
    kill -0 "$server"
    sleep 0.1
  done
  kill -TERM "$server"
  wait "$server"
  touch "$template.made"
}

exec 9>"$template.lock"
flock 9
[ "$template.made" -nt "$programs/certhalld" ] && [ "$template.made" -nt "$profile" ] || make_template
cp -a "$template" "$1"
