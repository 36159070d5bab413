#!/usr/bin/python3
"""A picture of the QR code, as the window shows it, is read by another program."""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'check'))
from tap import case, finish  # noqa: E402

SHOW = sys.argv[1]
TEXTS = ['weixin://wxpay/bizpayurl?pr=p4lpSuKzz7Yk', 'https://qr.alipay.com/bax0' + '1234567890' * 20]


def read(text, *style):
    with tempfile.TemporaryDirectory(dir=os.environ['TEST_HOME']) as folder:
        png = os.path.join(folder, 'code.png')
        subprocess.run([SHOW, 'qr', text, png, *style], check=True, timeout=60)
        got = subprocess.run(['zbarimg', '--quiet', '--raw', '--nodbus', png], capture_output=True, timeout=60)
    if got.stdout.decode().rstrip('\n') != text:
        yield 'read %r instead of %r' % (got.stdout, text)


for index, sample in enumerate(TEXTS):
    case('light-%d' % index, read(sample))
    case('dark-%d' % index, read(sample, 'dark'))
finish()
