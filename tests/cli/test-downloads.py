#!/usr/bin/python3
"""What the CA offers for download, in the terminal: listed, fetched, compared with what the CA is known by, and never over a file
that is there. What openssl says of it."""

import hashlib
import json
import subprocess

from cli_world import ROOT, World, case, finish

world = World()
OFFERED = json.loads((ROOT / 'data' / 'profiles' / 'binhai.json').read_text(encoding='utf-8'))['files']
CERTIFICATES = ['root-rsa.cer', 'issuing-rsa.cer', 'root-sm2.cer', 'issuing-sm2.cer']
LISTS = ['rsa.crl', 'root-rsa.crl', 'sm2.crl', 'root-sm2.crl']
FILES = [row['file'] for row in OFFERED]


def openssl(*words):
    process = subprocess.run(['openssl', *map(str, words)], capture_output=True, text=True, timeout=60)
    return process.returncode, process.stdout + process.stderr


def download(name, *names):
    return world.expect(0, 'ca', 'download', name, *names, '--out', world.dir / 'saved', '--json').json['items']


@case
def what_is_offered_is_listed():
    items = world.expect(0, 'ca', 'list', '--json').json['items']
    assert [item['file'] for item in items] == CERTIFICATES + LISTS + FILES, items
    for item in items:
        assert item['size'] > 0 and ('sha256' in item) == (item['kind'] not in ('list', 'root-list')), item
    shown = world.expect(0, 'ca', 'list').out
    for words in ('Root certificate (RSA)', 'List of revoked certificates (SM2)', OFFERED[0]['name']['en'], items[0]['sha256']):
        assert words in shown, shown


@case
def certificates_are_those_of_the_ca():
    for saved in download(*CERTIFICATES):
        der = (world.dir / 'saved' / saved['file']).read_bytes()
        assert hashlib.sha256(der).hexdigest() == saved['sha256'] and len(der) == saved['size'], saved
        status, text = openssl('x509', '-inform', 'DER', '-in', saved['path'], '-outform', 'PEM')
        assert status == 0 and text == (world.ca / 'ca' / saved['file'].replace('.cer', '.pem')).read_text(), text


@case
def lists_are_signed_by_their_ca():
    for saved in download(*LISTS):
        status, text = openssl('crl', '-inform', 'DER', '-in', saved['path'], '-noout', '-issuer')
        assert status == 0 and ('Root' in text) == saved['file'].startswith('root-'), text


@case
def files_are_those_beside_the_profile():
    for saved in download(*FILES):
        source = ROOT / 'data' / 'profiles' / 'binhai' / saved['file']
        assert (world.dir / 'saved' / saved['file']).read_bytes() == source.read_bytes(), saved


@case
def no_file_is_replaced():
    mine = world.dir / 'mine'
    mine.mkdir()
    (mine / FILES[0]).write_text('my own')
    outcome = world.expect(17, 'ca', 'download', FILES[0], '--out', mine)
    assert 'exists already' in outcome.err and (mine / FILES[0]).read_text() == 'my own', outcome


@case
def what_is_not_offered_is_not_fetched():
    before = sorted((world.dir / 'saved').iterdir())
    for name in ('profile.json', '../profile.json', 'certhall.db', ''):
        world.expect(14, 'ca', 'download', FILES[0], name, '--out', world.dir / 'saved' / 'more')
    assert sorted((world.dir / 'saved').iterdir()) == before
    assert world.ctl('ca', 'download').status == 64


@case
def nothing_was_left_behind():
    assert not list(world.dir.rglob('*.tmp'))
    assert world.close() == 0


finish()
