#!/usr/bin/python3
"""The manual pages are sound, and agree with what the programs say of themselves."""

import os
import pathlib
import re
import subprocess

from tap import BUILD, ROOT, case, finish

MAN = ROOT / 'data' / 'man'
MADE = BUILD / 'data' / 'man'
PROGRAMS = pathlib.Path(os.environ['CERTHALL_PROGRAMS'])
PAGES = [*sorted(MAN.rglob('*.[18]')), *sorted(MADE.glob('*.[18]'))]
# Of GLib and GTK; every program has them
FOREIGN = {'--help', '--help-all', '--help-gapplication', '--help-gtk', '--display', '--gapplication-service'}
# Options of other programs that a page speaks of
MENTIONED = {'certhalld.8': ['--now', '--pipe', '--wait', '--uid'], 'certhall-demo-desk.1': ['--demo']}
ENVIRONMENT = dict(os.environ, GTK_A11Y='none', LANGUAGE='en', ASAN_OPTIONS='detect_leaks=0')


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False,
                          env=dict(ENVIRONMENT, **more))


def find_unsound(page):
    for line in run('mandoc', '-T', 'lint', '-W', 'warning', page).stdout.splitlines():
        yield line
    shown = run('mandoc', '-T', 'utf8', page)
    if shown.returncode != 0 or len(shown.stdout) < 500:
        yield '%s shows nothing' % page.name
    what = run('lexgrog', page)
    if what.returncode != 0:
        yield '%s has no name and summary' % page.name


def read_options(text):
    return set(re.findall(r'--[a-z][a-z-]*[a-z]', text))


def find_disagreements(page, *helps):
    """Options of the program that the page lacks, and the other way round."""
    # Bold letters are struck twice
    written = read_options(re.sub('.\b', '', run('mandoc', '-T', 'utf8', page).stdout))
    known = set()
    for command in helps:
        result = run(PROGRAMS / command[0], *command[1:], '--help')
        if result.returncode != 0:
            yield '%s --help: %s' % (' '.join(command), result.stderr)
        known |= read_options(result.stdout)
    known -= FOREIGN
    for option in sorted(known - written):
        yield '%s does not tell of %s' % (page.name, option)
    for option in sorted(written - known - FOREIGN - {'--version'}):
        if option not in MENTIONED.get(page.name, ()):
            yield '%s tells of %s, which there is not' % (page.name, option)


def list_commands():
    for line in run(PROGRAMS / 'certhallctl', '--help').stdout.splitlines():
        if line.startswith('  '):
            words = line.split()
            yield words[:1] if words[0] in ('envcheck', 'lookup') else words[:2]


def find_lost_commands(page):
    text = re.sub(r'\s+', ' ', run('mandoc', '-T', 'utf8', '-O', 'width=500', page).stdout)
    text = re.sub('.\b', '', text)
    commands = list(list_commands())
    if len(commands) < 10:
        yield 'certhallctl lists %d commands' % len(commands)
    for words in commands:
        if ' '.join(words) not in text:
            yield '%s does not tell of %s' % (page.name, ' '.join(words))


for manual in PAGES:
    case('sound/%s/%s' % (manual.parent.name, manual.name), find_unsound(manual))
daemon = [name for name in re.findall(r'^  certhalld ([a-z]+)', run(PROGRAMS / 'certhalld', '--help').stdout, re.MULTILINE)]
case('certhalld', find_disagreements(MAN / 'certhalld.8', *(['certhalld', name] for name in daemon)))
case('certhall', find_disagreements(MAN / 'certhall.1', ['certhall']))
case('certhall/zh_CN', find_disagreements(MAN / 'zh_CN' / 'certhall.1', ['certhall']))
case('certhall-demo-desk', find_disagreements(MAN / 'certhall-demo-desk.1', ['certhall-demo-desk']))
case('certhallctl', find_disagreements(MADE / 'certhallctl.en.1', *(['certhallctl', *words] for words in list_commands())))
for made in sorted(MADE.glob('certhallctl.*.1')):
    case('commands/' + made.name, find_lost_commands(made))
finish()
