// Keys of the form of themes: C leads to it, 0 to 9 tick a theme, Q W E R say the kind, Enter keeps. By event.code, as
// keys.js does: the same places on every layout. No other key acts while the form has the focus.

const form = document.querySelector("[data-coding]");
const card = form?.closest("[data-card]");

function ticked(event) {
  const number = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  const letter = /^Key([QWER])$/.exec(event.code)?.[1];
  const box = number ? form.querySelector(`[data-digit="${number}"]`)
    : letter ? form.querySelector(`[data-letter="${letter}"]`) : null;
  box?.click();
  return box;
}

function first() {
  return form.querySelector('input[type="checkbox"]');
}

form?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (event.code === "Escape") {
    card?.querySelector("h1, [tabindex]")?.focus();
    event.preventDefault();
  } else if (ticked(event)?.focus({ preventScroll: true }) !== undefined || /^(?:Key|Digit|Numpad)\w$/.test(event.code)) {
    event.preventDefault();
  } else if (event.code === "Enter" || event.code === "NumpadEnter") {
    if (event.target.matches("input")) {
      event.preventDefault();
      form.requestSubmit();
    }
  }
  event.stopPropagation();
});

// Before the form has the focus: C or T leads to it, and a digit ticks at once where the page is only about themes.
card?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat || form.contains(event.target)) return;
  if (event.target.matches("input, textarea, select")) return;
  if (event.code === "KeyC" || event.code === "KeyT") {
    const fold = form.closest("details");
    if (fold) fold.open = true;
    first()?.focus();
  } else if (!form.closest("details") && ticked(event)) {
    document.activeElement.closest("[data-coding]") ?? first()?.focus({ preventScroll: true });
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
});
