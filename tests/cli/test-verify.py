#!/usr/bin/python3
"""certhallctl cert verify as scripts rely on it: options, exit statuses and JSON, without server, login or network.

Certificates and CRLs are NIST’s; tests/unit/test-pkits.c has every case of theirs, here some go through the program (all of
them at length).
"""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from cli_world import CTL, ROOT, case, finish  # noqa: E402

VECTORS = pathlib.Path('/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data')
VALID, WRONG, REVOKED, EXPIRED, UNKNOWN, NO_FILE, USAGE = 0, 39, 40, 41, 49, 17, 64
STATUSES = {'ok': VALID, 'revoked': REVOKED, 'on-hold': REVOKED, 'expired': EXPIRED, 'not-yet-valid': EXPIRED,
            'crl-missing': UNKNOWN, 'crl-wrong': UNKNOWN, 'crl-expired': UNKNOWN}
# Too weak for us, whatever NIST expected of them in its time: see test-pkits.c
TOO_WEAK = ('4.1.4', '4.1.5')
EVERY = 1 if os.environ.get('CERTHALL_LONG') else 6

home = pathlib.Path(tempfile.mkdtemp(prefix='certhall-verify-'))
# A server that is set and is not there must not matter
env = dict(os.environ, HOME=str(home), XDG_DATA_HOME=str(home / 'data'), XDG_RUNTIME_DIR=str(home),
           CERTHALL_SERVER='https://127.0.0.1:9/', CERTHALL_TRUST=str(home / 'nowhere.pem'))


def cert(name):
    return VECTORS / 'certs' / (name + '.crt')


def crl(name):
    return VECTORS / 'crls' / (name + '.crl')


ROOT_CA = ('--anchor', cert('TrustAnchorRootCertificate'))
GOOD_CA = ('--untrusted', cert('GoodCACert'))
LISTS = ('--crl', crl('TrustAnchorRootCRL'), '--crl', crl('GoodCACRL'))
AT = ('--at', '2020-06-15')
GOOD, REVOKED_EE = cert('ValidCertificatePathTest1EE'), cert('InvalidRevokedEETest3EE')


def verify(*args, at=AT):
    process = subprocess.run([CTL, 'cert', 'verify', '--offline', *map(str, at), *map(str, args)], env=env, text=True,
                             capture_output=True, check=False)
    assert not process.stderr or process.returncode in (NO_FILE, USAGE) or 'list' in process.stderr, process.stderr
    return process


def expect(status, *args, at=AT):
    process = verify(*args, at=at)
    assert process.returncode == status, (process.returncode, process.stdout, process.stderr)
    return process.stdout


def ask(status, *args, at=AT):
    return json.loads(expect(status, '--json', *args, at=at))


def pem(label, *paths):
    """One file of several in PEM, with words around them as people send them."""
    text = 'From the CA:\n'
    for path in paths:
        body = base64.encodebytes(path.read_bytes()).decode()
        text += '-----BEGIN %s-----\n%s-----END %s-----\n' % (label, body, label)
    file = home / ('%d.pem' % len(list(home.iterdir())))
    file.write_text(text, encoding='ascii')
    return file


def list_cases():
    for line in (ROOT / 'tests' / 'data' / 'pkits.tsv').read_text(encoding='utf-8').splitlines():
        if not line.startswith('#'):
            yield line.split('\t')


@case
def nist_agrees():
    cases = list(list_cases())
    assert len(cases) == 247, len(cases)
    for number, _, expected, word, asked, target, path, lists in cases[::EVERY]:
        words = [] if asked == '-' else asked.split()
        args = ['--policy=2.16.840.1.101.3.2.1.48.' + w[1:] if w.startswith('P') else
                '--' + {'explicit': 'explicit-policy'}.get(w, w) for w in words]
        for name in path.split() if path != '-' else []:
            args += ['--untrusted', cert(name)]
        for name in lists.split() if lists != '-' else []:
            args += ['--crl', crl(name)]
        process = verify(*ROOT_CA, *args, '--json', cert(target))
        report = json.loads(process.stdout)
        word = 'weak' if number in TOO_WEAK else word
        assert (report['reason'], process.returncode) == (word, STATUSES.get(word, WRONG)), (number, report)
        assert number in TOO_WEAK or report['valid'] == (process.returncode == 0) == (expected == 'valid'), (number, report)


