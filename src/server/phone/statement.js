// What a key signs: the same bytes as ch_statement_build() of the server and of the program on the PC. The page never
// signs bytes that came from outside: these keys sign contracts too, and no contract begins like this.

export const LOGIN = 'certhall-login/1';
export const CONFIRM = 'certhall-confirm/1';
export const POSSESSION = 'certhall-possession/1';

const NONCE_SIZE = 32;
const DIGEST_SIZE = 32;

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

export function join(...parts) {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// label ‖ 0x00 ‖ SHA-256(server’s certificate) ‖ SHA-256(own certificate) ‖ nonce ‖ SHA-256(what was confirmed)
export async function build(label, server, own, nonce, confirmed = null) {
  if (![LOGIN, CONFIRM, POSSESSION].includes(label) || nonce.length !== NONCE_SIZE || server.length === 0
      || own.length === 0 || (confirmed !== null && confirmed.length !== DIGEST_SIZE))
    throw new Error('a part of a statement has the wrong size');
  return join(new TextEncoder().encode(label), new Uint8Array(1), await sha256(server), await sha256(own), nonce,
              confirmed === null ? new Uint8Array(0) : confirmed);
}
