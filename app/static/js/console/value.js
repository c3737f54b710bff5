// Says beside a value what is wrong with it, and what the linter finds, while it is typed. Without it both come at save.

const form = document.querySelector("[data-value]");
const PAUSE = 400;
let waiting = 0;
let asked = 0;

function show(faults, remarks) {
  for (const place of form.querySelectorAll("[data-fault]")) {
    const words = faults[place.dataset.fault] ?? "";
    place.textContent = words;
    place.hidden = !words;
  }
  form.querySelector("[data-remarks]").replaceChildren(...remarks.map((words) => {
    const line = document.createElement("p");
    line.className = "done warned";
    line.textContent = words;
    return line;
  }));
}

async function check() {
  const fields = new URLSearchParams();
  for (const [name, text] of new FormData(form)) {
    if (typeof text === "string" && name !== "csrf_token" && name !== "version") fields.append(name, text);
  }
  const mine = ++asked;
  const answer = await fetch(`${form.getAttribute("action")}/check?${fields}`).catch(() => null);
  if (mine !== asked || !answer?.ok) return;
  const { faults, remarks } = await answer.json();
  show(faults, remarks);
}

// A number that is typed is the answer: nobody has to press "there is a number" before.
function choose(event) {
  const number = form.querySelector('input[name="answer"][value="number"]');
  if (number && ["value", "numerator", "denominator"].includes(event.target.name) && event.target.value) number.checked = true;
}

form?.addEventListener("input", (event) => {
  choose(event);
  clearTimeout(waiting);
  waiting = setTimeout(check, PAUSE);
});
