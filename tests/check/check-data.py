#!/usr/bin/python3
"""What is shipped beside the programs: desktop file, metainfo, settings, icons, places, texts of the profiles."""

import json
import re
import subprocess
import xml.etree.ElementTree as ElementTree

from tap import BUILD, ROOT, case, finish

DATA = ROOT / 'data'
ICONS = ROOT / 'icons' / 'hicolor'
APP_ID = 'org.certhall.Certhall'
# (code, where it lies): samples of each kind of place
PLACES = [('120101', '120000'), ('140200', '140000'), ('140212', '140200'), ('419001', '410000'), ('500229', '500000'),
          ('659001', '650000'), ('441900', '440000'), ('110108', '110000')]


def run(*command):
    """What a validator complains of."""
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return []
    return (result.stdout + result.stderr).splitlines() or ['status %d' % result.returncode]


def find_wrong_icons():
    for path in ICONS.rglob('*.svg'):
        x, y, width, height = ElementTree.parse(path).getroot().get('viewBox').split()
        if (x, y, width) != ('0', '0', height):
            yield '%s is not square' % path.name
        if subprocess.run(['rsvg-convert', '-w', '32', path], capture_output=True, check=False).returncode != 0:
            yield '%s cannot be drawn' % path.name
    for name in ('scalable/apps/%s.svg', 'symbolic/apps/%s-symbolic.svg'):
        if not (ICONS / (name % APP_ID)).is_file():
            yield 'no %s' % (name % APP_ID)


def parent_of(code, places):
    """The rule of data/README.md."""
    city, province = code[:4] + '00', code[:2] + '0000'
    return city if city != code and city in places else province


def find_wrong_places():
    lines = (DATA / 'regions.tsv').read_text(encoding='utf-8').splitlines()
    places = dict(line.split('\t') for line in lines)
    if lines != sorted(lines) or len(places) != len(lines):
        yield 'not sorted, or a code twice'
    for code, name in places.items():
        if not re.fullmatch('[1-9][0-9]{5}', code) or not re.fullmatch(r'[\u3400-\u9fff]{2,}', name):
            yield '%s %s' % (code, name)
        if not code.endswith('0000') and parent_of(code, places) not in places:
            yield '%s %s lies nowhere' % (code, name)
    provinces = [code for code in places if code.endswith('0000')]
    for province in provinces:
        if not any(code != province and parent_of(code, places) == province for code in places):
            yield '%s has nothing in it' % places[province]
    if len(provinces) != 31:
        yield '%d provinces' % len(provinces)
    for code, parent in PLACES:
        if code not in places or parent_of(code, places) != parent:
            yield '%s does not lie in %s' % (code, parent)


def find_half_texts(node, where):
    """Texts that lack one of the two languages, or hold the other one's."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from find_half_texts(item, '%s[%d]' % (where, index))
    elif isinstance(node, dict):
        if 'zh' in node or 'en' in node:
            if set(node) != {'zh', 'en'} or not all(isinstance(t, str) and t.strip() for t in node.values()):
                yield '%s lacks a language' % where
            elif re.search(r'[\u3400-\u9fff]', node['en']):
                yield '%s: en is Chinese' % where
            return
        for name, item in node.items():
            yield from find_half_texts(item, '%s.%s' % (where, name))
    elif isinstance(node, str) and re.search(r'[\u3400-\u9fff]', node):
        yield '%s is a text without {"zh", "en"}' % where


def read_profile(path):
    return json.loads(path.read_text(encoding='utf-8'))


case('desktop-file', run('desktop-file-validate', BUILD / 'data' / (APP_ID + '.desktop')))
case('metainfo', run('appstreamcli', 'validate', '--no-net', '--no-color', BUILD / 'data' / (APP_ID + '.metainfo.xml')))
case('settings', run('glib-compile-schemas', '--strict', '--dry-run', DATA))
case('icons', find_wrong_icons())
case('places', find_wrong_places())
for profile in sorted((DATA / 'profiles').glob('*.json')):
    case('profile-texts/' + profile.stem, find_half_texts(read_profile(profile), profile.stem))
finish()
