/** The screens of what lies on this device: answers not sent yet, unfinished ones, receipts, surveys kept. */

import { h } from "./dom.js";
import { about, primary, sections } from "./screens.js";
import { lang, pick, t } from "./words.js";

function button(action, id, words, subject) {
  return h("button", { class: "primary plain", "data-action": action, "data-id": id }, words, about(subject));
}

function link(address, words, subject) {
  return h("p", {}, h("a", { class: "button", href: address }, words, about(subject)));
}

function sendNow() {
  return h("p", {}, h("button", { class: "primary", "data-action": "send" }, t("send_now")));
}

function receiptOf({ receipt, number = receipt, code, follow = [] }) {
  const codes = [[t("your_receipt"), number, t("keep_receipt")], [t("your_code"), code, t("keep_code")], ...follow];
  return codes.map(([words, each, keep]) => each && [h("p", {}, words, h("br", {}), h("strong", {}, each)), keep && h("p", {}, keep)]);
}

function name({ title, city }) {
  return city ? `${pick(title)}, ${pick(city)}` : pick(title);
}

function card(heading, ...children) {
  return h("section", { class: "card" }, h("h3", {}, heading), ...children);
}

function removal(id, asking, subject) {
  if (asking !== id) return button("ask", id, t("delete"), subject);
  return [h("p", { role: "status" }, t("delete_sure")), button("delete", id, t("delete_yes"), subject), button("ask", "", t("keep"))];
}

function queued(record, asking) {
  const state = record.refused
    ? [h("p", { class: "error" }, t("refused")), h("p", {}, record.message)]
    : h("p", {}, record.tries ? t("tried", { tries: record.tries }) : t("will_go"));
  return card(
    name(record),
    state,
    record.tabOnly && h("p", {}, t("tab_only")),
    h(
      "p",
      { class: "actions" },
      record.refused === 422 && button("correct", record.id, t("correct"), name(record)),
      removal(record.id, asking, name(record)),
    ),
  );
}

function group(heading, cards) {
  return cards.length ? [h("h2", {}, heading), cards] : [];
}

/** List everything that lies on this device, with what can be done about each. */
export function device({ queue, drafts, sent, files, asking, said }) {
  const start = (wave) => `/s/${wave}/offline?lang=${lang()}`;
  return [
    t("device"),
    h("h1", {}, t("device")),
    h("p", { role: "status" }, said),
    group(t("not_sent"), queue.length && [queue.some((record) => !record.refused) && sendNow(), queue.map((record) => queued(record, asking))]),
    group(t("unfinished"), drafts.map((draft) =>
      card(
        name(draft),
        link(start(draft.wave), t("go_on"), name(draft)),
        h("p", { class: "actions" }, removal(draft.wave, asking, name(draft))),
      ),
    )),
    group(t("sent"), sent.map((record) =>
      card(name(record), receiptOf(record), h("p", { class: "actions" }, button("forget", record.id, t("forget"), name(record)))),
    )),
    !queue.length && !drafts.length && !sent.length && h("p", {}, t("nothing_here")),
    group(t("surveys"), files.map((file) =>
      card(
        pick(file.questionnaire.title),
        h("p", { class: "muted" }, pick(file.about)),
        link(start(file.wave), t("start"), pick(file.questionnaire.title)),
      ),
    )),
  ];
}

/** After Send: the receipt, or where the answers wait. */
export function outcome({ record, view }) {
  const { receipt, refused } = record;
  return receipt ? [t("thanks"), thanks(record, view)] : [t(refused ? "refused" : "waiting"), waits(record)];
}

function thanks(record, view) {
  return [
    h(
      "div",
      { class: "done", role: "status" },
      h("h1", {}, t("thanks")),
      receiptOf(record),
    ),
    h("p", {}, t("counted")),
    link(`/${lang()}/`, t("to_rating")),
    ["follow", "withdraw"].map((page) => h("p", {}, h("a", { href: `/s/${page}` }, t(page)))),
    view && [h("h2", {}, t("stored")), sections(view, false)],
    h("p", { class: "muted" }, t("receipt_kept")),
    h("p", {}, button("forget", record.id, t("forget"))),
  ];
}

function waits(record) {
  return [
    h("div", { class: "note", role: "status" }, h("h1", {}, t(record.refused ? "refused" : "waiting"))),
    h("p", {}, record.refused ? record.message : t(record.tabOnly ? "tab_only" : "waiting_lead")),
    !record.refused && sendNow(),
    h("p", {}, h("a", { href: `/s/offline?lang=${lang()}` }, t("device"))),
  ];
}

/** Say in one sentence why the survey cannot be filled in here, and where it can. */
export function sentence(title, why, address, words) {
  return [title, h("h1", {}, title), h("p", {}, why), link(address, words)];
}

/** A page that could not be sent: the same fields, to be posted again. */
export function lost(fields, action) {
  const inputs = fields.map(([field, value]) => h("input", { type: "hidden", name: field, value }));
  return [
    t("no_network"),
    h("h1", {}, t("no_network")),
    h("p", {}, t("not_lost")),
    h("form", { method: "post", action }, inputs, primary(t("again"))),
  ];
}
