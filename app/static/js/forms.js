/** Reads the form of each step: what is typed, what is wrong with it, and how it changes the draft. */

import { faultOf, INDEXES, length, LONGEST_SUGGESTION, tidied } from "./answers.js";
import { freshDraft } from "./draft.js";
import { KINDS, longestText, Refused } from "./kinds.js";
import { t } from "./words.js";

function readCity({ file, draft }, data) {
  const code = data.get("city");
  if (!(code in file.cities)) return { faults: { city: t("choose_city") } };
  // Another city is another draft; a ballot is of one city.
  return { edit: (now) => (now.city && now.city !== code && !now.ballot ? { ...freshDraft(file), city: code } : { ...now, city: code }) };
}

function readConsent(_view, data) {
  const tabOnly = data.get("shared") ? "shared" : undefined;
  if (!data.get("agreed")) {
    return { faults: { agreed: t("agree_missing") }, edit: (now) => ({ ...now, tabOnly: tabOnly ?? "begun" }) };
  }
  return { edit: (now) => ({ ...now, agreed: true, tabOnly: tabOnly ?? (now.tabOnly === "full" ? "full" : undefined) }) };
}

function readQuestions({ page }, data) {
  const typed = {};
  const faults = {};
  const given = {};
  for (const question of page.questions) {
    const { clean, many } = KINDS[question.kind];
    typed[question.code] = many ? data.getAll(question.code) : (data.get(question.code) ?? "");
    try {
      given[question.code] = clean(question, typed[question.code]);
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      faults[question.code] = reason(refused.message, question, typed[question.code]);
    }
  }
  return { typed, faults, edit: (now) => ({ ...now, answers: merged(now.answers, given), wrong: "" }) };
}

function merged(answers, page) {
  return Object.fromEntries(Object.entries({ ...answers, ...page }).filter(([, answer]) => answer?.length));
}

function reason(code, question, given) {
  return code === "too_long" ? tooLong(given, longestText(question)) : t(code);
}

function tooLong(text, most) {
  return t("too_long", { length: length(tidied(text)), most });
}

function readMore({ offeredAreas }, data) {
  const ticked = data.getAll("areas");
  return { edit: (now) => ({ ...now, extra: offeredAreas.filter((area) => ticked.includes(area)) }) };
}

function readSuggestions({ file }, data) {
  const typed = Object.fromEntries(data);
  const faults = {};
  const wishes = [];
  for (const index of INDEXES) {
    const wish = { area: typed[`area${index}`] ?? "", text: typed[`text${index}`] ?? "" };
    const [field, why] = faultOf(file.questionnaire, wish) ?? [];
    if (field) faults[`${field}${index}`] = wrongWish(why, wish.text);
    else if (tidied(wish.text)) wishes.push({ area: wish.area, text: tidied(wish.text) });
  }
  return { typed, faults, edit: (now) => ({ ...now, suggestions: wishes }) };
}

function wrongWish(why, text) {
  return why === "no_area" ? t("about_area") : tooLong(text, LONGEST_SUGGESTION);
}

/** The reader of each step; a page of the questionnaire is read by `questions`. */
export const readers = {
  city: readCity,
  consent: readConsent,
  questions: readQuestions,
  more: readMore,
  suggestions: readSuggestions,
};

/** Give what stands in the fields of a step that was not typed in yet. */
export function written(step, draft) {
  if (step !== "suggestions") return draft.answers;
  return Object.fromEntries(draft.suggestions.flatMap(({ area, text }, index) => [[`area${index}`, area], [`text${index}`, text]]));
}
