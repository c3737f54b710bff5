// Keys of the page of one case that are no buttons: [ and ] open the papers in turn, and R leads to the reasons first
// when none is chosen. By event.code, as keys.js does: the same places on every layout.

const card = document.querySelector("[data-card]");
const papers = [...document.querySelectorAll("[data-paper]")];
let shown = -1;

function isTyping(element) {
  return element.matches("textarea, select") || (element.matches("input") && !["checkbox", "radio"].includes(element.type));
}

function open(by) {
  if (!papers.length) return;
  shown = (shown + by + papers.length) % papers.length;
  papers[shown].focus();
  papers[shown].click();
}

card?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat || isTyping(event.target)) return;
  if (event.code === "BracketRight") {
    event.preventDefault();
    open(1);
  } else if (event.code === "BracketLeft") {
    event.preventDefault();
    open(shown < 0 ? 0 : -1);
  } else if (event.code === "KeyR" && !card.querySelector('[name="reasons"]:checked')) {
    const first = card.querySelector('[name="reasons"]');
    if (first) {
      event.preventDefault();
      event.stopPropagation();
      first.focus();
    }
  }
});
