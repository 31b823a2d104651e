/* Keeps what is typed while it is typed, says plainly whether it is kept, and never lets it go unnoticed.
   Without this script the buttons do the same at each step. */
"use strict";

(() => {
  const form = document.getElementById("sheet");
  if (!form) return;
  /* A page that came out of this browser, for want of a line, learns from its address where it belongs. */
  form.dataset.kept ||= location.pathname;
  form.dataset.line ||= `${location.pathname.split("/").slice(0, 3).join("/")}/line`;

  const PAUSE = 1200;
  const LONGEST_WAIT = 30000;
  const state = document.getElementById("kept");
  const field = (name) => form.elements.namedItem(name);
  field("page").value ||= crypto.randomUUID?.() ?? "";
  let typed = 0;
  let kept = 0;
  let timer = 0;
  let wait = 0;
  let running = null;
  let through = false;

  const isDirty = () => typed !== kept && document.contains(form);

  function say(is, more = "") {
    state.dataset.is = is;
    /* Aloud only if something is wrong: that all is well is there to be looked up. */
    state.ariaLive = is === "saving" || is === "saved" ? "off" : "assertive";
    state.textContent = `${form.dataset[is]} ${more}`.trim();
  }

  function body() {
    const said = new URLSearchParams(new FormData(form));
    said.append("quietly", "1");
    return said;
  }

  /* What others have to do about it before the page may go. */
  function tell(name, detail) {
    const waits = [];
    form.dispatchEvent(new CustomEvent(name, { detail: { ...detail, waits } }));
    return Promise.all(waits);
  }

  function soon(after) {
    clearTimeout(timer);
    timer = setTimeout(keep, after);
  }

  function again(is) {
    say(is === "unsaved" && form.dataset.stored ? "held" : is);
    wait = Math.min(LONGEST_WAIT, wait ? wait * 2 : 2000);
    soon(wait);
    return false;
  }

  /* Signed in again in another tab: the forms of this page get the token of the new sitting. */
  async function renewed() {
    const answer = await fetch(form.dataset.line, { redirect: "manual" });
    if (!answer.ok) return false;
    const said = await answer.json();
    for (const token of document.getElementsByName("form_token")) token.value = said.form_token;
    return true;
  }

  async function sent(retry) {
    const mark = typed;
    say("saving");
    const answer = await fetch(form.dataset.kept, { method: "POST", body: body(), redirect: "manual" });
    if (answer.status === 403) return retry && await renewed() ? sent(false) : again("out");
    if (answer.status === 410 || answer.status === 404) { kept = typed; tell("gone"); say("sent"); return false; }
    if (answer.status === 409 || answer.status === 413) { say("refused"); return false; }
    if (!answer.ok) return again("unsaved");
    const said = await answer.json();
    wait = 0;
    kept = mark;
    if (said.clash) say("clash");
    else {
      field("version").value = said.version;
      say("saved", said.at);
    }
    await tell("kept", { all: kept === typed });
    if ("blank" in form.dataset && kept === typed) { location.reload(); return false; }
    if (kept !== typed) soon(PAUSE);
    return true;
  }

  /* One request at a time, so that versions come in order. */
  function keep() {
    clearTimeout(timer);
    running ??= sent(true).catch(() => again("unsaved")).finally(() => { running = null; });
    return running;
  }

  form.addEventListener("input", () => {
    typed += 1;
    if (!running) soon(wait || PAUSE);
    tell("typed", { body });
  });

  /* A button first keeps what is there: if the line is cut, the page stays and nothing is lost with it. */
  form.addEventListener("submit", async (event) => {
    if (through) return;
    event.preventDefault();
    const button = event.submitter;
    if (running) await running;
    typed += 1;
    if (await keep()) {
      through = true;
      kept = typed;
      form.requestSubmit(button);
    }
  });

  window.addEventListener("online", () => { if (isDirty()) soon(0); });
  window.addEventListener("beforeunload", (event) => { if (isDirty() && !form.dataset.stored) event.preventDefault(); });
  window.addEventListener("pagehide", () => {
    if (isDirty()) fetch(form.dataset.kept, { method: "POST", body: body(), keepalive: true, redirect: "manual" }).catch(() => {});
  });
})();
