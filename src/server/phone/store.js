// What this browser keeps: its phones with wrapped keys and certificates. Nothing in it opens anything by itself.
//
// A phone: { id, name, salt, free: [key], certificates: [{ serial, name, der, end, wrapped, spki }], pending: { application: key } }
// A key: { wrapped, spki }

const NAME = 'certhall';
const PHONES = 'phones';

function wait(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(PHONES, { keyPath: 'id' });
  return wait(request);
}

async function withStore(mode, func) {
  const db = await open();
  try {
    const transaction = db.transaction(PHONES, mode, { durability: 'strict' });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await wait(func(transaction.objectStore(PHONES)));
    await done;
    return result;
  } finally {
    db.close();
  }
}

export function list() {
  return withStore('readonly', (store) => store.getAll());
}

export function get(id) {
  return withStore('readonly', (store) => store.get(id));
}

export function put(phone) {
  return withStore('readwrite', (store) => store.put(phone));
}
