/** The steps of the walk as the server draws them: the same elements, classes and words. */

import { h } from "./dom.js";
import { INDEXES, LONGEST_SUGGESTION } from "./answers.js";
import { counter, KINDS } from "./kinds.js";
import { areasOf } from "./routing.js";
import { inCity, lang, pick, t } from "./words.js";


/** Give the address of a step of a wave. */
export function stepAddress(wave, step, more = "") {
  return `/s/${wave}/offline?lang=${lang()}&at=${step}${more}`;
}

/** Say to those who hear the page what a short link or button is about. */
export function about(words) {
  return words && h("span", { class: "hidden" }, `: ${words}`);
}

function appeals() {
  return h("a", { href: "https://eotinish.kz", rel: "noreferrer", target: "_blank" }, t("appeals"));
}

/** Draw one option as a line that can be ticked. */
function choice(name, option, { many = false, first = false } = {}) {
  return h(
    "label",
    { class: option.apart ? "choice apart" : "choice" },
    h("input", {
      type: many ? "checkbox" : "radio",
      name,
      value: option.code,
      id: first && name,
      checked: option.ticked,
    }),
    h("span", {}, option.label),
  );
}

function form(...children) {
  return h("form", { id: "walk", method: "post", novalidate: true }, ...children);
}

/** Draw the main button of a page. */
export function primary(words) {
  return h("button", { class: "primary" }, words);
}

function summary(faults, fields = Object.keys(faults)) {
  const wrong = fields.filter((field) => faults[field]);
  if (!wrong.length) return [];
  const links = wrong.map((field) => h("li", {}, h("a", { href: `#${field}` }, faults[field])));
  return h("div", { class: "errors", role: "alert", tabindex: -1 }, h("h2", {}, t("attention")), h("ul", {}, links));
}

function note(target, words) {
  return words && h("p", { class: "error", id: `${target}-error` }, words);
}

function progress({ steps, at }) {
  return h("p", { class: "muted progress" }, t("step", { place: steps.indexOf(at) + 1, steps: steps.length }));
}

function fieldset(fault, target, ...children) {
  return h("fieldset", { class: fault && "wrong", "aria-describedby": fault && target && `${target}-error` }, ...children);
}

/** Ask for the city. */
function askCity({ file, draft, faults }) {
  const fault = faults.city;
  const options = file.order[lang()].map((code) => ({ code, label: pick(file.cities[code].city), ticked: code === draft.city }));
  const title = pick(file.questionnaire.title);
  return [
    title,
    summary(faults),
    h("h1", {}, title),
    h("p", {}, pick(file.questionnaire.lead)),
    h("p", { class: "muted" }, pick(file.about)),
    form(
      fieldset(
        fault,
        "city",
        h("legend", {}, h("h2", {}, t("which_city"))),
        note("city", fault),
        h("div", { class: "columns" }, options.map((option, index) => choice("city", option, { first: !index }))),
      ),
      primary(t("continue")),
    ),
  ];
}

/** Say what is stored, and ask for an explicit yes and whose device this is. */
function askConsent({ file, draft, faults }) {
  const q = file.questionnaire;
  const fault = faults.agreed;
  return [
    t("before"),
    summary(faults),
    h("h1", {}, t("before")),
    q.consent.map((paragraph) => h("p", {}, pick(paragraph))),
    h("p", {}, appeals()),
    h("p", {}, h("a", { href: "/s/rights", target: "_blank", rel: "noopener" }, t("rights"))),
    h("p", { class: "muted" }, t("consent_version", { version: q.consent_version })),
    form(
      fieldset(
        fault,
        "agreed",
        h("legend", { class: "hidden" }, t("consent")),
        note("agreed", fault),
        choice("agreed", { code: "yes", label: t("agree"), ticked: draft.agreed }, { many: true, first: true }),
        choice("shared", { code: "yes", label: t("not_mine"), ticked: draft.tabOnly === "shared" }, { many: true, first: true }),
      ),
      primary(t("continue")),
    ),
  ];
}

/** Ask one page of the questionnaire; `typed` is what stands in its fields. */
function askQuestions(view) {
  const { page, place, typed, faults } = view;
  const title = inCity(page.title, place);
  return [
    title,
    summary(faults, page.questions.map(({ code }) => code)),
    progress(view),
    h("h1", {}, title),
    page.intro && h("p", {}, inCity(page.intro, place)),
    form(
      page.questions.map((question) => asked(question, place, typed[question.code], faults[question.code])),
      primary(t("continue")),
      h("p", { class: "muted" }, t("skip")),
    ),
  ];
}

function asked(question, place, given, fault) {
  const label = inCity(question.label, place);
  const { draw, many } = KINDS[question.kind];
  const options = (question.options ?? []).map((option) => ({
    ...option,
    label: pick(option.label),
    ticked: [given ?? []].flat().includes(option.code),
  }));
  return fieldset(
    fault,
    "",
    h("legend", {}, h("h2", { id: !question.options && `${question.code}-label` }, label)),
    question.hint && h("p", { class: "muted" }, inCity(question.hint, place)),
    note(question.code, fault),
    draw ? draw(question, given, fault) : options.map((option, at) => choice(question.code, option, { many, first: !at })),
  );
}

