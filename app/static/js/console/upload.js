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

function send(form) {
  const request = new XMLHttpRequest();
  const fields = new FormData(form);
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  request.open("POST", form.action);
  request.timeout = PATIENCE;
  request.upload.addEventListener("progress", (event) => show(form, event.lengthComputable ? event.loaded / event.total : null));
  request.upload.addEventListener("load", () => show(form, null));
  request.addEventListener("load", () => take(request));
  for (const trouble of ["error", "timeout"]) {
    request.addEventListener(trouble, () => form.submit()); // the browser says itself what is wrong with the connection
  }
  show(form, 0);
  request.send(fields);
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-upload]")) return;
  event.preventDefault();
  send(event.target);
});
