#!/usr/bin/python3
"""tools/packages.txt is complete: the package of each library the build asks for, of each program the scripts call."""

import os
import re
import shutil
import subprocess

from tap import ROOT, case, finish

LISTED = {line for line in (ROOT / 'tools' / 'packages.txt').read_text(encoding='utf-8').split('\n')
          if line and not line.startswith('#')}
# Programs of packages that every Debian has
ESSENTIAL = {'bash', 'coreutils', 'dash', 'diffutils', 'dpkg', 'findutils', 'git', 'grep', 'sed', 'apt', 'hostname',
             'libc-bin', 'util-linux', 'tar', 'gzip'}
# At the beginning of a command in a shell script; quoted in Python, where a word at the beginning of a line is a name
CALLS = {
    'sh': r'''(^\s*|[|;&(]\s*|\bexec |\bnice |env [A-Z_=a-z ]*|['"]/?(usr/bin/)?)%s(\s|['"])''',
    'py': r'''['"]/?(usr/bin/)?%s(\s|['"])''',
}
# What scripts call; found there by name, so that the list does not go stale
PROGRAMS = [
    'meson', 'ninja', 'gcc', 'pkg-config', 'xgettext', 'msgmerge', 'msgfmt', 'python3', 'nm', 'openssl',
    'sqlite3', 'curl', 'Xvfb', 'xfwm4', 'xdotool', 'xprop', 'xwd', 'import', 'convert', 'montage', 'compare',
    'zbarimg', 'rsvg-convert', 'dbus-run-session', 'dbus-daemon', 'gdbus', 'desktop-file-validate',
    'appstreamcli', 'glib-compile-schemas', 'glib-compile-resources', 'clang', 'clang-format-14', 'cppcheck',
    'valgrind', 'patch', 'jq', 'zip', 'unzip', 'bc', 'strace', 'gtk4-builder-tool', 'xsltproc', 'node', 'npm',
    'ps', 'busctl', 'faketime', 'pcscd', 'pkcs11-tool', 'pkcs15-tool', 'softhsm2-util',
]
SCRIPTS = ['dev', '.ci/run', 'tools', 'tests']


def read_scripts():
    """Language and text of each."""
    for name in SCRIPTS:
        path = ROOT / name
        for file in [path] if path.is_file() else sorted(path.rglob('*')):
            if file.is_file() and file.name != 'check-packages.py' and (
                    file.suffix in ('.sh', '.py') or file.read_bytes()[:2] == b'#!'):
                yield 'py' if file.suffix == '.py' else 'sh', file.read_text(encoding='utf-8')


def owners(path):
    """The packages a file belongs to; also where /usr was merged."""
    for candidate in dict.fromkeys([path, os.path.realpath(path), path.removeprefix('/usr')]):
        result = subprocess.run(['dpkg-query', '-S', candidate], capture_output=True, text=True, check=False)
        if result.returncode == 0:
            return {name.strip().split(':')[0] for name in result.stdout.rsplit(': ', 1)[0].split(',')}
    return set()


def read_brought():
    """What comes with the listed packages because they depend on it."""
    result = subprocess.run(['dpkg-query', '-W', '-f', '${Depends}, ${Pre-Depends}\n', *LISTED],
                            capture_output=True, text=True, check=False)
    return set(re.findall(r'(?:^|[,|] *)([a-z0-9.+-]+)', result.stdout, re.MULTILINE))


def find_libraries():
    files = [ROOT / 'meson.build', *sorted((ROOT / 'src').rglob('meson.build'))]
    text = '\n'.join(path.read_text(encoding='utf-8') for path in files)
    for name in sorted(set(re.findall(r"\bdependency\('([^']+)'", text))):
        folder = subprocess.run(['pkg-config', '--variable=pcfiledir', name],
                                capture_output=True, text=True, check=False)
        if folder.returncode != 0:
            continue
        found = owners('%s/%s.pc' % (folder.stdout.strip(), name))
        if not found & LISTED:
            yield '%s is in %s, which is not listed' % (name, ' or '.join(found) or 'no package')


def find_programs():
    scripts = list(read_scripts())
    known = LISTED | ESSENTIAL | read_brought()
    for name in PROGRAMS:
        called = any(re.search(CALLS[language] % re.escape(name), text, re.MULTILINE) for language, text in scripts)
        path = shutil.which(name, path='/usr/bin:/bin:/usr/sbin')
        if called and path is None:
            yield '%s is called and not installed' % name
        elif called:
            found = owners(path)
            if not found & known:
                yield '%s is in %s, which is not listed' % (name, ' or '.join(found) or 'no package')


if shutil.which('dpkg-query') is None:
    print('ok 1 packages # SKIP not a Debian\n1..1')
else:
    case('libraries', find_libraries())
    case('programs', find_programs())
    finish()