@case
def what_is_valid_ends_with_0():
    text = expect(VALID, *ROOT_CA, *GOOD_CA, *LISTS, GOOD)
    assert 'Valid EE Certificate Test1' in text and '✓' in text and '✗' not in text, text


@case
def json_has_its_shape():
    report = ask(VALID, *ROOT_CA, *GOOD_CA, *LISTS, GOOD)
    assert set(report) == {'valid', 'verdict', 'reason', 'source', 'serial', 'name', 'checks'}, report
    assert report['valid'] is True and (report['verdict'], report['reason']) == ('passed', 'ok'), report
    assert (report['source'], report['serial']) == (GOOD.name, '01'), report
    assert [(c['id'], c['outcome']) for c in report['checks']] == [
        ('chain', 'passed'), ('validity', 'passed'), ('usage', 'passed'), ('crl', 'passed')], report
    assert all(set(c) == {'id', 'outcome', 'text'} and c['text'] for c in report['checks']), report


@case
def what_was_revoked_ends_with_40():
    report = ask(REVOKED, *ROOT_CA, *GOOD_CA, *LISTS, REVOKED_EE)
    assert report['valid'] is False and (report['verdict'], report['reason']) == ('failed', 'revoked'), report


@case
def without_a_list_it_is_not_known():
    for lists in ((), LISTS[2:], LISTS[:2]):
        report = ask(UNKNOWN, *ROOT_CA, *GOOD_CA, *lists, GOOD)
        assert report['valid'] is False and (report['verdict'], report['reason']) == ('unknown', 'crl-missing'), report
    # The list of the CA alone tells of the certificate and not of the CA
    outcomes = {c['id']: c['outcome'] for c in ask(UNKNOWN, *ROOT_CA, *GOOD_CA, *LISTS[2:], GOOD)['checks']}
    assert outcomes['crl'] == 'passed' and outcomes['ca-crl'] == 'unknown', outcomes
    assert ask(VALID, *ROOT_CA, *GOOD_CA, '--no-revocation', GOOD)['checks'][-1]['id'] == 'usage'
    # What is revoked is not looked for then, and what is altered is found all the same
    expect(VALID, *ROOT_CA, *GOOD_CA, *LISTS, '--no-revocation', REVOKED_EE)
    expect(WRONG, *ROOT_CA, *GOOD_CA, '--no-revocation', cert('InvalidEESignatureTest3EE'))


@case
def only_the_anchors_given_count():
    assert ask(WRONG, '--anchor', cert('DSACACert'), *GOOD_CA, *LISTS, GOOD)['reason'] == 'unknown-issuer'
    # What leads to an anchor is none, a root among it neither
    for untrusted in ((), ('--untrusted', cert('TrustAnchorRootCertificate'))):
        assert ask(WRONG, *GOOD_CA, *untrusted, *LISTS, GOOD)['reason'] == 'unknown-issuer'
    # A CA below may be an anchor itself: then nobody is asked about it
    expect(VALID, '--anchor', cert('GoodCACert'), *LISTS[2:], GOOD)
    # Beside a root, a CA in the same file only leads there
    both = pem('CERTIFICATE', cert('TrustAnchorRootCertificate'), cert('GoodCACert'))
    expect(VALID, '--anchor', both, *LISTS, GOOD)
    assert ask(UNKNOWN, '--anchor', both, *LISTS[2:], GOOD)['reason'] == 'crl-missing'


