/* Comfort on every page: leaving quickly, and never showing a page again after its sitting has ended. */
"use strict";

(() => {
  const exit = document.getElementById("quick-exit");
  if (!exit) return;
  const away = exit.form.dataset.away;
  let presses = [];

  /* First nothing is to be seen any more; then the sitting ends, even if this page is gone by then. */
  function leave() {
    document.title = "";
    document.body.replaceChildren();
    fetch(exit.form.action, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
    try { sessionStorage.clear(); } catch { /* storage is switched off */ }
    location.replace(away);
  }

  exit.form.addEventListener("submit", (event) => { event.preventDefault(); leave(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) { presses = []; return; }
    presses = [...presses.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (presses.length >= 3) { event.preventDefault(); leave(); }
  }, true);

  /* A page that the browser kept and shows once more has to ask again who is sitting there. */
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  /* Choosing a language is enough; without a script there is a button. */
  const language = document.getElementById("language");
  if (language) {
    language.form.querySelector("button").hidden = true;
    language.addEventListener("change", () => language.form.requestSubmit());
  }
})();
