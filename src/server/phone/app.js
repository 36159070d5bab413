// The page: what is to be done is shown, then done or refused. Text is only ever set as text.

import * as deeds from './deeds.js';
import * as papers from './papers.js';
import * as store from './store.js';
import { has, language, say, setLanguage } from './words.js';

const PIN_MIN = 6;
const PIN_MAX = 16;

const main = document.getElementById('main');
let task = null;
let show = () => {};

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on'))
      element.addEventListener(key.slice(2), value);
    else if (value !== false)
      element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

function replace(...children) {
  main.replaceChildren(...children);
  const heading = main.querySelector('h1');
  if (heading) {
    heading.tabIndex = -1;
    heading.focus();
  }
}

function refreshFrame() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.getElementById('language').textContent = say('language');
  if (task) {
    document.getElementById('ca').textContent = task.ca[language];
    document.getElementById('hotline').textContent = say('hotline', task);
  }
}

document.getElementById('language').addEventListener('click', () => {
  setLanguage(language === 'zh' ? 'en' : 'zh');
  refreshFrame();
  show();
});

// Shows @func now, and again when the language changes
function turnTo(func) {
  show = func;
  refreshFrame();
  func();
}

function message(title, lead, mark = '') {
  turnTo(() => replace(make('h1', { class: mark }, say(title)), make('p', { class: 'dim' }, say(lead))));
}

function explain(failure) {
  const id = failure.id || 'other';
  const parts = [make('p', {}, say(has(id) ? id : 'other', failure.details))];
  if (id !== 'network')
    parts.push(make('p', { class: 'id' }, say('error-id', { id, request: failure.request || '' })));
  return parts;
}

// -- Forms --

function field(form, id, attributes = {}) {
  const input = make('input', { name: id, autocomplete: 'off', ...attributes });
  form.append(make('label', {}, say(attributes['data-label'] || id), input));
  return input;
}

function pinField(form, id, attributes = {}) {
  return field(form, id, { type: 'password', maxlength: PIN_MAX, ...attributes });
}

function codeField(form, box) {
  const input = make('input', { name: 'sms-code', inputmode: 'numeric', maxlength: 6, autocomplete: 'one-time-code' });
  const button = make('button', { type: 'button', name: 'send-code' }, say('send-code'));
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      await deeds.sendCode(task);
      box.replaceChildren(make('p', { class: 'sent' }, say('code-sent', task)));
    } catch (failure) {
      box.replaceChildren(...explain(failure));
    }
    button.disabled = false;
  });
  form.append(make('div', { class: 'row' }, make('label', {}, say('sms-code'), input), button));
  return input;
}

function isEasy(pin) {
  const steps = new Set();
  for (let i = 1; i < pin.length; i++)
    steps.add(pin.charCodeAt(i) - pin.charCodeAt(i - 1));
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0]);
}

// Returns: the input that is wrong and why, or null
function checkNew(inputs) {
  if (inputs.name.value.trim().length < 2)
    return [inputs.name, 'wrong-name'];
  if (inputs.pin.value.length < PIN_MIN)
    return [inputs.pin, 'wrong-pin-short'];
  if (isEasy(inputs.pin.value))
    return [inputs.pin, 'wrong-pin-easy'];
  if (inputs.pin.value !== inputs.again.value)
    return [inputs.again, 'wrong-pin-again'];
  if (!/^[0-9]{6}$/.test(inputs.code.value))
    return [inputs.code, 'wrong-code'];
  return null;
}

function checkPin(inputs) {
  if (inputs.pin.value.length < PIN_MIN)
    return [inputs.pin, 'wrong-pin-short'];
  if (inputs.code && !/^[0-9]{6}$/.test(inputs.code.value))
    return [inputs.code, 'wrong-code'];
  return null;
}

function wipe(form) {
  for (const input of form.querySelectorAll('input[type=password], input[name=sms-code]'))
    input.value = '';
}

function setBusy(form, isBusy) {
  for (const element of form.elements)
    element.disabled = isBusy;
  form.setAttribute('aria-busy', String(isBusy));
}

async function refuse(form, box) {
  setBusy(form, true);
  try {
    await deeds.refuse(task);
    message('done-refuse', 'done-refuse-lead');
  } catch (failure) {
    setBusy(form, false);
    box.replaceChildren(...explain(failure));
  }
}

// A form with its box for what went wrong; @work does the deed
function makeForm(check, work, inputsOf) {
  const box = make('div', { class: 'warn', role: 'alert' });
  const form = make('form', { novalidate: true });
  const inputs = inputsOf(form, box);
  form.append(box, make('button', { class: 'main', name: 'go' }, say(`do-${task.purpose}`)));
  const no = make('button', { type: 'button', name: 'refuse' }, say('refuse'));
  no.addEventListener('click', () => refuse(form, box));
  form.append(no);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const wrong = check(inputs);
    for (const input of Object.values(inputs))
      if (input)
        input.removeAttribute('aria-invalid');
    if (wrong) {
      wrong[0].setAttribute('aria-invalid', 'true');
      wrong[0].focus();
      box.replaceChildren(make('p', {}, say(wrong[1])));
      return;
    }
    box.replaceChildren();
    setBusy(form, true);
    try {
      await work(inputs);
      wipe(form);
    } catch (failure) {
      setBusy(form, false);
      wipe(form);
      if (failure.id === 'phone-locked')
        turnTo(() => showTask(true, failure));
      else
        box.replaceChildren(...explain(failure));
      if (!failure.id)
        console.error(failure.name);
    }
  });
  return { form, box };
}

