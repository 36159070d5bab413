// As much DER as a request for a certificate needs.

import { join } from './statement.js';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const ATTRIBUTES = 0xa0;

// 1.2.840.10045.4.3.2
const ECDSA_WITH_SHA256 = Uint8Array.of(0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);

function wrap(tag, ...parts) {
  const content = join(...parts);
  const n = content.length;
  const head = n < 128 ? [tag, n] : n < 256 ? [tag, 0x81, n] : [tag, 0x82, n >> 8, n & 255];
  return join(Uint8Array.from(head), content);
}

function integer(bytes) {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0)
    start++;
  const short = bytes.subarray(start);
  return wrap(INTEGER, short[0] >= 128 ? join(new Uint8Array(1), short) : short);
}

// WebCrypto’s r ‖ s as the SEQUENCE others expect
export function signature(raw) {
  const half = raw.length / 2;
  return wrap(SEQUENCE, integer(raw.subarray(0, half)), integer(raw.subarray(half)));
}

// A request with the key and nothing else: what the certificate says is what the CA approved
export async function request(spki, sign) {
  const info = wrap(SEQUENCE, integer(Uint8Array.of(0)), wrap(SEQUENCE), spki, wrap(ATTRIBUTES));
  return wrap(SEQUENCE, info, wrap(SEQUENCE, ECDSA_WITH_SHA256),
              wrap(BIT_STRING, new Uint8Array(1), await sign(info)));
}
