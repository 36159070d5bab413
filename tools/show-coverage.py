#!/usr/bin/python3
"""show-coverage.py BUILD: how much of what reads bytes from outside the fuzz targets run through, file by file, after they ran
in a build with -Db_coverage=true. Ends with 1 where a file is below its floor: then the corpus lacks something, or there is code
that no input reaches."""

import json
import pathlib
import subprocess
import sys

# Source under src/: least part of its lines, in per cent. What only writes, or answers a disk that is full, is not reached from outside.
FLOORS = {
    'base/ch-sniff.c': 80,
    'base/ch-validate.c': 90,
    'papers/ch-archive-look.c': 85,
    'papers/ch-document-check.c': 90,
    'papers/ch-pdf-look.c': 95,
    'papers/ch-picture-look.c': 80,
    'pki/ch-cert.c': 85,
    'pki/ch-csr.c': 35,
    'pki/ch-der.c': 90,
    'pki/ch-ocsp-responder.c': 80,
    'pki/ch-pkcs12-import.c': 80,
    'pki/ch-pkcs8.c': 85,
    'pki/ch-plain-cert.c': 90,
    'token/ch-soft-backup.c': 60,
    'wire/ch-wire-scan.c': 95,
    'wire/ch-wire.c': 90,
    'server/ch-call.c': 80,
    'server/ch-access.c': 55,
}


def count(build, source):
    """Lines that ran, and lines there are."""
    folder, name = source.split('/', 1)
    data = build / 'src' / folder / ('libch-%s.a.p' % folder) / (name + '.gcda')
    if not data.exists():
        return None
    out = subprocess.run(['gcov', '--json-format', '--stdout', str(data)], check=True, capture_output=True, cwd=build).stdout
    lines = {}
    for row in out.splitlines():
        for file in json.loads(row)['files']:
            if file['file'].endswith('src/' + source):
                for line in file['lines']:
                    lines[line['line_number']] = max(lines.get(line['line_number'], 0), line['count'])
    return sum(n > 0 for n in lines.values()), len(lines)


def main(build):
    below = []
    print('%-32s %6s %8s %7s' % ('file', 'lines', 'reached', 'floor'))
    total = [0, 0]
    for source, floor in sorted(FLOORS.items()):
        counted = count(build, source)
        if counted is None:
            sys.exit('%s: nothing ran it, or it is not there any more' % source)
        part = 100 * counted[0] / counted[1]
        total = [total[0] + counted[0], total[1] + counted[1]]
        print('%-32s %6d %7.1f%% %6d%%%s' % (source, counted[1], part, floor, '  below' if part < floor else ''))
        if part < floor:
            below.append(source)
    print('%-32s %6d %7.1f%%' % ('together', total[1], 100 * total[0] / total[1]))
    return 1 if below else 0


if __name__ == '__main__':
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