/** Offer the areas that the rotation left out. */
function askMore(view) {
  const { file, place, offeredAreas, draft } = view;
  const titles = areaTitles(file.questionnaire, place);
  return [
    t("more"),
    progress(view),
    h("h1", {}, t("more")),
    h("p", {}, t("more_lead")),
    form(
      h(
        "fieldset",
        {},
        h("legend", { class: "hidden" }, t("areas")),
        offeredAreas.map((area) =>
          choice("areas", { code: area, label: titles[area], ticked: draft.extra.includes(area) }, { many: true }),
        ),
      ),
      primary(t("continue")),
    ),
  ];
}

function areaTitles(q, place) {
  return Object.fromEntries(q.pages.map((page) => [page.area, inCity(page.title, place)]));
}

/** Take up to three suggestions in the respondent's own words. */
function askSuggestions(view) {
  const { file, place, typed, faults } = view;
  const titles = areaTitles(file.questionnaire, place);
  return [
    t("suggestions"),
    summary(faults),
    progress(view),
    h("h1", {}, t("suggestions")),
    h("p", {}, t("suggestions_lead")),
    h("p", {}, t("suggestions_rule"), "\n", appeals()),
    form(
      INDEXES.map((number) => wish(number, titles, file.questionnaire, typed, faults)),
      primary(t("continue")),
    ),
  ];
}

function wish(number, titles, q, typed, faults) {
  const [area, text] = [`area${number}`, `text${number}`];
  const options = areasOf(q).map((code) => h("option", { value: code, selected: typed[area] === code }, titles[code]));
  const described = (name) => faults[name] && `${name}-error`;
  return fieldset(
    faults[area] || faults[text],
    "",
    h("legend", {}, h("h2", {}, t("suggestion", { number: number + 1 }))),
    h("label", { class: "field", for: area }, t("area")),
    note(area, faults[area]),
    h("select", { id: area, name: area, "aria-describedby": described(area) }, h("option", { value: "" }, t("choose_area")), options),
    h("label", { class: "field", for: text }, t("better")),
    note(text, faults[text]),
    h("textarea", { id: text, name: text, rows: 4, "aria-describedby": described(text) }, typed[text]),
    counter(text, typed[text], LONGEST_SUGGESTION),
  );
}

/** List everything before it is sent. */
function askCheck(view) {
  const { file, place, draft } = view;
  const titles = areaTitles(file.questionnaire, place);
  return [
    t("check"),
    h("h1", {}, t("check")),
    h("p", {}, t("nothing_sent")),
    sections(view, true),
    file.questionnaire.audience !== "staff" &&
      h(
        "section",
        { class: "answers" },
        h("h2", {}, t("suggestions")),
        h("dl", {}, draft.suggestions.map(({ area, text }) =>
          h("div", {}, h("dt", {}, titles[area]), h("dd", { class: "written" }, text)),
        )),
        h(
          "p",
          {},
          !draft.suggestions.length && [h("span", { class: "muted" }, t("none")), "\n"],
          h("a", { href: stepAddress(file.wave, "suggestions") }, t("change"), about(t("suggestions"))),
        ),
      ),
    form(trap(), primary(t("send"))),
  ];
}

/** A field nobody sees: only programs that fill in everything fill it in. */
function trap() {
  return h(
    "div",
    { class: "hidden", "aria-hidden": "true" },
    h("label", {}, t("empty"), h("input", { name: "website", tabindex: -1, autocomplete: "off" })),
  );
}

/** List the answers page by page; with links while they can still be changed. */
export function sections({ file, place, pages, answers }, links) {
  return pages.map((page) =>
    h(
      "section",
      { class: "answers" },
      h("h2", {}, inCity(page.title, place)),
      h("dl", {}, page.questions.map((question) => {
        const label = inCity(question.label, place);
        const address = `${stepAddress(file.wave, page.code, "&back=check")}#${question.code}`;
        return h(
          "div",
          {},
          h("dt", {}, label),
          h(
            "dd",
            {},
            said(question, answers[question.code]) || h("span", { class: "muted" }, t("not_answered")),
            links && h("a", { class: "change", href: address }, t("change"), about(label)),
          ),
        );
      })),
    ),
  );
}

function said(question, given) {
  if (!question.options) return given;
  const codes = [given ?? []].flat();
  return question.options.filter(({ code }) => codes.includes(code)).map(({ label }) => pick(label)).join(", ");
}

/** The screen of each step: gives its title, then its parts. */
export const screens = {
  city: askCity,
  consent: askConsent,
  questions: askQuestions,
  more: askMore,
  suggestions: askSuggestions,
  check: askCheck,
};
