/** One wave filled in on this device: which step shows, what its buttons do, and Send. */

import { bodyOf } from "./answers.js";
import { draw } from "./frame.js";
import { dayMark, freshDraft, takenDraft, update } from "./draft.js";
import { fetchFile, keptFile } from "./files.js";
import { readers, written } from "./forms.js";
import { enqueue, sendAll } from "./queue.js";
import { areaOrder, areasOf, otherAreas, stepsOf, walk } from "./routing.js";
import { screens, stepAddress } from "./screens.js";
import { alone, change, list, read, setMark } from "./store.js";
import { outcome, sentence } from "./waiting.js";
import { lang, query, speak, t } from "./words.js";

let file;
let draft;
let order;
let view = {};
let last;

/** Open a wave: go on with its draft, take over the one begun on the server's pages, or begin. */
export async function openSurvey(wave) {
  draft = await read("drafts", wave);
  try {
    file = (draft && (await keptFile(wave, draft.version))) ?? (await keptFile(wave)) ?? (await fetchFile(wave));
  } catch (error) {
    return draw(sentence(t("no_survey"), error.status ? t("closed") : t("not_kept"), `/s/?lang=${lang()}`, t("to_list")));
  }
  if (!draft && query().has("take")) await take();
  if (!draft && file.invited && !query().has("id")) {
    return draw(sentence(t("no_survey"), t("invited"), `/s/${wave}?lang=${lang()}`, t("to_form")));
  }
  await goOnWith(draft ?? freshDraft(file));
  await takePosted();
  return show();
}

async function take() {
  draft = await takenDraft(file).catch(() => undefined);
  if (draft) await change(["drafts", draft.wave, draft]);
}

async function goOnWith(next) {
  if (next.id !== view.draft?.id) order = await areaOrder(file.questionnaire, next.id);
  draft = next;
}

/** What was ticked on the server's page when its reader chose to go on here. */
async function takePosted() {
  const posted = JSON.parse(sessionStorage.getItem("posted") ?? "null");
  sessionStorage.removeItem("posted");
  if (posted?.wave !== file.wave) return;
  const data = new FormData();
  posted.fields.forEach(([name, value]) => data.append(name, value));
  view = look(posted.at ?? "city");
  const { edit, faults = {} } = reader()?.(view, data) ?? {};
  if (edit && !Object.keys(faults).length) await goOnWith(await update(draft, edit));
}

function stepOf(wished) {
  if (!draft.city || wished === "city") return "city";
  if (!draft.agreed) return "consent";
  const steps = stepsOf(file.questionnaire, order, draft);
  const step = wished ?? draft.at ?? steps[1];
  return steps.includes(step) ? step : "check";
}

function look(wished) {
  const q = file.questionnaire;
  const step = stepOf(wished);
  const { pages, answers } = walk(q, order, draft);
  // What the server found wrong comes before the list to check, until that page is answered anew.
  const has = (each) => each?.questions.some(({ code }) => code === draft.wrong);
  const page = pages.find((each) => (step === "check" ? has(each) : each.code === step));
  const at = page?.code ?? step;
  const offered = new Set([...draft.extra, ...otherAreas(q, order, draft)]);
  return {
    file,
    draft,
    at,
    steps: draft.city ? stepsOf(q, order, draft) : [],
    pages,
    answers,
    page,
    place: file.cities[draft.city],
    offeredAreas: areasOf(q).filter((area) => offered.has(area)),
    typed: written(at, draft),
    faults: has(page) ? { [draft.wrong]: t("unknown_option") } : {},
  };
}

const reader = () => (view.page ? readers.questions : readers[view.at]);

/** Show the step of the address. */
export async function show(changes = {}) {
  if (query().get("at") === "sent") return showOutcome();
  if (last && !(await read("drafts", file.wave))) return leave(last);
  view = { ...look(query().get("at") ?? undefined), ...changes };
  history.replaceState(null, "", address(view.at) + location.hash);
  const screen = view.page ? screens.questions : screens[view.at];
  draw(screen(view), { back: back(), note: draft.tabOnly in NOTES && t(NOTES[draft.tabOnly]), faults: view.faults });
}

