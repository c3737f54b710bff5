/** What each kind of question takes as an answer: the twin of surveys/questionnaire/kinds.py, kept equal by a test. */

import { areasOf } from "./routing.js";

const LONGEST_TEXT = 500;
const UNPRINTABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\p{Cs}]/u;
const OUTER_SPACE = /^[\p{White_Space}\x1c-\x1f]+|[\p{White_Space}\x1c-\x1f]+$/gu;

/** Places for the suggestions of one respondent, and signs of one suggestion. */
export const PLACES = [0, 1, 2];
export const LONGEST_SUGGESTION = 500;

/** Count signs as the server counts them. */
export const length = (text) => [...text].length;

const trimmed = (text) => text.replace(OUTER_SPACE, "");
const newlines = (text) => text.replace(/\r\n?/g, "\n");

/** An answer that its question cannot take. */
export class Refused extends Error {}

function oneOption(question, given) {
  const code = [given].flat()[0] ?? "";
  if ([given].flat().length > 1) throw new Refused("too_many");
  return code === "" ? undefined : known(question, code);
}

function someOptions(question, given) {
  const codes = given === "" ? [] : [given].flat();
  if (codes.length > question.options.length) throw new Refused("too_many");
  const ticked = new Set(codes.map((code) => known(question, code)));
  const apart = question.options.some((option) => option.apart && ticked.has(option.code));
  if (ticked.size > 1 && apart) throw new Refused("too_many");
  return ticked.size ? question.options.map((option) => option.code).filter((code) => ticked.has(code)) : undefined;
}

function known(question, code) {
  if (question.options.some((option) => option.code === code)) return code;
  throw new Refused("unknown_option");
}

function wholeNumber(question, given) {
  if (given === "") return;
  if (given.length > 40 || !/^[+-]?[0-9]{1,15}$/.test(trimmed(given))) throw new Refused("not_a_number");
  const number = Number(trimmed(given));
  if (number < (question.minimum ?? -Infinity) || number > (question.maximum ?? Infinity)) {
    throw new Refused("out_of_range");
  }
  return String(number);
}

/** Most signs of an answer in words. */
export const longestText = (question) => question.max_chars ?? LONGEST_TEXT;

function freeText(question, given) {
  const most = longestText(question);
  if (length(given) > 4 * most) throw new Refused("too_long");
  if (UNPRINTABLE.test(given)) throw new Refused("not_text");
  const text = tidied(given);
  if (length(text) > most) throw new Refused("too_long");
  return text || undefined;
}

const CLEANERS = { rating: oneOption, choice: oneOption, multi: someOptions, number: wholeNumber, text: freeText };

/** Give an answer as it is stored, undefined when there is none; throws Refused. The question is as shown in its city. */
export function clean(question, given) {
  return CLEANERS[question.kind](question, given);
}

/** Bring typed text to one form, as the server does before it counts. */
export function tidied(text) {
  const plain = newlines(text).replaceAll("\t", " ");
  return trimmed(plain.replace(/[\p{Cc}\p{Cs}]/gu, (sign) => (sign === "\n" ? sign : "")).normalize("NFC"));
}

/** Say what is wrong with one suggestion: the name of the field and a reason; undefined when nothing is. */
export function faultOf(q, { area, text }) {
  if (!tidied(text)) return;
  if (length(tidied(text)) > LONGEST_SUGGESTION) return ["text", "too_long"];
  return areasOf(q).includes(area) ? undefined : ["area", "no_area"];
}

/** Write the bytes that are sent, once for all tries. */
export function bodyOf(file, draft, answers, { lang, honey }) {
  const q = file.questionnaire;
  return JSON.stringify({
    wave: file.wave,
    city: draft.city,
    version: file.version,
    lang,
    consent: q.consent_version,
    answers,
    extra: draft.extra,
    suggestions: draft.suggestions,
    ballot: draft.ballot,
    channel: draft.channel,
    honey,
    seconds: Math.round((Date.now() - draft.began) / 1000),
  });
}
