// Files that are sent: how much of one has arrived. Without this module the form is sent by the browser itself.

const PATIENCE = 10 * 60 * 1000;

function show(form, part) {
  const line = form.querySelector("[data-progress]");
  line.hidden = false;
  const bar = line.querySelector("progress");
  if (part === null) bar.removeAttribute("value");
  else bar.value = Math.round(part * 100);
}

// What came back takes the place of this page; scripts in it do not run, and those of this page go on.
function take(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  if (request.responseURL) history.replaceState(null, "", request.responseURL);
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  document.querySelector("[role=alert], [role=status]")?.focus();
  scrollTo(0, 0);
}

function send(form) {
  const request = new XMLHttpRequest();
  const button = form.querySelector("button.primary");
  button.disabled = true;
  request.open("POST", form.action);
  request.timeout = PATIENCE;
  request.upload.addEventListener("progress", (event) => show(form, event.lengthComputable ? event.loaded / event.total : null));
  request.upload.addEventListener("load", () => show(form, null));
  request.addEventListener("load", () => take(request));
  for (const trouble of ["error", "timeout", "abort"]) {
    request.addEventListener(trouble, () => {
      button.disabled = false;
      form.querySelector("[data-progress]").hidden = true;
      form.submit(); // the browser says itself what is wrong with the connection
    });
  }
  show(form, 0);
  request.send(new FormData(form));
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-upload]")) return;
  event.preventDefault();
  send(event.target);
});