// -- What is asked --

function fact(list, label, value) {
  if (value)
    list.append(make('div', {}, make('dt', {}, say(label)), make('dd', {}, value)));
}

function describe() {
  const list = make('dl', { class: 'card' });
  fact(list, 'purpose', say(`purpose-${task.purpose}`));
  fact(list, 'for', task.name);
  fact(list, 'application', task.application);
  fact(list, 'pc', task['installation-name'] || say('pc-unnamed'));
  fact(list, 'place', say(task['is-near'] ? 'near' : 'far', task));
  return [make('h1', {}, say(`title-${task.purpose}`)), make('p', { class: 'dim' }, say(`lead-${task.purpose}`)), list];
}

function guessName() {
  const platform = (navigator.userAgentData && navigator.userAgentData.platform) || navigator.platform || '';
  return language === 'zh' ? `我的手机 ${platform}`.trim() : `My phone ${platform}`.trim();
}

function newInputs(form, box) {
  const inputs = { name: field(form, 'phone-name', { maxlength: 30 }) };
  inputs.name.value = guessName();
  inputs.pin = pinField(form, 'pin-new', { autocomplete: 'new-password' });
  inputs.again = pinField(form, 'pin-again', { autocomplete: 'new-password' });
  inputs.code = codeField(form, box);
  return inputs;
}

function pinInputs(isLocked) {
  return (form, box) => {
    const inputs = {};
    if (task.purpose === 'login' && deeds.listCertificates(task.own).length > 1) {
      inputs.certificate = make('select', { name: 'certificate' });
      for (const certificate of deeds.listCertificates(task.own))
        inputs.certificate.append(make('option', { value: certificate.serial }, certificate.name));
      form.append(make('label', {}, say('certificate'), inputs.certificate));
    }
    inputs.pin = pinField(form, 'pin');
    if (isLocked)
      inputs.code = codeField(form, box);
    return inputs;
  };
}

function chosen(inputs) {
  const all = deeds.listCertificates(task.own);
  return inputs.certificate ? all.find((one) => one.serial === inputs.certificate.value) : all[0];
}

const works = {
  login: async (inputs, wrapping) => {
    await deeds.logIn(task, chosen(inputs), wrapping);
    message('done-login', 'done-lead', 'good');
  },
  pair: async () => message('done-pair', 'done-lead', 'good'),
  install: async (inputs, wrapping) => {
    await deeds.install(task, wrapping);
    message('done-install', 'done-lead', 'good');
  },
};

async function pairThenWork(inputs) {
  const wrapping = await deeds.pair(task, inputs.name.value.trim(), inputs.pin.value, inputs.code.value);
  await works[task.purpose](inputs, wrapping);
}

async function openThenWork(inputs) {
  const wrapping = await deeds.open(task, inputs.pin.value, inputs.code ? inputs.code.value : '');
  await works[task.purpose](inputs, wrapping);
}

function showTask(isLocked, failure = null) {
  const isNew = task.own === null;
  const made = isNew ? makeForm(checkNew, pairThenWork, newInputs)
    : makeForm(checkPin, openThenWork, pinInputs(isLocked));
  if (failure)
    made.box.replaceChildren(...explain(failure));
  replace(...describe(), made.form);
}

async function showPapers() {
  const parts = await papers.show(make, explain, task, () => message('done-papers', 'done-lead', 'good'));
  turnTo(() => replace(...describe(), ...parts));
}

async function begin() {
  if (task.purpose === 'login' && task.own === null)
    message('no-phone', 'no-phone-lead');
  else if (task.purpose === 'login' && deeds.listCertificates(task.own).length === 0)
    message('no-certificate', 'no-certificate-lead');
  else if (task.purpose === 'pair' && task.own !== null)
    message('already-paired', 'done-lead', 'good');
  else if (task.purpose === 'papers')
    await showPapers();
  else
    turnTo(() => showTask(false));
}

function showFailure(failure) {
  turnTo(() => replace(make('h1', {}, say('scan')), make('div', { class: 'warn', role: 'alert' }, ...explain(failure))));
}

function showNothing(phones) {
  const parts = [make('h1', {}, say('scan')), make('p', { class: 'dim' }, say('scan-lead'))];
  const list = make('dl', { class: 'card' });
  for (const phone of phones)
    for (const certificate of deeds.listCertificates(phone))
      list.append(make('div', {}, make('dt', {}, say('until', { end: certificate.end.slice(0, 10) })),
                       make('dd', {}, certificate.name)));
  if (list.childElementCount > 0)
    parts.push(make('p', {}, say('your-certificates')), list);
  replace(...parts);
}

async function start() {
  const code = location.hash.slice(1);
  if (!window.isSecureContext || !crypto.subtle || !window.indexedDB) {
    message('unsafe', 'unsafe-lead');
    return;
  }
  if (!code) {
    const phones = await store.list();
    turnTo(() => showNothing(phones));
    return;
  }
  // It serves once: nobody finds it in the history
  history.replaceState(null, '', location.pathname);
  turnTo(() => replace(make('p', { class: 'dim' }, say('wait'))));
  try {
    task = await deeds.take(code);
    await begin();
  } catch (failure) {
    showFailure(failure);
  }
}

window.addEventListener('hashchange', () => location.hash.length > 1 && start());
start();
