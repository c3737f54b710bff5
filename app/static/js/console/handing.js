// Copies and prints what a page shows this once; without script its buttons are not there, and nothing else is missing.

for (const row of document.querySelectorAll(".by-script")) {
  const said = row.querySelector("[role=status]");
  const copy = row.querySelector("[data-copy]");
  copy.hidden = !navigator.clipboard; // there only where the connection is safe
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent);
      said.textContent = copy.dataset.done;
    } catch {
      said.textContent = copy.dataset.failed;
    }
  });
  row.querySelector("[data-print]").addEventListener("click", () => print());
  row.hidden = false;
}
