#!/usr/bin/python3
"""bash completes what is typed: topics, verbs, options, flows, files, profiles."""

import os
import pathlib
import shutil
import subprocess
import tempfile

from tap import BUILD, ROOT, case, finish

PROGRAMS = pathlib.Path(os.environ['CERTHALL_PROGRAMS'])
SCRIPTS = {'certhallctl': BUILD / 'data' / 'completion' / 'certhallctl', 'certhalld': ROOT / 'data' / 'completion' / 'certhalld'}
# What bash does when the key is pressed: it calls the function that `complete -p` names
DRIVER = r'''
source "$1"; shift
program=${1##*/}
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
function=$(complete -p "$program" | sed 's/.*-F \([^ ]*\) .*/\1/')
"$function" "$program" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" || exit 1
printf '%s\n' "${COMPREPLY[@]}"
'''

place = pathlib.Path(tempfile.mkdtemp(prefix='certhall-completion-'))
(place / 'answers.json').touch()
(place / 'a b').mkdir()


def complete(*words):
    program = words[0]
    first = str(PROGRAMS / program) if program == 'certhalld' else program
    result = subprocess.run(['bash', '-uc', DRIVER, 'bash', str(SCRIPTS[program]), first, *words[1:]], capture_output=True, text=True,
                            check=False, cwd=place)
    if result.returncode != 0 or result.stderr:
        raise RuntimeError(result.stderr or 'status %d' % result.returncode)
    return set(result.stdout.split('\n')) - {''}


def compare(words, wanted, unwanted=()):
    """What must be offered among others, and what must not."""
    offered = complete(*words)
    for word in wanted:
        if word not in offered:
            yield '%s: no %s in %s' % (' '.join(words), word, sorted(offered))
    for word in unwanted:
        if word in offered:
            yield '%s: %s' % (' '.join(words), word)


CASES = {
    'topics': (['certhallctl', ''], ['account', 'flow', 'token', 'cert', 'application', 'envcheck'], ['login', 'certhallctl']),
    'topic': (['certhallctl', 'fl'], ['flow'], ['account']),
    'verbs': (['certhallctl', 'flow', ''], ['list', 'show', 'run', 'resume'], ['login']),
    'flows': (['certhallctl', 'flow', 'run', 'apply.ent'], ['apply.enterprise.soft.self-pay'], ['apply']),
    'flows-after-options': (['certhallctl', '--json', '--server', 'https://x', 'flow', 'show', ''],
                            ['apply.enterprise.soft.enterprise-pay'], ['list']),
    'options': (['certhallctl', 'flow', 'run', '--'], ['--answers', '--ask', '--no-input', '--server', '--json', '--help'],
                ['--report', '--out']),
    'options-of-topic': (['certhallctl', 'envcheck', '--'], ['--report', '--json'], ['--answers']),
    'options-of-nothing': (['certhallctl', '--'], ['--server', '--version', '--help'], ['--answers']),
    'files': (['certhallctl', 'flow', 'run', '--answers', 'ans'], ['answers.json'], ['apply.enterprise.soft.self-pay']),
    'files-with-blanks': (['certhallctl', 'flow', 'run', '--answers', 'a '], ['a b'], []),
    'commands': (['certhalld', ''], ['init', 'staff', 'serve', '--version'], ['--dir']),
    'service-options': (['certhalld', 'serve', '--'], ['--dir', '--listen', '--demo', '--key-file'], ['--profile']),
    'profiles': (['certhalld', 'init', '--profile', ''], [str(ROOT / 'data' / 'profiles' / 'binhai.json')], []),
    'folders': (['certhalld', 'serve', '--dir', 'a'], ['a b'], ['answers.json']),
    'roles': (['certhalld', 'staff', 'add', '--role', 'r'], ['reviewer'], ['maker']),
}

for name, (typed, expected, *rest) in CASES.items():
    case(name, compare(typed, expected, *rest))
shutil.rmtree(place)
finish()
