// Keys of one suggestion that are no buttons: H and a digit hide it for a reason, R marks words. By event.code, as
// keys.js does: the same places on every layout. What was pressed once is done once, until the page changes.

const PATIENCE = 10_000; // of a connection that does not answer: after it keys act again

const card = document.querySelector("[data-card]");
const hiding = card?.querySelector("[data-hide]");
const marking = card?.querySelector("[data-redact]");
let open = null;
let isLeaving = false;

function isTyping(element) {
  return element.matches("textarea, select") || (element.matches("input") && element.type !== "checkbox");
}

function boxes() {
  return [...marking.querySelectorAll('input[type="checkbox"]')];
}

// Where the mouse marked a part of the text, the words in it are ticked.
function tickSelected() {
  const selection = getSelection();
  const text = card.querySelector("[data-text]");
  if (!selection.rangeCount || selection.isCollapsed || !text.contains(selection.anchorNode)) return;
  const range = selection.getRangeAt(0);
  const before = new Range();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const lead = text.textContent.length - text.textContent.trimStart().length;
  const start = before.toString().length - lead;
  const end = start + range.toString().length;
  for (const box of boxes()) {
    const [from, to] = (box.dataset.at || box.value).split("-").map(Number);
    if (from < end && to > start) box.checked = true;
  }
}

function begin(details) {
  for (const other of [hiding, marking]) if (other) other.open = other === details;
  open = details;
  if (details === marking) {
    tickSelected();
    // What may be a name is met first.
    (marking.querySelector("label:has([data-name]) input") ?? boxes()[0])?.focus();
  } else {
    details.querySelector("summary").focus();
  }
}

function end() {
  if (open) open.open = false;
  open = null;
  card.querySelector("h1").focus();
}

function step(by) {
  const all = boxes();
  const at = all.indexOf(document.activeElement);
  all[Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
}

function digit(event) {
  const number = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  const within = marking?.contains(event.target) ? marking : open;
  const button = number && within?.querySelector(`[data-digit="${number}"]`);
  button?.click();
  return Boolean(button);
}

function isActed(event) {
  if (digit(event)) return true;
  if (marking?.contains(event.target)) {
    if (event.code === "ArrowRight" || event.code === "ArrowLeft") step(event.code === "ArrowRight" ? 1 : -1);
    else if (event.code === "Escape") end();
    else return event.code !== "Tab" && event.code !== "Space"; // no other key decides while words are marked
    return true;
  }
  if (event.code === "KeyH" && hiding) begin(hiding);
  else if (event.code === "KeyR" && marking) begin(marking);
  else if (event.code === "Escape" && open) end();
  else return false;
  return true;
}

card?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || isTyping(event.target)) return;
  if (isLeaving && event.code !== "Tab") {
    event.preventDefault();
    event.stopPropagation();
  } else if (event.repeat) {
    event.stopPropagation();
  } else if (isActed(event)) {
    event.preventDefault();
    event.stopPropagation();
  }
});

card?.addEventListener("submit", (event) => {
  if (isLeaving) event.preventDefault();
  isLeaving = true;
  setTimeout(() => { isLeaving = false; }, PATIENCE);
});
addEventListener("pageshow", () => { isLeaving = false; });
