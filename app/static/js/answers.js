/** Words in one form, suggestions, and the bytes that are sent. */

import { areasOf } from "./routing.js";

const OUTER_SPACE = /^[\p{White_Space}\x1c-\x1f]+|[\p{White_Space}\x1c-\x1f]+$/gu;

/** Places for the suggestions of one respondent, and signs of one suggestion. */
export const INDEXES = [0, 1, 2];
export const LONGEST_SUGGESTION = 500;

/** Count signs as the server counts them. */
export const length = (text) => [...text].length;

/** Leave out white space at both ends, as the server does. */
export const trimmed = (text) => text.replace(OUTER_SPACE, "");
const newlines = (text) => text.replace(/\r\n?/g, "\n");

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
