// Keys of lists and cards. They act on the place of a key (event.code), so that J is J on a Kazakh or Russian layout
// too; only while the list or a card has the focus, never in a field, never with another key held. The server leaves
// this module out of pages of people who switched keys off.

const OWN = "[data-list], [data-card]";
const NEXT = "console-next";
const WITHOUT_FOCUS = ["KeyJ", "Slash"]; // they only lead somewhere: of a page that was just opened they act too
let before = "";
let helped = null;

function rows(list) {
  return [...list.querySelectorAll("[data-row]")];
}

function target(row) {
  return row.querySelector("[data-open]") ?? row.querySelector("a, input, button");
}

function step(list, by) {
  const all = rows(list);
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
  if (next) {
    target(next)?.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

function press(place, code) {
  const row = document.activeElement.closest("[data-row]");
  const button = (row ?? place).querySelector(`[data-key~="${CSS.escape(code)}"]`)
    ?? document.querySelector(`[data-key~="${CSS.escape(code)}"][data-anywhere]`);
  if (!button || button.disabled) return false;
  const following = row?.nextElementSibling?.id;
  if (following) sessionStorage.setItem(NEXT, following);
  button.click();
  return true;
}

function open(list) {
  const link = document.activeElement.closest("[data-row]")?.querySelector("[data-open]");
  if (!link || link === document.activeElement) return false;
  link.click();
  return Boolean(list);
}

const KEYS = {
  KeyJ: (list) => step(list, 1),
  KeyK: (list) => step(list, -1),
  KeyX: () => document.activeElement.closest("[data-row]")?.querySelector('input[type="checkbox"]')?.click(),
  Slash: () => document.querySelector("[data-search]")?.focus(),
};

function help() {
  const keys = document.getElementById("keys");
  if (keys) {
    helped = document.activeElement;
    keys.open = true;
    keys.querySelector("summary").focus();
  }
}

function endHelp(event) {
  const keys = document.getElementById("keys");
  if (!helped || !keys?.contains(event.target)) return;
  keys.open = false;
  helped.focus();
  helped = null;
}

// Where keys act: the list or the card that has the focus; before anything has it, the list of the page.
function placeOf(event) {
  const nothing = event.target === document.body && WITHOUT_FOCUS.includes(event.code);
  return nothing ? document.querySelector("[data-list]") : event.target.closest?.(OWN);
}

function isTyping(element) {
  return element.matches("textarea, select, [contenteditable]")
    || (element.matches("input") && !["checkbox", "radio", "button", "submit"].includes(element.type));
}

document.addEventListener("keydown", (event) => {
  if (event.code === "Escape") endHelp(event);
  const place = placeOf(event);
  if (!place || event.defaultPrevented || event.repeat && event.code !== "KeyJ" && event.code !== "KeyK") return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event.target)) return;
  const first = before;
  before = "";
  if (event.shiftKey) {
    if (event.code === "Slash") { event.preventDefault(); help(); }
    return;
  }
  if (first === "KeyG" && event.code === "KeyH") {
    event.preventDefault();
    location.assign("/console/");
  } else if (press(place, event.code)) {
    event.preventDefault();
  } else if (KEYS[event.code]) {
    event.preventDefault();
    KEYS[event.code](place);
  } else if (event.code === "Enter") {
    if (open(place)) event.preventDefault();
  } else {
    before = event.code;
  }
});

// After an action the page comes anew: the focus goes on to the next row, and what happened is said aloud.
const following = sessionStorage.getItem(NEXT);
sessionStorage.removeItem(NEXT);
const row = following && document.getElementById(following);
if (row) target(row)?.focus();
const said = document.querySelector("[data-said]");
if (said) {
  const words = said.textContent;
  said.textContent = "";
  setTimeout(() => { said.textContent = words; }, 100);
}
