#!/usr/bin/python3
"""flatpak-builder accepts the manifest, and what the window needs of the PC is let in."""

import json
import os
import subprocess
import tempfile

from tap import ROOT, case, finish

MANIFEST = ROOT / 'flatpak' / 'org.certhall.Certhall.yml'
NEEDED = {'--share=network', '--socket=wayland', '--socket=fallback-x11', '--share=ipc', '--socket=pcsc'}
TOO_MUCH = ('--filesystem=home', '--filesystem=host', '--device=all', '--socket=session-bus', '--socket=system-bus')

with tempfile.TemporaryDirectory(prefix='certhall-flatpak-') as home:
    shown = subprocess.run(['flatpak-builder', '--show-manifest', str(MANIFEST)], capture_output=True, text=True, check=False,
                           cwd=home, env=dict(os.environ, HOME=home, XDG_DATA_HOME=home))
manifest = json.loads(shown.stdout) if shown.returncode == 0 else {}


def find_wrong_permissions():
    given = set(manifest.get('finish-args', []))
    for permission in sorted(NEEDED - given):
        yield '%s is missing' % permission
    for permission in given & set(TOO_MUCH):
        yield '%s is too much' % permission


def find_wrong_modules():
    modules = {module['name']: module for module in manifest.get('modules', [])}
    for name in ('opensc', 'pcsc-lite', 'certhall'):
        if name not in modules:
            yield 'no module %s' % name
    for name, module in modules.items():
        for source in module['sources']:
            if source['type'] == 'archive' and (len(source.get('sha256', '')) != 64 or not source['url'].startswith('https://')):
                yield '%s: a source without checksum' % name


case('accepted', shown.stderr.splitlines() or ['refused'] if shown.returncode != 0 else [])
case('permissions', find_wrong_permissions())
case('modules', find_wrong_modules())
finish()