@case
def files_may_hold_several():
    cas = pem('CERTIFICATE', cert('DSACACert'), cert('GoodCACert'))
    lists = pem('X509 CRL', crl('DSACACRL'), crl('GoodCACRL'), crl('TrustAnchorRootCRL'))
    expect(VALID, *ROOT_CA, '--untrusted', cas, '--crl', lists, GOOD)
    # And joined as they are
    joined = home / 'joined'
    joined.write_bytes(b''.join(path.read_bytes() for path in (cert('DSACACert'), cert('GoodCACert'), *LISTS[1::2])))
    expect(VALID, *ROOT_CA, '--untrusted', joined, GOOD)
    expect(VALID, *ROOT_CA, *GOOD_CA, '--crl', joined, GOOD)
    (home / 'cut').write_bytes(joined.read_bytes()[:-1])
    expect(NO_FILE, *ROOT_CA, '--untrusted', home / 'cut', GOOD)
    both = ask(WRONG, *ROOT_CA, '--untrusted', cas, '--crl', lists, GOOD, REVOKED_EE)
    assert (both['passed'], both['failed'], both['unknown']) == (1, 1, 0), both
    assert set(both) == {'passed', 'failed', 'unknown', 'certificates'}, both
    assert [r['reason'] for r in both['certificates']] == ['ok', 'revoked'], both
    ask(UNKNOWN, *ROOT_CA, '--untrusted', cas, GOOD, cert('InvalidRevokedEETest3EE'))


@case
def time_is_taken_as_it_is_said():
    whole = (*ROOT_CA, *GOOD_CA, *LISTS, GOOD)
    for at in ('2030-12-31', '2030-12-31T08:29:59Z', '2030-12-31T16:29:59+08:00', '2010-01-01T08:30:00Z'):
        expect(VALID, *whole, at=('--at', at))
    assert ask(EXPIRED, *whole, at=('--at', '2030-12-31T08:30:01Z'))['reason'] == 'expired'
    assert ask(EXPIRED, *whole, at=('--at', '2031-01-01'))['reason'] == 'expired'
    assert ask(EXPIRED, *whole, at=('--at', '2010-01-01T08:29:59Z'))['reason'] == 'not-yet-valid'
    for at in ('2020', '2020-06-15T10:00:00', '15.06.2020', '2020-13-01', '2020-06-15T10:00:00Z later', ''):
        expect(USAGE, *whole, at=('--at', at))


@case
def lists_that_are_of_no_use_are_told():
    cas = ('--untrusted', cert('UnknownCRLExtensionCACert'))
    lists = ('--crl', crl('TrustAnchorRootCRL'), '--crl', crl('UnknownCRLExtensionCACRL'))
    process = verify(*ROOT_CA, *cas, *lists, cert('InvalidUnknownCRLExtensionTest9EE'))
    assert process.returncode == UNKNOWN and 'not understood' in process.stderr, process
    # A list of the past tells nothing about now
    old = ('--untrusted', cert('OldCRLnextUpdateCACert'), '--crl', crl('TrustAnchorRootCRL'), '--crl', crl('OldCRLnextUpdateCACRL'))
    assert ask(UNKNOWN, *ROOT_CA, *old, cert('InvalidOldCRLnextUpdateTest11EE'))['reason'] == 'crl-expired'


@case
def mistakes_are_no_answer():
    (home / 'junk').write_bytes(b'junk')
    for args in (('--anchor', home / 'junk'), ('--untrusted', crl('GoodCACRL')), ('--crl', cert('GoodCACert')), ('--crl', home / 'junk')):
        expect(NO_FILE, *args, GOOD)
    expect(NO_FILE, *ROOT_CA, crl('GoodCACRL'))
    expect(USAGE, *ROOT_CA, '--policy', 'any', GOOD)
    expect(USAGE, *ROOT_CA)
    assert verify(*ROOT_CA, home / 'nowhere.crt').returncode not in (VALID, UNKNOWN)


@case
def the_manual_tells_all_of_it():
    text = subprocess.run([CTL, 'cert', 'verify', '--help'], env=env, text=True, capture_output=True, check=True).stdout
    for word in ('--anchor=FILE', '--untrusted=FILE', '--crl=FILE', '--at=TIME', '--offline', '--json', '--no-revocation', '--policy=OID',
                 '--explicit-policy', '--inhibit-mapping', '--inhibit-any-policy', *STATUSES):
        assert word in text, word


shutil.rmtree(home)
finish()
