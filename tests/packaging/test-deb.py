#!/usr/bin/python3
"""The Debian packages are built, lintian finds no error, and the programs work from a root they are unpacked into."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from tap import ROOT, case, finish

PACKAGES = {
    'certhall': ['usr/bin/certhall', 'usr/share/applications/org.certhall.Certhall.desktop'],
    'certhallctl': ['usr/bin/certhallctl', 'usr/share/man/man1/certhallctl.1.gz'],
    'certhalld': ['usr/bin/certhalld', 'lib/systemd/system/certhalld.service', 'usr/lib/sysusers.d/certhalld.conf'],
    'certhall-common': ['usr/share/certhall/profiles/binhai.json', 'usr/share/locale/zh_CN/LC_MESSAGES/certhall.mo'],
    'certhall-demo': ['usr/bin/certhall-demo-desk'],
}

place = pathlib.Path(tempfile.mkdtemp(prefix='certhall-deb-'))
root = place / 'root'
# The build has its own options; those of this test's build are not for it
environment = {name: value for name, value in os.environ.items() if not name.endswith('SAN_OPTIONS')
               and name not in ('G_DEBUG', 'GIO_MODULE_DIR', 'CERTHALL_DATA_DIR', 'CERTHALL_PROGRAMS', 'XDG_DATA_DIRS')}
built = subprocess.run([str(ROOT / 'tools' / 'build-deb.sh'), str(place / 'deb')], capture_output=True, text=True, check=False,
                       env=environment)


def find_missing():
    for package, files in PACKAGES.items():
        found = list((place / 'deb').glob('%s_*.deb' % package))
        if len(found) != 1:
            yield 'no package %s' % package
            continue
        subprocess.run(['dpkg-deb', '--extract', str(found[0]), str(root)], check=True)
        listed = subprocess.run(['dpkg-deb', '--contents', str(found[0])], capture_output=True, text=True, check=True).stdout
        for name in files:
            if ' ./%s\n' % name not in listed:
                yield '%s holds no %s' % (package, name)


def find_broken():
    """A demonstration of the unpacked programs alone."""
    ca = place / 'ca'
    env = dict(environment, CERTHALL_DATA_DIR=str(root / 'usr/share/certhall'), CERTHALL_PROGRAMS=str(root / 'usr/libexec/certhall'),
               CERTHALL_LOCALE_DIR=str(root / 'usr/share/locale'), HOME=str(place), XDG_RUNTIME_DIR=str(place),
               LC_ALL='C.UTF-8', LANGUAGE='zh_CN')
    daemon, ctl = str(root / 'usr/bin/certhalld'), str(root / 'usr/bin/certhallctl')
    subprocess.run([daemon, 'init', '--dir', str(ca), '--profile', str(root / 'usr/share/certhall/profiles/binhai.json')],
                   check=True, env=env, stderr=subprocess.DEVNULL)
    server = subprocess.Popen([daemon, 'serve', '--dir', str(ca), '--listen', '127.0.0.1:0', '--demo'], env=env,
                              stdout=subprocess.PIPE, text=True)
    url = server.stdout.readline().split()[1]
    flows = subprocess.run([ctl, 'flow', 'list', '--server', url, '--trust', str(ca / 'tls-ca.pem')], capture_output=True,
                           text=True, check=False, env=env)
    server.terminate()
    if server.wait() != 0:
        yield 'certhalld ended with %d' % server.returncode
    if 'apply.enterprise.soft.self-pay' not in flows.stdout or not re.search('[\u3400-\u9fff]', flows.stdout):
        yield 'certhallctl flow list: %d\n%s%s' % (flows.returncode, flows.stdout, flows.stderr)
    for name in ('certhall', 'certhall-demo-desk'):
        helped = subprocess.run([str(root / 'usr/bin' / name), '--help'], capture_output=True, text=True, check=False, env=env)
        if helped.returncode != 0:
            yield '%s --help: %s' % (name, helped.stderr)


case('built', (built.stdout + built.stderr).splitlines()[-60:] if built.returncode != 0 else [])
case('packages', find_missing())
case('programs', find_broken())
shutil.rmtree(place)
finish()
