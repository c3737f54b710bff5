// Forms that are sent without leaving the page: how much of a file has arrived, and what came of it. Where the page has
// papers of a value, they alone are drawn anew: what is typed elsewhere stays. Without this module the browser sends.

const PATIENCE = 10 * 60 * 1000;
const SECTION = "#evidence";
const TOLD = ".said, .errors";

function show(form, part) {
  const line = form.querySelector("[data-progress]");
  if (!line) return;
  line.hidden = false;
  const bar = line.querySelector("progress");
  if (part === null) bar.removeAttribute("value");
  else bar.value = Math.round(part * 100);
}

function focusOn(place) {
  if (!place) return;
  place.tabIndex = -1;
  place.focus();
  place.scrollIntoView({ block: "nearest" });
}

function takeSection(page, here, fresh) {
  const chosen = new Map([...here.querySelectorAll('input[type="file"]')].map((each) => [each.id, each.files]));
  // A file that was refused for its title stays chosen: nobody has to look for it again.
  if (fresh.querySelector(".field.wrong")) {
    for (const each of fresh.querySelectorAll('input[type="file"]')) if (chosen.get(each.id)?.length) each.files = chosen.get(each.id);
  }
  for (const old of document.querySelectorAll(TOLD)) old.remove();
  const told = [...page.querySelectorAll(TOLD)].filter((each) => !each.closest(SECTION)).map((each) => document.adoptNode(each));
  here.before(...told);
  here.replaceWith(document.adoptNode(fresh));
  focusOn(told[0] ?? document.querySelector(SECTION));
}

function takePage(page, address) {
  if (address) history.replaceState(null, "", address);
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  focusOn(document.querySelector(TOLD) ?? document.querySelector("h1"));
}

// What came back takes its place; scripts in it do not run, and those of this page go on.
function take(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const here = document.querySelector(SECTION);
  const fresh = page.querySelector(SECTION);
  if (here && fresh) takeSection(page, here, fresh);
  else takePage(page, request.responseURL);
}

function send(form, button) {
  const request = new XMLHttpRequest();
  const fields = new FormData(form);
  const isOfPage = button?.matches("[data-upload]");
  if (isOfPage) {
    fields.append(button.name, button.value);
    fields.delete("draft"); // what is typed beside the paper stays on the page
  }
  const buttons = isOfPage ? [button] : form.querySelectorAll("button");
  const place = isOfPage ? button.closest("[data-paper]") : form;
  for (const each of buttons) each.disabled = true;
  request.open("POST", isOfPage ? button.formAction : form.action);
  request.timeout = PATIENCE;
  request.upload.addEventListener("progress", (event) => show(place, event.lengthComputable ? event.loaded / event.total : null));
  request.upload.addEventListener("load", () => show(place, null));
  request.addEventListener("load", () => take(request));
  for (const trouble of ["error", "timeout"]) {
    request.addEventListener(trouble, () => (isOfPage ? resend(form, button) : form.submit())); // the browser says itself what is wrong with the connection
  }
  show(place, 0);
  request.send(fields);
}

function resend(form, button) {
  button.disabled = false;
  button.removeAttribute("data-upload");
  form.requestSubmit(button);
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!event.target.matches("form[data-upload]") && !button?.matches("[data-upload]")) return;
  event.preventDefault();
  send(event.target, button);
});

// A paper that is begun has to be whole before anything is sent: its fields are needed from then on, and not before.
function need(place) {
  const fields = [...place.querySelectorAll('input:not([type="checkbox"])')];
  const isBegun = fields.some((each) => each.value.trim());
  for (const each of fields) if (each.dataset.needed !== undefined) each.required = isBegun;
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.("[data-paper]");
    if (place) need(place);
  });
}

// What is needed and folded away cannot be shown by the browser: it is unfolded first.
document.addEventListener("invalid", (event) => {
  const folded = event.target.closest("details");
  if (folded) folded.open = true;
}, true);
