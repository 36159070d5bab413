#!/usr/bin/python3
"""Verifies what is signed by SM2 here with an implementation of its own, GB/T 32918.2 and GB/T 32905 written down in Python:
sm2-oracle.py PROGRAM"""

import subprocess
import sys

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
ID = b'1234567812345678'
EXPECTED = ['root', 'ca', 'cert', 'crl', 'ocsp-signer', 'ocsp-answer']


def rotate(x, n):
    n %= 32
    return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF


def sm3(message):
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = message + b'\x80' + bytes((55 - len(message)) % 64) + (len(message) * 8).to_bytes(8, 'big')
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[start + 4 * i:start + 4 * i + 4], 'big') for i in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)
            w.append(x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            ss1 = rotate((rotate(a, 12) + e + rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j)) & 0xFFFFFFFF, 7)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & 0xFFFFFFFF & g)
            tt1 = (ff + d + (ss1 ^ rotate(a, 12)) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            a, b, c, d, e, f, g, h = tt1, a, rotate(b, 9), c, tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17), e, rotate(f, 19), g
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]
    return b''.join(x.to_bytes(4, 'big') for x in state)


def add(p, q):
    if p is None or q is None:
        return p or q
    if p[0] == q[0]:
        if (p[1] + q[1]) % P == 0:
            return None
        slope = (3 * p[0] * p[0] + A) * pow(2 * p[1], -1, P) % P
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, P) % P
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


def multiply(k, point):
    total = None
    while k:
        if k & 1:
            total = add(total, point)
        point = add(point, point)
        k >>= 1
    return total


def is_right(message, r, s, key):
    def b32(x):
        return x.to_bytes(32, 'big')
    assert (key[1] ** 2 - key[0] ** 3 - A * key[0] - B) % P == 0, 'the key is no point of the curve'
    z = sm3((len(ID) * 8).to_bytes(2, 'big') + ID + b32(A) + b32(B) + b32(G[0]) + b32(G[1]) + b32(key[0]) + b32(key[1]))
    e = int.from_bytes(sm3(z + message), 'big')
    t = (r + s) % N
    if not (0 < r < N and 0 < s < N and t):
        return False
    return (e + add(multiply(s, G), multiply(t, key))[0] - r) % N == 0


def read(data):
    """The first value in DER: its tag, what is in it, the whole of it, and what follows."""
    length, at = data[1], 2
    if length & 0x80:
        at += length & 0x7F
        length = int.from_bytes(data[2:at], 'big')
    assert at + length <= len(data), 'the data end early'
    return data[0], data[at:at + length], data[:at + length], data[at + length:]


def open_answer(data):
    """The signed part of an OCSP answer that says it succeeded."""
    rest = read(read(data)[1])[3]
    return read(read(read(read(rest)[1])[1])[3])[1]


def split(data):
    """What is signed, and the signature."""
    _, _, signed, rest = read(read(data)[1])
    _, _, algorithm, rest = read(rest)
    assert bytes.fromhex('06082a811ccf55018375') in algorithm, 'it is not signed by SM2 with SM3'
    r, rest = read(read(read(rest)[1][1:])[1])[1::2]
    return signed, int.from_bytes(r, 'big'), int.from_bytes(read(rest)[1], 'big')


def main():
    assert sm3(b'abc').hex() == '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0', 'SM3 is not right here'
    lines = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout.split('\n')[:-1]
    assert [line.split()[0] for line in lines] == EXPECTED, lines
    failed = 0
    for number, line in enumerate(lines, 1):
        name, spki, data = line.split()
        data = bytes.fromhex(data)
        point = bytes.fromhex(spki)[-64:]
        key = int.from_bytes(point[:32], 'big'), int.from_bytes(point[32:], 'big')
        signed, r, s = split(open_answer(data) if name == 'ocsp-answer' else data)
        good = is_right(signed, r, s, key) and not is_right(signed + b'\0', r, s, key)
        failed += not good
        print('%s %d sm2/%s' % ('ok' if good else 'not ok', number, name))
    print('1..%d' % len(lines))
    sys.exit(1 if failed else 0)


main()
