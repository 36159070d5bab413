// What the page can do, one deed a function; the forms are app.js's.

import { call, change, decode, encode, Failure } from './calls.js';
import { request } from './der.js';
import { make, makeSalt, makeVerifier, makeWrapping, sign, stretch, unwrap, wrap } from './keys.js';
import { build, LOGIN, POSSESSION } from './statement.js';
import * as store from './store.js';

// Reads the code. Returns: the task, with what this browser has for it
export async function take(code) {
  const mine = await store.list();
  const task = await call('POST', '/v1/phone/tasks', { code, phones: mine.map((phone) => phone.id).slice(0, 8) });
  task.server = decode(task.server);
  task.own = mine.find((phone) => phone.id === task.phone) || null;
  return task;
}

// Those that were not replaced by a newer one, the newest first
export function listCertificates(phone) {
  return phone.certificates.filter((certificate) => !certificate.former).reverse();
}

export function sendCode(task) {
  return call('POST', '/v1/phone/sms', task.own ? { phone: task.own.id } : {}, task.ticket);
}

export function refuse(task) {
  return call('POST', '/v1/phone/refusals', {}, task.ticket);
}

async function askNonce(label) {
  return decode((await call('POST', '/v1/nonces', { label })).nonce);
}

// Makes this browser a phone of the account: its first key, and what its keys are wrapped under.
// Returns: what wraps
export async function pair(task, name, pin, smsCode) {
  const salt = makeSalt();
  const stretched = await stretch(pin, salt);
  const made = await make();
  const nonce = await askNonce(POSSESSION);
  const statement = await build(POSSESSION, task.server, made.spki, nonce);
  const answer = await call('POST', '/v1/phone/phones', {
    name,
    key: encode(made.spki),
    verifier: encode(await makeVerifier(stretched)),
    nonce: encode(nonce),
    signature: encode(await sign(made.key, statement)),
    'sms-code': smsCode,
  }, task.ticket);
  const wrapping = await makeWrapping(stretched, decode(answer.share));
  const phone = {
    id: answer.phone,
    name,
    salt,
    free: [{ wrapped: await wrap(made.key, wrapping), spki: made.spki }],
    certificates: [],
    pending: {},
  };
  await store.put(phone);
  task.own = phone;
  task.phone = phone.id;
  return wrapping;
}

// Gives what this phone's keys are wrapped under, for the right PIN; the server counts
export async function open(task, pin, smsCode) {
  const stretched = await stretch(pin, task.own.salt);
  const body = { phone: task.own.id, verifier: encode(await makeVerifier(stretched)) };
  if (smsCode)
    body['sms-code'] = smsCode;
  const answer = await call('POST', '/v1/phone/shares', body, task.ticket);
  return makeWrapping(stretched, decode(answer.share));
}

// Lets the PC in as the holder of a certificate
export async function logIn(task, certificate, wrapping) {
  const key = await unwrap(certificate.wrapped, wrapping);
  const nonce = await askNonce(LOGIN);
  const statement = await build(LOGIN, task.server, certificate.der, nonce);
  await call('POST', '/v1/phone/logins', {
    certificate: encode(certificate.der),
    nonce: encode(nonce),
    signature: encode(await sign(key, statement)),
  }, task.ticket);
}

// What was done is done, whether or not the PC still waits for it: it may have seen it by itself
export async function finish(task) {
  try {
    await call('POST', '/v1/phone/ends', {}, task.ticket);
  } catch (failure) {
    if (!failure.id)
      throw failure;
  }
}

// The key is on this phone before it is told of: whatever happens then, the next scan goes on with it
async function findKey(phone, application, wrapping) {
  let key = phone.pending[application];
  if (!key) {
    key = phone.free.pop();
    if (!key) {
      const made = await make();
      key = { wrapped: await wrap(made.key, wrapping), spki: made.spki };
    }
    phone.pending[application] = key;
    await store.put(phone);
  }
  return key;
}

// Puts the certificate of an application on this phone, and proves that it works here
export async function install(task, wrapping) {
  const phone = task.own;
  const path = `/v1/applications/${encodeURIComponent(task.application)}`;
  const held = await findKey(phone, task.application, wrapping);
  const key = await unwrap(held.wrapped, wrapping);
  const csr = await request(held.spki, (info) => sign(key, info));
  const issued = await change('POST', `${path}/certificate`, { csr: encode(csr) }, task.ticket);
  const der = decode(issued.der);
  if (!phone.certificates.some((certificate) => certificate.serial === issued.serial))
    phone.certificates.push({ serial: issued.serial, name: issued.name, der, end: issued['not-after'], ...held });
  await store.put(phone);

  const nonce = await askNonce(POSSESSION);
  const statement = await build(POSSESSION, task.server, der, nonce);
  const application = await change('POST', `${path}/installed`,
                                   { nonce: encode(nonce), signature: encode(await sign(key, statement)) }, task.ticket);
  delete phone.pending[task.application];
  for (const certificate of phone.certificates)
    if (certificate.serial === application.base)
      certificate.former = true;
  await store.put(phone);
  await finish(task);
  return issued;
}

// -- Documents --

const EDGE = 2400;
const QUALITIES = [0.85, 0.7, 0.5, 0.3];
const PIECE = 262144;

// Which documents of the application may be photographed
export async function listDocuments(task) {
  const [business, subject] = task.flow.split('.');
  const profile = await call('GET', '/v1/profile');
  return profile.documents.filter((rule) => rule.businesses.includes(business) && rule.subjects.includes(subject)
    && rule.formats.includes('jpg'));
}

// A photograph as the CA takes it: small enough, upright, and without what else the camera wrote into it
async function shrink(file, maxBytes) {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  for (const quality of QUALITIES) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (blob && blob.size <= maxBytes)
      return new Uint8Array(await blob.arrayBuffer());
  }
  throw new Failure('document-too-large');
}

// Sends a photograph as one of the documents of the application
export async function upload(task, rule, name, file) {
  let bytes;
  try {
    bytes = await shrink(file, rule['max-bytes']);
  } catch (failure) {
    throw failure.id ? failure : new Failure('no-picture');
  }
  const sha256 = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const path = `/v1/applications/${encodeURIComponent(task.application)}/uploads`;
  let { id, offset } = await change('POST', path, { document: rule.id, name, size: bytes.length, sha256: encode(sha256) },
                                    task.ticket);
  while (offset < bytes.length) {
    const piece = { offset, bytes: encode(bytes.subarray(offset, offset + PIECE)) };
    ({ offset } = await change('PUT', `/v1/uploads/${encodeURIComponent(id)}/pieces`, piece, task.ticket));
  }
  await change('POST', `/v1/uploads/${encodeURIComponent(id)}/finish`, {}, task.ticket);
}

export { Failure };