const NOTES = { shared: "tab_only", full: "keeps_nothing" };

function address(step) {
  const more = query().get("back") && view.page ? "&back=check" : "";
  return stepAddress(file.wave, step, more);
}

function back() {
  if (view.at === "city") return `/s/offline?lang=${lang()}`;
  const before = view.steps[view.steps.indexOf(view.at) - 1] ?? "city";
  return stepAddress(file.wave, before);
}

/** Go to a step of this wave. */
function go(step) {
  history.pushState(null, "", stepAddress(file.wave, step));
  return show();
}

/** Do what the pressed button says with the form of the step. */
export async function submit(form, button) {
  const { typed = view.typed, faults = {}, edit } = reader()?.(view, new FormData(form)) ?? {};
  const wrong = Object.keys(faults).length;
  if (edit && (!wrong || view.at === "consent") && !(await save(edit))) return leave(draft.id);
  if (button?.name === "switch") return turnTo(button.value, form);
  if (button?.hasAttribute("formaction")) return settings(button);
  if (view.at === "check") return send(new FormData(form).get("website"));
  return wrong ? show({ typed, faults }) : go(following());
}

/** Keep what is ticked as soon as it is ticked. */
export async function autosave(form) {
  if (!view.page && view.at !== "suggestions") return;
  const { faults, edit } = reader()(view, new FormData(form));
  if (!Object.keys(faults).length) await save(edit);
}

async function save(edit) {
  const next = await update(draft, edit);
  if (next) await goOnWith(next);
  return next;
}

function following() {
  const steps = stepsOf(file.questionnaire, order, draft);
  if (query().get("back") === "check") return "check";
  return steps[steps.indexOf(view.at) + 1] ?? "check";
}

/** From reading the form to drawing it again nothing waits, so that no tick falls between. */
function turnTo(code, form) {
  setMark("lang", code).catch(() => undefined);
  const { typed = view.typed } = reader()?.(view, new FormData(form)) ?? {};
  speak(code);
  const params = query();
  params.set("lang", code);
  history.replaceState(null, "", `?${params}`);
  return file ? show({ typed }) : location.reload();
}

function settings(button) {
  const target = new URL(button.formAction);
  target.searchParams.set("back", location.pathname + location.search);
  // What lives in this tab alone must not leave with it.
  if (draft?.tabOnly) open(target, "_blank", "noopener");
  else location.assign(target);
}

async function send(honey) {
  const sent = await alone(`draft ${draft.wave}`, async () => {
    const now = await read("drafts", draft.wave);
    if (now?.id !== draft.id) return;
    const { answers, pages } = walk(file.questionnaire, order, now);
    const place = file.cities[now.city];
    const body = bodyOf(file, now, answers, { lang: lang(), honey });
    const { id, wave, title, tabOnly } = now;
    // Nothing is left on a device that is not the reader's own.
    const device = tabOnly ? "" : dayMark();
    await enqueue({ id, wave, title, city: place.city, body, device, tries: 0, next: 0, tabOnly, draft: now });
    return { file, place, pages, answers };
  });
  view = sent ?? view;
  leave(draft.id);
  if (sent) await sendAll({ force: true, only: last });
  return showOutcome();
}

function leave(id) {
  last = id;
  history.replaceState(null, "", stepAddress(file.wave, "sent", `&id=${id}`));
  return showOutcome();
}

async function showOutcome() {
  const id = query().get("id");
  // An answer goes from the queue to the receipts: read in that order, it cannot slip through between the two looks.
  const queue = await list("queue");
  const record = [...(await list("sent")), ...queue].find((each) => each.id === id);
  if (!record) return location.replace(`/s/offline?lang=${lang()}`);
  return draw(outcome({ record, view: id === last && view.pages && view }));
}
