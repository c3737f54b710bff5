// Keeps what is typed into a form with a draft, every ten seconds while it changes, and asks before it is left unsent.

const EVERY = 10_000;

function fieldsOf(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
  return fields;
}

for (const mark of document.querySelectorAll("input[data-draft]")) {
  const form = mark.form;
  let kept = fieldsOf(form).toString();
  let isLeaving = false;
  const changed = () => fieldsOf(form).toString() !== kept;

  async function keep() {
    const fields = fieldsOf(form);
    if (fields.toString() === kept) return;
    const answer = await fetch(mark.dataset.draft, { method: "POST", body: fields, redirect: "manual" });
    if (answer.status === 204) kept = fields.toString();
  }

  setInterval(() => keep().catch(() => {}), EVERY);
  form.addEventListener("submit", () => { isLeaving = true; });
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && changed()) event.preventDefault();
  });
}
