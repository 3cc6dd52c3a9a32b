// Ties a button to allauth's scripts for passkeys, which ask the browser and send its answer in a form.
// The page says which of them: <button data-passkey="loginForm">.
(function () {
  "use strict";
  const button = document.querySelector("[data-passkey]");
  if (!button || !window.allauth || !window.allauth.webauthn) return;

  const form = document.getElementById("passkey-form");
  const credential = form.querySelector("input[name=credential]");
  const passwordless = form.querySelector("input[name=passwordless]");
  const failed = form.querySelector("[data-passkey-failed]");

  // Also what happens when somebody closes the browser's question.
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    failed.hidden = false;
  });
  button.addEventListener("click", function () {
    failed.hidden = true;
  });
  window.allauth.webauthn.forms[button.dataset.passkey]({
    ids: {
      login: button.id,
      authenticate: button.id,
      add: button.id,
      credential: credential.id,
      passwordless: passwordless ? passwordless.id : undefined,
      data: "passkey-data",
    },
  });
})();
