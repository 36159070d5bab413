#!/usr/bin/env bash
# run-in-display.sh COMMAND…: runs COMMAND on a screen, a session bus, an accessibility bus and a home folder of its own.
#
#   CERTHALL_SCREEN   size of the screen (1280x800x24)
#   CERTHALL_WM       window manager: xfwm4 (default) or none
#   LANGUAGE          language of the programs (en)
#
# TEST_HOME is the home folder made for COMMAND; all of it is gone afterwards. Exit status: COMMAND's.
set -uo pipefail

if [ "${1:-}" != --inside ]; then
  home=$(mktemp -d "${TMPDIR:-/tmp}/certhall-display.XXXXXX") || exit 1
  pids=()
  # shellcheck disable=SC2317  # called by the trap
  clean_up ()
  {
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null
    wait
    rm -rf "$home"
  }
  trap clean_up EXIT
  trap 'exit 143' TERM INT

  # The server itself picks a free number: two runs side by side never meet
  Xvfb -displayfd 3 -screen 0 "${CERTHALL_SCREEN:-1280x800x24}" -nolisten tcp -noreset \
    3>"$home/display" >"$home/xvfb.log" 2>&1 &
  pids+=($!)
  for _ in $(seq 200); do
    [ -s "$home/display" ] && break
    sleep 0.05
  done
  [ -s "$home/display" ] || { cat "$home/xvfb.log" >&2; exit 1; }

  mkdir -p "$home"/{config,data,cache,state} && mkdir -m 700 "$home/run"
  unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS GTK_A11Y XAUTHORITY GDK_SCALE
  export DISPLAY=:$(<"$home/display") TEST_HOME=$home HOME=$home
  export XDG_CONFIG_HOME=$home/config XDG_DATA_HOME=$home/data XDG_CACHE_HOME=$home/cache
  export XDG_STATE_HOME=$home/state XDG_RUNTIME_DIR=$home/run
  # LANGUAGE is heeded in C.UTF-8 (not in plain C), so no other locale need be generated
  export LC_ALL=C.UTF-8 LANGUAGE=${LANGUAGE:-en}
  export GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_USE_PORTAL=0 GSETTINGS_BACKEND=memory NO_AT_BRIDGE=0
  dbus-run-session -- "$0" --inside "$@" &
  wait $!
  exit
fi

shift
pids=()
clean_up ()
{
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null
}
trap clean_up EXIT

/usr/libexec/at-spi-bus-launcher --launch-immediately >/dev/null 2>&1 &
pids+=($!)
case ${CERTHALL_WM:-xfwm4} in
  none) ;;
  *)
    env -u LANGUAGE -u G_DEBUG -u G_SLICE "${CERTHALL_WM:-xfwm4}" --compositor=off >"$HOME/wm.log" 2>&1 &
    pids+=($!)
    for _ in $(seq 100); do
      xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id' && break
      sleep 0.05
    done
    ;;
esac
xdotool mousemove 1279 799 2>/dev/null

"$@"
