// Passkeys (WebAuthn): asks this host for the options, the device for a credential, and sends that with the form it belongs to.
'use strict';
document.addEventListener('submit', async event => {
  const form = event.target.closest('form[data-passkey]');
  const credential = form?.querySelector('input[name$=".Credential"]');
  if (!form || credential.value) return;
  event.preventDefault();
  const failed = form.querySelector('[data-passkey-failed]');
  failed.hidden = true;
  try {
    const options = await (await fetch(form.dataset.options, {
      method: 'POST', headers: { RequestVerificationToken: form.querySelector('[name=__RequestVerificationToken]').value },
    })).json();
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
