/* Making and showing a passkey: the challenge comes from our own service, and the browser's answer goes back to it. */
"use strict";

(() => {
  const place = document.querySelector("[data-passkey]");
  if (!place || !window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) return;
  const button = place.querySelector("button");
  const making = place.dataset.passkey === "make";
  place.hidden = false;

  async function send(path, said) {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Form-Token": place.dataset.token },
      body: JSON.stringify(said),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.words || "");
    return told;
  }

  async function begin() {
    const asked = await send(making ? "/passkeys/ask-new" : "/passkeys/ask", {});
    const credential = making
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
    const said = { credential: credential.toJSON(), then: place.dataset.then || "/" };
    location.assign((await send(making ? "/passkeys/answer-new" : "/passkeys/answer", said)).then);
  }

  button.addEventListener("click", async () => {
    const said = place.querySelector("[data-said]");
    const failed = place.querySelector("[data-failed]");
    said.hidden = failed.hidden = true;
    button.disabled = true;
    try {
      await begin();
    } catch (wrong) {
      const words = wrong instanceof DOMException ? "" : wrong.message;
      said.textContent = words;
      said.hidden = !words;
      failed.hidden = Boolean(words);
      button.disabled = false;
      button.focus();
    }
  });
})();
