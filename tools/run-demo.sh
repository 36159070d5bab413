#!/usr/bin/env bash
# run-demo.sh BUILD [ARGUMENTS…]: starts a demonstration CA and opens the window on it, beside it the desk on which one reads the SMS,
# pays and approves. Without a screen it walks the terminal path instead. ARGUMENTS go to the window.
#
# CA and tokens live in $XDG_DATA_HOME/certhall-demo and are there again the next time; remove the folder to begin anew.
set -euo pipefail

build=$(cd "$1" && pwd)
shift
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
programs=$build/src/programs
state=${XDG_DATA_HOME:-$HOME/.local/share}/certhall-demo
ca=$state/ca
profile=$top/data/profiles/binhai.json
out=$(mktemp -d "${TMPDIR:-/tmp}/certhall-demo.XXXXXX")
pids=()

clean_up ()
{
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$out"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# What the programs look for where they would be installed
export CERTHALL_DATA_DIR=$top/data CERTHALL_LOCALE_DIR=$build/po GSETTINGS_SCHEMA_DIR=$build/data
export CERTHALL_PROGRAMS=$build/src/programs
export XDG_DATA_DIRS=$top:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}

start_server ()
{
  local url

  umask 077
  mkdir -p "$state"
  [ -f "$ca/tls-ca.pem" ] || "$programs/certhalld" init --dir "$ca" --profile "$profile"
  "$programs/certhalld" serve --dir "$ca" --listen 127.0.0.1:0 --demo >"$out/listening" 2>"$state/certhalld.log" &
  pids+=($!)
  for _ in $(seq 600); do
    url=$(sed -n 's/^listening //p' "$out/listening")
    [ -n "$url" ] && break
    kill -0 "${pids[0]}" 2>/dev/null || break
    sleep 0.05
  done
  if [ -z "$url" ]; then
    tail -n 5 "$state/certhalld.log" >&2
    echo "The server did not start; its log is $state/certhalld.log" >&2
    exit 1
  fi
  connection=(--server "$url" --trust "$ca/tls-ca.pem")
  echo "The demonstration CA listens on $url"
}

start_server
# The tokens made here are no tokens of the user
export XDG_DATA_HOME=$state/data XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-$out}
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  "$programs/certhall-demo-desk" "${connection[@]}" --demo-token "$ca/demo-token" &
  pids+=($!)
  "$programs/certhall" "${connection[@]}" "$@"
else
  echo 'There is no screen here: this is the same path in the terminal.'
  "$top/tools/terminal-path.sh" "$programs" "$ca" "${connection[1]}"
fi
