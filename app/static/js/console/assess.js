// Keys of the page of one case that are no buttons: [ and ] open the papers in turn, and R leads to the reasons first
// when none is chosen. By event.code, as keys.js does: the same places on every layout. What was pressed once is done
// once: until the page changes keys and buttons do nothing more.

const PATIENCE = 10_000; // of a connection that does not answer: after it keys act again

const card = document.querySelector("[data-card]");
const papers = [...document.querySelectorAll("[data-paper]")];
let shown = -1;
let isLeaving = false;

function isTyping(element) {
  return element.matches("textarea, select") || (element.matches("input") && !["checkbox", "radio"].includes(element.type));
}

function open(by) {
  if (!papers.length) return;
  shown = (shown + by + papers.length) % papers.length;
  papers[shown].focus();
  papers[shown].click();
}

function leave() {
  isLeaving = true;
  setTimeout(() => { isLeaving = false; }, PATIENCE);
}

function leadToReasons() {
  const first = card.querySelector('[name="reasons"]');
  if (!first) return false;
  first.focus();
  const words = card.querySelector("[data-reasons-first]");
  if (words) words.textContent = words.dataset.reasonsFirst;
  return true;
}

card?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || isTyping(event.target)) return;
  if (isLeaving && event.code !== "Tab") {
    event.preventDefault();
    event.stopPropagation();
  } else if (event.repeat) {
    event.stopPropagation();
  } else if (event.code === "Enter" && event.target.matches("input")) {
    event.preventDefault(); // it would press the first button of the form
  } else if (event.code === "BracketRight") {
    event.preventDefault();
    open(1);
  } else if (event.code === "BracketLeft") {
    event.preventDefault();
    open(shown < 0 ? 0 : -1);
  } else if (event.code === "KeyR" && !card.querySelector('[name="reasons"]:checked') && leadToReasons()) {
    event.preventDefault();
    event.stopPropagation();
  }
});

card?.addEventListener("submit", (event) => {
  if (isLeaving) event.preventDefault();
  else leave();
});
card?.addEventListener("click", (event) => {
  if (event.target.closest("a[data-key]")) leave();
});
addEventListener("pageshow", () => { isLeaving = false; });
