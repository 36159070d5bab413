// Calls of the server. A failure carries the id of the error, which the page has words for.

export class Failure extends Error {
  constructor(id, details = {}, request = '') {
    super(id);
    this.id = id;
    this.details = details;
    this.request = request;
  }
}

export function encode(bytes) {
  let text = '';
  for (const byte of bytes)
    text += String.fromCharCode(byte);
  return btoa(text);
}

export function decode(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

async function send(method, path, body, ticket, headers) {
  const all = { ...headers };
  if (ticket)
    all.Authorization = `Bearer ${ticket}`;
  if (body !== undefined && !(body instanceof Uint8Array))
    all['Content-Type'] = 'application/json';
  try {
    return await fetch(path, {
      method,
      headers: all,
      body: body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    });
  } catch {
    throw new Failure('network');
  }
}

export async function call(method, path, body, ticket, headers = {}) {
  const answer = await send(method, path, body, ticket, headers);
  let message = null;
  try {
    message = await answer.json();
  } catch {
    message = null;
  }
  if (answer.ok && message !== null)
    return message;
  throw new Failure(message && message.error ? message.error : 'network', (message && message.details) || {},
                    (message && message.request) || '');
}

// A change carries a key, so that it may be sent again and is done once
export async function change(method, path, body, ticket) {
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  try {
    return await call(method, path, body, ticket, headers);
  } catch (failure) {
    if (failure.id !== 'network')
      throw failure;
    return call(method, path, body, ticket, headers);
  }
}
