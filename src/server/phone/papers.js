// Photographs of documents: each is sent as soon as it was taken. Whoever sits at the PC has shown the code; nothing is signed here.

import * as deeds from './deeds.js';
import { language, say } from './words.js';

function makeRow(make, explain, task, rule) {
  const state = make('p', { class: 'dim', role: 'status' }, say('photograph'));
  const input = make('input', { type: 'file', accept: 'image/*', capture: 'environment', name: `photo-${rule.id}` });
  const name = rule.name[language];
  input.addEventListener('change', async () => {
    if (input.files.length === 0)
      return;
    input.disabled = true;
    state.className = 'dim';
    state.replaceChildren(say('sending'));
    try {
      await deeds.upload(task, rule, `${name}.jpg`, input.files[0]);
      state.className = 'sent';
      state.replaceChildren(say('sent'));
    } catch (failure) {
      state.className = 'warn';
      state.replaceChildren(...explain(failure));
    }
    input.value = '';
    input.disabled = false;
  });
  return make('div', { class: 'photo' }, make('label', {}, name, input), state);
}

// What is shown for a task: a row for each document, and the end of it
export async function show(make, explain, task, done) {
  const rules = await deeds.listDocuments(task);
  const button = make('button', { type: 'button', class: 'main', name: 'go' }, say('papers-done'));
  button.addEventListener('click', async () => {
    button.disabled = true;
    await deeds.finish(task);
    done();
  });
  return [...rules.map((rule) => makeRow(make, explain, task, rule)), button];
}
