#!/usr/bin/python3
"""Compares the validators with an independent implementation, python-stdnum, on random numbers: validate-oracle.py PROGRAM"""

import datetime
import random
import subprocess
import sys

from stdnum.cn import ric, uscc

N = 4000
USCC = '0123456789ABCDEFGHJKLMNPQRTUWXY'
PROVINCES = {str(n) for n in range(11, 92)}


def make_org_code(pick):
    body = ''.join(pick.choices(USCC, k=8))
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in body]
    check = 11 - sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    return body + {10: 'X', 11: '0'}.get(check, str(check))


def make_uscc(pick):
    body = '91' + ''.join(pick.choices('0123456789', k=6)) + make_org_code(pick)
    return body + uscc.calc_check_digit(body)


def make_resident_id(pick):
    day = datetime.date(1930, 1, 1) + datetime.timedelta(days=pick.randrange(30000))
    place = pick.choice(['110105', '120101', '310115', '500101', '440305'])
    body = place + day.strftime('%Y%m%d') + '%03d' % pick.randrange(1000)
    return body + ric.calc_check_digit(body + '0')


def is_resident_id(value):
    """Without the place: places come and go, a number stays."""
    if not value[:17].isdigit():
        return False
    try:
        day = datetime.date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return False
    return 1850 <= day.year <= 2100 and value[:2] in PROVINCES and ric.calc_check_digit(value) == value[-1]


def spoil(pick, value):
    """Half of the numbers get one wrong character, or two exchanged."""
    if pick.random() < 0.5:
        return value
    at = pick.randrange(len(value) - 1)
    if pick.random() < 0.5:
        return value[:at] + value[at + 1] + value[at] + value[at + 2:]
    return value[:at] + pick.choice('0123456789AX') + value[at + 1:]


KINDS = {'uscc': (make_uscc, uscc.is_valid), 'resident-id': (make_resident_id, is_resident_id)}


def main():
    random_numbers = random.Random(20210220)
    print('1..%d' % len(KINDS))
    failed = False
    for number, (kind, (make, is_valid)) in enumerate(KINDS.items(), 1):
        values = [spoil(random_numbers, make(random_numbers)) for _ in range(N)]
        answers = subprocess.run([sys.argv[1]], input=''.join('%s %s\n' % (kind, v) for v in values), text=True,
                                 capture_output=True, check=True).stdout.split()
        ours = [answer == '1' for answer in answers]
        theirs = [is_valid(value) for value in values]
        wrong = [(value, a, b) for value, a, b in zip(values, ours, theirs) if a != b]
        good = len(answers) == N and not wrong and 0 < sum(ours) < N
        failed |= not good
        for row in wrong[:10]:
            print('# %s: ours %s, theirs %s' % row)
        print('# %d of %d accepted' % (sum(ours), N))
        print('%s %d %s' % ('ok' if good else 'not ok', number, kind))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
