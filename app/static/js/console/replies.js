// Puts a template where the cursor was in each text, over nothing that was typed; without script it comes below the text.

const button = document.querySelector("[data-insert]");
const form = button?.form;
const seen = new Map(); // where the cursor was in each text; in one that nobody was in, at its end

for (const area of form?.querySelectorAll("textarea") ?? []) {
  area.addEventListener("selectionchange", () => seen.set(area.name, area.selectionEnd));
  area.addEventListener("blur", () => seen.set(area.name, area.selectionEnd));
}

function put(area, text) {
  const at = seen.get(area.name) ?? area.value.length;
  const before = area.value.slice(0, at);
  const after = area.value.slice(at);
  const gap = before && !/\s$/.test(before) ? "\n\n" : "";
  area.setRangeText(gap + text + (after && !/^\s/.test(after) ? "\n\n" : ""), at, at, "end");
  seen.set(area.name, area.selectionEnd);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

button?.addEventListener("click", (event) => {
  const chosen = form.querySelector("#template").selectedOptions[0];
  if (!chosen) return;
  event.preventDefault();
  for (const language of ["kk", "ru", "en"]) {
    const text = chosen.dataset[language];
    if (text) put(form.querySelector(`textarea[name="${language}"]`), text);
  }
  const kinds = [...form.querySelectorAll('input[type="radio"][name="kind"]')];
  if (!kinds.some((kind) => kind.checked)) kinds.filter((kind) => kind.value === chosen.dataset.kind).forEach((kind) => { kind.checked = true; });
  form.querySelector('textarea[name="kk"]').focus();
});

// Of the templates those of the chosen kind are offered, and the first of them stands chosen.
function offer(kind) {
  const templates = form.querySelector("#template");
  if (!kind || templates.selectedOptions[0]?.dataset.kind === kind) return;
  const first = templates.querySelector(`option[data-kind="${kind}"]`);
  if (first) templates.value = first.value;
}

form?.addEventListener("change", (event) => {
  if (event.target.name === "kind") offer(event.target.value);
});
if (form) offer(form.querySelector("[name=kind]:checked")?.value);
