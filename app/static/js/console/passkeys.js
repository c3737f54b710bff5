/** Passkeys: asks the server for options, the browser for an answer, and brings the answer back. */

const decode = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const ids = (list) => (list ?? []).map((each) => ({ ...each, id: decode(each.id) }));

function creation(options) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const user = { ...options.user, id: decode(options.user.id) };
  return { ...options, challenge: decode(options.challenge), user, excludeCredentials: ids(options.excludeCredentials) };
}

function request(options) {
  if (PublicKeyCredential.parseRequestOptionsFromJSON) return PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return { ...options, challenge: decode(options.challenge), allowCredentials: ids(options.allowCredentials) };
}

/** Write an answer as JSON; older browsers have no toJSON. */
function written(credential) {
  if (credential.toJSON) return JSON.stringify(credential.toJSON());
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = names.filter((name) => credential.response[name]);
  const response = Object.fromEntries(given.map((name) => [name, encode(credential.response[name])]));
  return JSON.stringify({ id: credential.id, rawId: encode(credential.rawId), type: credential.type, response });
}

async function post(address, fields) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields) });
  const data = await answer.json();
  if (!answer.ok || data.fault) throw new Error(data.fault ?? "");
  return data;
}

async function use(box) {
  const { passkey, options, answer, token, next } = box.dataset;
  const name = box.querySelector("input")?.value ?? "";
  const common = { csrf_token: token, next: next ?? "", name };
  const asked = await post(options, common);
  const credential =
    passkey === "create"
      ? await navigator.credentials.create({ publicKey: creation(asked) })
      : await navigator.credentials.get({ publicKey: request(asked) });
  const done = await post(answer, { ...common, answer: written(credential) });
  location.assign(done.next);
}

for (const box of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  box.hidden = false;
  const button = box.querySelector("button");
  const fault = box.querySelector("[role=alert]");
  button.addEventListener("click", async () => {
    button.disabled = true;
    fault.hidden = true;
    try {
      await use(box);
    } catch (error) {
      if (!(error instanceof DOMException) && error.message) fault.textContent = error.message;
      fault.hidden = false;
      button.disabled = false;
    }
  });
}
