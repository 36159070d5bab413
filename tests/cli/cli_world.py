"""A demonstration CA in a process of its own, a person with a PC, and certhallctl between them."""

import json
import os
import pathlib
import shutil
import ssl
import struct
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
import zlib

ROOT = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT'])
PROGRAMS = pathlib.Path(os.environ['CERTHALL_PROGRAMS'])
CTL = str(PROGRAMS / 'certhallctl')
DAEMON = str(PROGRAMS / 'certhalld')
RESTING = 75

# What must be seen nowhere but where it is typed
PASSWORD = 'Secret-of-the-account-41'
PASSPHRASE = 'Secret-of-the-token-42'
STAFF_PASSWORD = 'Secret-of-the-staff-43'
NEW_PASSPHRASE = 'Later-secret-of-the-token-44'
FILE_PASSPHRASE = 'Secret-of-the-file-45'

_outcomes = []


def case(function):
    """Runs a test function at once; what it asserts is one case of TAP."""
    name = function.__name__.replace('_', '-')
    try:
        function()
        problem = None
    except Exception as error:  # whatever it is, the other cases are run too
        problem = '%s: %s' % (type(error).__name__, error)
    _outcomes.append(problem is None)
    if problem is not None:
        for line in problem.splitlines():
            print('# %s' % line)
    print('%s %d %s/%s' % ('ok' if problem is None else 'not ok', len(_outcomes), pathlib.Path(sys.argv[0]).resolve().parent.name, name), flush=True)
    return function


def finish():
    print('1..%d' % len(_outcomes))
    sys.exit(0 if _outcomes and all(_outcomes) else 1)


