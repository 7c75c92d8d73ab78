// Passkeys (WebAuthn): asks this host for the options, the device for a credential, and sends that with the form it belongs to.
'use strict';
document.addEventListener('submit', async event => {
  const form = event.target.closest('form[data-passkey]');
  const credential = form?.querySelector('input[name$=".Credential"]');
  if (!form || credential.value) return;
  event.preventDefault();
  const failed = form.querySelector('[data-passkey-failed]');
  const refused = form.querySelector('[data-passkey-refused]');
  failed.hidden = true;
  if (refused) refused.hidden = true;
  try {
    const answer = await fetch(form.dataset.options, {
      method: 'POST', body: new FormData(form), headers: { RequestVerificationToken: form.querySelector('[name=__RequestVerificationToken]').value },
    });
    if (answer.status === 403 && refused) {
      refused.hidden = false;
      return;
    }
    const options = await answer.json();
    const asked = form.dataset.passkey === 'create'
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    credential.value = JSON.stringify(asked);
    form.requestSubmit();
  } catch {
    // The person said no, the device has none, or this is not a secure address: the other ways stay open.
    failed.hidden = false;
  }
});
