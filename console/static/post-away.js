/* While there is no line, what is typed is kept in this browser: encrypted, and never so that this browser alone
   could read it. What is typed on a page gets a key of its own, which is locked twice: under a key that the service
   gives back to the writer who has signed in, and, on a device that was prepared, under a passphrase. */
"use strict";

(() => {
  if (!window.indexedDB || !window.crypto?.subtle) return;
  const DAYS = 30 * 24 * 3600 * 1000;
  const ROUNDS = 600000;
  const RSA = { name: "RSA-OAEP", modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
  const NOT_KEPT = ["form_token", "here", "quietly"];
  const text = new TextEncoder();
  const subtle = crypto.subtle;

  const wait = (asked) => new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });

  const opening = new Promise((done, failed) => {
    const asked = indexedDB.open("parallax-away", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("typed", { keyPath: "id" });
      asked.result.createObjectStore("device", { keyPath: "id" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const store = async (name, mode = "readonly") => (await opening).transaction(name, mode).objectStore(name);
  const get = async (name, id) => wait((await store(name)).get(id));
  const all = async (name) => wait((await store(name)).getAll());
  const put = async (name, value) => wait((await store(name, "readwrite")).put(value));
  const remove = async (name, id) => wait((await store(name, "readwrite")).delete(id));

  async function sealed(key, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
  }
  const unsealed = (key, box) => subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.data);
  const aes = (raw) => subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

  async function fromPhrase(phrase, salt) {
    const typed = await subtle.importKey("raw", text.encode(phrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", salt, iterations: ROUNDS, hash: "SHA-256" };
    return subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  /* A pair of keys: whatever is locked with the open half needs the passphrase to be opened. */
  async function prepare(phrase) {
    const pair = await subtle.generateKey(RSA, true, ["encrypt", "decrypt"]);
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const locked = await sealed(await fromPhrase(phrase, salt), await subtle.exportKey("pkcs8", pair.privateKey));
    await put("device", { id: "pair", open: await subtle.exportKey("spki", pair.publicKey), salt, locked });
  }

  async function unlock(phrase) {
    const pair = await get("device", "pair");
    const raw = await unsealed(await fromPhrase(phrase, pair.salt), pair.locked);
    return subtle.importKey("pkcs8", raw, RSA, false, ["decrypt"]);
  }

  window.parallaxAway = { all, get, prepare, remove };

  /* On the list of drafts: the pages whose words are still in this browser alone. */
  const waiting = document.getElementById("waiting");
  if (waiting) all("typed").then((records) => {
    for (const { id } of records) {
      const link = Object.assign(document.createElement("a"), { href: id, textContent: id.split("/").slice(3).join(" ") });
      const item = document.createElement("li");
      item.append(link);
      waiting.querySelector("ul").append(item);
    }
    waiting.hidden = !records.length;
  }).catch(() => {});

  const form = document.getElementById("sheet");
  if (!form) return;
  const at = new URL(form.dataset.kept || location.pathname, location.href).pathname;
  const draft = at.split("/")[2];
  const lineAt = form.dataset.line || `/post/${draft}/line`;
  const locked = document.getElementById("locked");
  let line = null;
  let hers = null;
  let own = null;
  let last = Promise.resolve();

  async function fetchedLine() {
    if (line) return line;
    const answer = await fetch(lineAt, { redirect: "manual" });
    if (answer.status === 404) await forget(`/post/${draft}/`);
    if (!answer.ok) return null;
    const said = await answer.json();
    line = await aes(Uint8Array.from(atob(said.key), (each) => each.charCodeAt(0)));
    return line;
  }

  /* The key for what is typed on this page; it leaves this page only locked. */
  async function ownKey() {
    if (own) return own;
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const pair = await get("device", "pair");
    const open = pair && await subtle.importKey("spki", pair.open, RSA, false, ["encrypt"]);
    const byPhrase = open ? await subtle.encrypt(RSA, open, raw) : null;
    const byLine = line ? await sealed(line, raw) : null;
    if (!byPhrase && !byLine) return null;
    own = { key: await aes(raw), byPhrase, byLine };
    return own;
  }

  async function keep(said) {
    if (navigator.onLine) await fetchedLine().catch(() => null);
    const mine = await ownKey();
    if (!mine) return;
    const body = new URLSearchParams(said.body());
    for (const name of NOT_KEPT) body.delete(name);
    const box = await sealed(mine.key, text.encode(body.toString()));
    await put("typed", { id: at, box, byPhrase: mine.byPhrase, byLine: mine.byLine, at: Date.now() });
    form.dataset.stored = "yes";
  }

  /* What stands in a record, if one of its two locks opens. */
  async function read(record) {
    let raw = null;
    if (record.byLine && line) raw = await unsealed(line, record.byLine).catch(() => null);
    if (!raw && record.byPhrase && hers) raw = await subtle.decrypt(RSA, hers, record.byPhrase).catch(() => null);
    if (!raw) return null;
    const key = await aes(raw);
    if (record.id === at) own = { key, byPhrase: record.byPhrase, byLine: record.byLine };
    return new URLSearchParams(new TextDecoder().decode(await unsealed(key, record.box)));
  }

  function fill(said) {
    const names = new Set([...form.elements].map((each) => each.name).filter(Boolean));
    for (const each of [...form.elements]) {
      if (!each.name || each.type === "submit" || each.tagName === "FIELDSET" || NOT_KEPT.includes(each.name)) continue;
      const values = said.getAll(each.name);
      if (each.type === "checkbox") each.checked = values.includes(each.value);
      else each.value = values[[...form.elements].filter((one) => one.name === each.name).indexOf(each)] ?? "";
      if (each.value) each.closest("details")?.setAttribute("open", "");
    }
    for (const name of new Set(said.keys())) {
      if (names.has(name)) continue;
      for (const value of said.getAll(name)) {
        const hidden = Object.assign(document.createElement("input"), { type: "hidden", name, value });
        form.append(hidden);
      }
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function forget(under) {
    for (const record of await all("typed")) if (record.id.startsWith(under)) await remove("typed", record.id);
  }

  /* What waits on other pages of this draft is sent along, each against the version that it was typed on. */
  async function sendOthers() {
    for (const record of await all("typed")) {
      if (record.id === at || !record.id.startsWith(`/post/${draft}/`)) continue;
      const said = await read(record);
      if (!said) continue;
      said.append("form_token", form.elements.namedItem("form_token").value);
      said.append("quietly", "1");
      const answer = await fetch(record.id, { method: "POST", body: said, redirect: "manual" });
      if (answer.ok) await remove("typed", record.id);
    }
  }

  /* Until what was kept of this page is opened or thrown away, nothing new is typed over it. */
  async function begin() {
    for (const record of await all("typed")) if (Date.now() - record.at > DAYS) await remove("typed", record.id);
    const record = await get("typed", at);
    form.inert = Boolean(record);
    await fetchedLine().catch(() => null);
    if (record) await opened(record);
    if (line) await sendOthers();
  }

  async function opened(record) {
    const said = await read(record);
    form.inert = !said;
    locked.hidden = Boolean(said);
    document.getElementById("by-phrase").hidden = !record.byPhrase;
    if (!said) return false;
    fill(said);
    return true;
  }

  document.getElementById("by-phrase")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const phrase = document.getElementById("phrase");
    const wrong = document.getElementById("phrase-error");
    wrong.hidden = true;
    try {
      hers = await unlock(phrase.value);
      if (!await opened(await get("typed", at))) throw new Error();
      form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    } catch {
      wrong.hidden = false;
      phrase.focus();
    } finally {
      phrase.value = "";
    }
  });

  document.getElementById("drop-locked")?.addEventListener("click", async () => {
    await remove("typed", at);
    locked.hidden = true;
    form.inert = false;
  });

  /* One after another, and always the newest: what is kept here must not lag behind what leaves with the page. */
  let latest = null;
  form.addEventListener("typed", (event) => {
    latest = event.detail;
    last = last.then(() => {
      const said = latest;
      latest = null;
      return said && keep(said);
    }).catch(() => {});
  });
  form.addEventListener("kept", (event) => {
    if (!event.detail.all) return;
    delete form.dataset.stored;
    last = last.then(() => remove("typed", at)).catch(() => {});
    event.detail.waits.push(last);
  });
  form.addEventListener("gone", () => { last = last.then(() => forget(`/post/${draft}/`)).catch(() => {}); });
  window.addEventListener("online", () => { if (form.inert) begin().catch(() => {}); });
  begin().catch(() => { form.inert = false; });
})();
