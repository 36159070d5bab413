"""What a CA says in public of a certificate: its list and its OCSP answers, read by openssl."""

import base64
import ssl
import subprocess
import urllib.request


def openssl(*words):
    return subprocess.run(['openssl', *map(str, words)], capture_output=True, text=True, timeout=60, check=False).stdout


def fetch(world, path, body=None):
    context = ssl.create_default_context(cafile=str(world.trust))
    call = urllib.request.Request(world.url + path, body, {'Content-Type': 'application/ocsp-request'} if body else {})
    with urllib.request.urlopen(call, context=context) as answer:
        return answer.read()


def certificates(world):
    """Those of whoever is logged in, by number."""
    return {row['serial']: row for row in world.expect(0, 'cert', 'list', '--json').json['items']}


def crl_says(world, serial):
    """Why the newest list names a serial number, or that it does not."""
    path = world.dir / 'crl.der'
    path.write_bytes(fetch(world, '/crl/rsa.crl'))
    text = openssl('crl', '-inform', 'DER', '-in', path, '-noout', '-text')
    if serial not in text:
        return 'good'
    entry = text.split(serial)[1].split('Serial Number')[0]
    return entry.split('Reason Code:')[1].strip().split('\n')[0].strip() if 'Reason Code' in entry else 'revoked'


def ocsp_says(world, serial):
    shown = certificates(world)[serial]
    for part in ('der', 'issuing-ca', 'root-ca'):
        der = world.dir / (part + '.der')
        der.write_bytes(base64.b64decode(shown[part]))
        openssl('x509', '-inform', 'DER', '-in', der, '-out', world.dir / (part + '.pem'))
    cert, ca, root = (world.dir / (part + '.pem') for part in ('der', 'issuing-ca', 'root-ca'))
    openssl('ocsp', '-issuer', ca, '-cert', cert, '-no_nonce', '-reqout', world.dir / 'ocsp.req')
    (world.dir / 'ocsp.der').write_bytes(fetch(world, '/ocsp', (world.dir / 'ocsp.req').read_bytes()))
    return openssl('ocsp', '-issuer', ca, '-cert', cert, '-respin', world.dir / 'ocsp.der', '-CAfile', root, '-verify_other', ca,
                   '-noverify')


def make_ask_for(world, mobile):
    """The phone of another handler than the usual one."""
    path = world.dir / ('ask-' + mobile)
    path.write_text(open(world.ask, encoding='utf-8').read().replace('13800138000', mobile), encoding='utf-8')
    path.chmod(0o700)
    return path
