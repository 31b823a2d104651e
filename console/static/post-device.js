/* Prepares this browser for a bad line, and makes it forget again. */
"use strict";

(() => {
  const page = document.getElementById("device");
  const away = window.parallaxAway;
  const worker = navigator.serviceWorker;
  const SCRIPT = "/post/worker.js";
  const SHORTEST = 12;
  if (!page) return;
  const said = document.getElementById("device-said");
  const phrase = document.getElementById("phrase");
  const say = (is) => { said.textContent = page.dataset[is]; said.dataset.is = is; };
  if (!away || !worker) { say("cannot"); return; }

  /* The one address that this page may make a script of. */
  const policy = window.trustedTypes?.createPolicy("parallax-worker", { createScriptURL: () => SCRIPT });
  const script = policy ? policy.createScriptURL("") : SCRIPT;

  document.getElementById("prepare").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (phrase.value.length < SHORTEST) { say("short"); phrase.focus(); return; }
    say("working");
    try {
      await away.prepare(phrase.value);
      const registered = await worker.register(script, { scope: "/post/" });
      await registered.update();
      await worker.ready;
      say("ready");
    } catch {
      say("cannot");
    } finally {
      phrase.value = "";
    }
  });

  document.getElementById("forget").addEventListener("click", async () => {
    for (const each of await worker.getRegistrations()) await each.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
    for (const record of await away.all("typed")) await away.remove("typed", record.id);
    await away.remove("device", "pair");
    say("forgotten");
  });

  away.get("device", "pair").then((pair) => { if (pair) say("ready"); });
})();
