/** The survey on this device: finds out what to show, and hears every press. */

import { counted } from "./kinds.js";
import { act, showDevice } from "./device.js";
import { nextTry, onNews, sendAll } from "./queue.js";
import { openStore, purge, setMark } from "./store.js";
import { autosave, openSurvey, show, submit } from "./survey.js";
import { draw } from "./frame.js";
import { lost, sentence } from "./waiting.js";
import { lang, loadWords, query, speak, t } from "./words.js";

const [, wave] = location.pathname.match(/^\/s\/([^/]+)\/offline$/) ?? [];
const posted = document.querySelector("meta[name=posted]");
const again = (said) => (wave ? show() : showDevice(said));
let timer;
let turn = Promise.resolve();

async function start() {
  await loadWords();
  if (posted) return draw(lost(JSON.parse(posted.content), location.pathname + location.search));
  try {
    await openStore();
    await purge();
  } catch {
    return draw(sentence(t("no_survey"), t("keeps_nothing_form"), `/s/${wave ?? ""}?lang=${lang()}`, t("to_form")));
  }
  await sameLook();
  listen();
  await (wave ? openSurvey(wave) : showDevice());
  return retry();
}

/** Take over the size and colours chosen on the settings page a moment ago. */
async function sameLook() {
  if (new URL(document.referrer || location).pathname !== "/settings") return;
  const page = await fetch(`/s/offline?lang=${lang()}`).then((answer) => answer.text()).catch(() => undefined);
  if (page === undefined) return;
  const { className } = new DOMParser().parseFromString(page, "text/html").documentElement;
  document.documentElement.className = className;
  await setMark("look", className);
}

function listen() {
  onNews(() => retry().then(refresh));
  addEventListener("popstate", () => again());
  addEventListener("online", () => sendAll({ force: true }).then(retry));
  document.addEventListener("submit", pressed);
  document.addEventListener("click", clicked);
  document.addEventListener("change", ({ target }) => target.form?.id === "walk" && autosave(target.form));
  document.addEventListener("input", ({ target }) => count(target));
}

/** Send again when the next try is due. */
async function retry() {
  clearTimeout(timer);
  const pause = await nextTry();
  if (pause !== undefined) timer = setTimeout(() => sendAll().then(retry), pause);
}

function refresh() {
  return (!wave || query().get("at") === "sent") && again();
}

/** One press at a time; the second click of a double click comes to a form that is gone by then. */
function pressed(event) {
  const { target, submitter } = event;
  if (target.id !== "walk") return;
  event.preventDefault();
  turn = turn.catch(() => undefined).then(() => target.isConnected && answer(target, submitter));
}

function answer(form, button) {
  if (wave) return submit(form, button);
  if (button?.name === "switch") return turnDevice(button.value);
  return button?.hasAttribute("formaction") && location.assign(button.formAction);
}

async function turnDevice(code) {
  speak(code);
  await setMark("lang", code);
  history.replaceState(null, "", `${location.pathname}?lang=${code}`);
  await showDevice();
}

async function clicked(event) {
  const button = event.target.closest("[data-action]");
  if (button) {
    const { action, id } = button.dataset;
    const said = await act(action, id);
    return action === "forget" && wave ? location.assign(`/s/offline?lang=${lang()}`) : again(said);
  }
  const link = event.target.closest("a");
  const step = link && link.pathname === location.pathname && new URL(link).searchParams.get("at");
  if (!step || link.search === location.search || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", link);
  return show();
}

function count(field) {
  const line = document.getElementById(`${field.id}-count`);
  if (line) line.textContent = counted(field.value, line.dataset.most);
}

start();