def make_png(path, shade):
    """A picture of its own kind, 64 by 64, so that the server finds what the ending says."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack('>I', len(data)) + body + struct.pack('>I', zlib.crc32(body))
    rows = b''.join(b'\0' + bytes([shade, x * 4 % 256, 90] * 1) * 64 for x in range(64))
    header = struct.pack('>IIBBBBB', 64, 64, 8, 2, 0, 0, 0)
    path.write_bytes(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


class Outcome:
    def __init__(self, process):
        self.status, self.out, self.err = process.returncode, process.stdout, process.stderr

    @property
    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return 'status %d\n%s\n%s' % (self.status, self.out, self.err)


class World:
    def __init__(self, serve=(), **policy):
        """`serve`: more options of the server; `policy`: members of the profile that are other than shipped."""
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix='certhall-cli-'))
        self.ca = self.dir / 'ca'
        self.trust = self.ca / 'tls-ca.pem'
        self.seen = []  # everything any command printed
        # The slow unwinder of the other tests makes each TLS handshake take seconds; leaks are found without it too
        os.environ['ASAN_OPTIONS'] = 'detect_leaks=1:intercept_tls_get_addr=0'
        for name, mode in (('run', 0o700), ('data', 0o700), ('home', 0o700)):
            (self.dir / name).mkdir(mode)
        subprocess.run([str(ROOT / 'tests' / 'world' / 'make-store.sh'), str(self.ca)], check=True, env=os.environ)
        profile = json.loads((self.ca / 'profile.json').read_text(encoding='utf-8'))
        profile.update({key.replace('_', '-'): value for key, value in policy.items()})
        (self.ca / 'profile.json').write_text(json.dumps(profile, ensure_ascii=False), encoding='utf-8')
        self.write('password', PASSWORD + '\n')
        self.write('pin', PASSPHRASE + '\n')
        self.write('staff-password', STAFF_PASSWORD + '\n')
        self.add_staff('alice', 'reviewer')
        self.log = open(self.dir / 'server.log', 'w', encoding='utf-8')
        self.serve, self.url = serve, None
        self.start_server()
        self.env = dict(os.environ, CERTHALL_SERVER=self.url, CERTHALL_TRUST=str(self.trust), HOME=str(self.dir / 'home'),
                        XDG_DATA_HOME=str(self.dir / 'data'), XDG_RUNTIME_DIR=str(self.dir / 'run'))
        self.make_ask()

    def start_server(self):
        """The second time at the same address, as a service that comes back."""
        address = '127.0.0.1:0' if self.url is None else self.url.split('//')[1]
        self.server = subprocess.Popen([DAEMON, 'serve', '--dir', str(self.ca), '--listen', address, '--demo', *self.serve],
                                       stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.url = self.server.stdout.readline().split()[1]

    def kill_server(self):
        """As a power cut does."""
        self.server.kill()
        self.server.wait()
        self.server.stdout.close()

    def close(self):
        self.server.terminate()
        status = self.server.wait()
        self.log.close()
        shutil.rmtree(self.dir)
        return status

    def add_staff(self, name, role):
        subprocess.run([DAEMON, 'staff', 'add', '--dir', str(self.ca), name, '--role', role, '--password-file',
                        str(self.dir / 'staff-password')], check=True, stdout=subprocess.DEVNULL, env=os.environ)

    def be_staff(self, name):
        """From now on the session of staff is theirs."""
        self.expect(0, 'account', 'login', '--staff', name, '--password-file', self.dir / 'staff-password')

    def write(self, name, content):
        path = self.dir / name
        path.write_text(content, encoding='utf-8')
        path.chmod(0o600)
        return str(path)

    def answers(self, name, **fields):
        return self.write(name, json.dumps({key.replace('_', '-'): value for key, value in fields.items()}))

    def make_ask(self):
        """A command that reads the phone, and on the way looks at the process that asks it."""
        path = pathlib.Path(self.write('ask', '''#!/usr/bin/python3
import json, os, ssl, sys, urllib.request
assert sys.argv[-1] == os.environ['CERTHALL_FIELD']
if sys.argv[-1] != 'sms-code':
    sys.exit(1)
with open(%(proc)r, 'ab') as out:
    for name in ('cmdline', 'environ'):
        out.write(open('/proc/%%d/%%s' %% (os.getppid(), name), 'rb').read() + b'\\n')
request = urllib.request.Request(%(url)r, headers={'Demo-Token': open(%(token)r).read().strip()})
answer = urllib.request.urlopen(request, context=ssl.create_default_context(cafile=%(trust)r)).read()
code = json.loads(answer)['code']
open(%(code)r, 'w').write(code)
print(code)
print('and nothing of this line')
''' % {'proc': str(self.dir / 'proc'), 'url': self.url + '/demo/v1/sms?mobile=13800138000', 'trust': str(self.trust),
       'token': str(self.ca / 'demo-token'), 'code': str(self.dir / 'code')}))
        path.chmod(0o700)
        self.ask = str(path)

    def demo(self, path, body=None):
        context = ssl.create_default_context(cafile=str(self.trust))
        headers = {'Demo-Token': (self.ca / 'demo-token').read_text().strip(), 'Content-Type': 'application/json'}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request('%s/demo/v1/%s' % (self.url, path), data, headers)
        with urllib.request.urlopen(request, context=context) as answer:
            return json.loads(answer.read())

    def ctl(self, *words, env=None):
        process = subprocess.run([CTL, *map(str, words)], env=dict(self.env, **(env or {})), stdin=subprocess.DEVNULL,
                                 capture_output=True, text=True, timeout=120)
        self.seen += [process.stdout, process.stderr]
        return Outcome(process)

    def expect(self, status, *words, **options):
        outcome = self.ctl(*words, **options)
        assert outcome.status == status, 'certhallctl %s: %s' % (' '.join(map(str, words)), outcome)
        return outcome

    def make_documents(self):
        make_png(self.dir / 'licence.png', 200)
        make_png(self.dir / 'handler.png', 60)
        with zipfile.ZipFile(self.dir / 'bundle.zip', 'w') as bundle:
            bundle.writestr('agreement.txt', 'with seal')
