#!/usr/bin/python3
"""zh_CN is complete, always; so are the list of files with texts and the texts gathered of them."""

import re
import subprocess

from tap import ROOT, case, finish

PO = ROOT / 'po'


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env={
        'LC_ALL': 'C', 'PATH': '/usr/local/bin:/usr/bin:/bin'})
    return result.returncode, (result.stdout + result.stderr).splitlines()


def find_incomplete(po):
    _, lines = run('msgfmt', '--statistics', '--output-file=/dev/null', po)
    return [line for line in lines if 'untranslated' in line or 'fuzzy' in line or 'translated' not in line]


def find_stale():
    status, lines = run('tools/refresh-po.sh', '--check')
    return lines[:40] + ['run ./dev po, then translate what is new'] if status != 0 else []


def read_pairs(po):
    """(msgid, msgstr) of each entry, plurals by their first forms."""
    text = po.read_text(encoding='utf-8')
    text = re.sub(r'"\n"', '', text)
    return re.findall(r'^msgid "(.*)"\n(?:msgid_plural ".*"\n)?msgstr(?:\[0\])? "(.*)"$', text, re.MULTILINE)


def find_unpolished(po):
    """The rules for Chinese texts that can be checked: full-width stops, no exclamation marks, typographic quotes."""
    for msgid, msgstr in read_pairs(po):
        # The header, and lists of words for the desktop's search
        if msgid == '' or msgid.endswith(';'):
            continue
        if msgid.endswith('.') and not msgstr.endswith(('。', '）', '：', '…')):
            yield 'no full stop: %s' % msgstr
        if re.search('[!！]|亲', msgstr):
            yield 'too loud: %s' % msgstr
        if re.search(r'[\u3400-\u9fff][,;?](?!\d)|[\u3400-\u9fff]\\"', msgstr):
            yield 'half-width punctuation: %s' % msgstr
        # Numbers want blanks around them; what %s stands for may be Chinese or a sentence
        shown = re.sub(r'%(\d\$)?l*[sS]', '', re.sub(r'%(\d\$)?l*[diu]', '0', msgstr.replace('\\n', ' ')))
        if re.search(r'[\u3400-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u3400-\u9fff]', shown):
            yield 'no space between Chinese and Latin: %s' % msgstr


for translation in sorted(PO.glob('*.po')):
    case(translation.stem + '/complete', find_incomplete(translation))
    case(translation.stem + '/formats', run('msgfmt', '--check', '--output-file=/dev/null', translation)[1])
    case(translation.stem + '/wording', find_unpolished(translation))
case('gathered', find_stale())
finish()
