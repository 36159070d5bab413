#!/usr/bin/python3
"""Runs what the README promises first, as it stands there: ./dev run, without a screen and on one; and ./dev test, one suite of it.

The programs are those of the build this test belongs to (CERTHALL_RUN_BUILD), so that nothing is built twice.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT'])
BUILD = os.environ['CERTHALL_BUILD_ROOT']
DISPLAY = ROOT / 'tests' / 'ui' / 'run-in-display.sh'
# Waits for both windows, then ends the demonstration as its user would: by closing the window
CLOSE_WINDOW = r'''
./dev run & run=$!
for _ in $(seq 600); do
  xdotool search --onlyvisible --name '^Demonstration desk$' >/dev/null 2>&1 &&
    window=$(xdotool search --onlyvisible --name '^Certhall$' 2>/dev/null) && break
  kill -0 $run 2>/dev/null || break
  sleep 0.1
done
[ -n "$window" ] && echo 'both windows are there' || { kill $run; wait $run; exit 1; }
xdotool windowactivate --sync $window && xdotool key ctrl+q
wait $run
'''


def read_commands():
    """The first block of commands of the README, without its comments."""
    block = re.search(r'^```sh\n(.*?)^```', (ROOT / 'README.md').read_text(encoding='utf-8'), re.M | re.S).group(1)
    return [line.split('#')[0].strip() for line in block.splitlines() if line.strip()]


def run(command, home, **more):
    env = {name: value for name, value in os.environ.items()
           if name not in ('DISPLAY', 'WAYLAND_DISPLAY') and not name.startswith(('XDG_', 'MESON'))}
    env.update(HOME=home, XDG_DATA_HOME=home + '/data', XDG_RUNTIME_DIR=home, CERTHALL_RUN_BUILD=BUILD, **more)
    return subprocess.run(command, cwd=ROOT, env=env, text=True, capture_output=True, check=False, timeout=240)


def test_commands(home):
    return read_commands() == ['./dev run', './dev test'], ''


def test_run_in_terminal(home):
    result = run(['./dev', 'run'], home)
    certificate = re.search(r'^The certificate (\S+) lies on a software token in (\S+)$', result.stdout, re.M)
    good = (result.returncode == 0 and certificate is not None and any(pathlib.Path(certificate.group(2)).iterdir()))
    return good, result.stdout + result.stderr


def test_run_on_screen(home):
    # What GTK's modules keep at the end is not this test's matter
    options = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
    result = run([DISPLAY, 'bash', '-c', CLOSE_WINDOW], home, ASAN_OPTIONS=options)
    return result.returncode == 0 and 'both windows are there' in result.stdout, result.stdout + result.stderr


def test_test(home):
    """One suite, counted; its log does not touch the one this test is written into."""
    result = run(['./dev', 'test', 'api'], home, CERTHALL_TEST_LOG='testlog-readme')
    last = result.stdout.splitlines()[-1] if result.stdout else ''
    return result.returncode == 0 and re.fullmatch(r'[1-9]\d* passed, 0 failed, 0 skipped', last) is not None, result.stdout


def main():
    tests = [test_commands, test_run_in_terminal, test_run_on_screen, test_test]
    failed = False
    print('1..%d' % len(tests))
    for number, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as home:
            good, output = test(home)
        failed |= not good
        if not good:
            print('\n'.join('# ' + line for line in output.splitlines()[-40:]))
        print('%s %d %s' % ('ok' if good else 'not ok', number, test.__name__[5:]), flush=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
