// Keys of this phone. A key exists in the clear only while it is used: it is made extractable, wrapped under what PIN and
// server’s share give together, and dropped. Whoever has the phone’s storage lacks the share, and the server counts
// the PINs that are tried; the server lacks the PIN and the keys.

import { signature } from './der.js';

const ROUNDS = 600000;
const SALT_SIZE = 16;
const IV_SIZE = 12;
const EC = { name: 'ECDSA', namedCurve: 'P-256' };

function info(text) {
  return new TextEncoder().encode(text);
}

export function makeSalt() {
  return crypto.getRandomValues(new Uint8Array(SALT_SIZE));
}

// PBKDF2 of the PIN, from which both what the server compares and what wraps is derived, neither telling the other
export async function stretch(pin, salt) {
  const typed = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS }, typed, 256);
  return crypto.subtle.importKey('raw', bits, 'HKDF', false, ['deriveBits', 'deriveKey']);
}

export async function makeVerifier(stretched) {
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: info('certhall-phone-verifier/1') };
  return new Uint8Array(await crypto.subtle.deriveBits(params, stretched, 256));
}

export function makeWrapping(stretched, share) {
  const params = { name: 'HKDF', hash: 'SHA-256', salt: share, info: info('certhall-phone-wrap/1') };
  return crypto.subtle.deriveKey(params, stretched, { name: 'AES-GCM', length: 256 }, false, ['wrapKey', 'unwrapKey']);
}

export async function make() {
  const pair = await crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  return { key: pair.privateKey, spki: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)) };
}

export async function wrap(key, wrapping) {
  const iv = crypto.getRandomValues(new Uint8Array(IV_SIZE));
  const data = await crypto.subtle.wrapKey('pkcs8', key, wrapping, { name: 'AES-GCM', iv });
  return { iv, data: new Uint8Array(data) };
}

export function unwrap(wrapped, wrapping) {
  return crypto.subtle.unwrapKey('pkcs8', wrapped.data, wrapping, { name: 'AES-GCM', iv: wrapped.iv }, EC, false,
                                 ['sign']);
}

export async function sign(key, bytes) {
  const raw = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes);
  return signature(new Uint8Array(raw));
}
