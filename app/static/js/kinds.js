/** The kinds of question on the phone: the twin of surveys/questionnaire/kinds.py, kept equal by a test. */

import { length, tidied, trimmed } from "./answers.js";
import { h } from "./dom.js";
import { t } from "./words.js";

const UNPRINTABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\p{Cs}]/u;

/** An answer that its question cannot take. */
export class Refused extends Error {}

/** Most signs of an answer in words. */
export const longestText = (question) => question.max_chars ?? 500;

function known(question, code) {
  if (question.options.some((option) => option.code === code)) return code;
  throw new Refused("unknown_option");
}

/** Give what every field to type in has: its name, its label and what is wrong with it. */
export const labelled = ({ code }, fault) => ({
  id: code,
  name: code,
  "aria-labelledby": `${code}-label`,
  "aria-describedby": fault && `${code}-error`,
  "aria-invalid": fault && "true",
});

/** Draw the line below a text that counts its signs. */
export function counter(name, text = "", most) {
  return h("p", { class: "muted count", id: `${name}-count`, "data-most": most }, counted(text, most));
}

/** Say how many signs of a text are written. */
export function counted(text, most) {
  return t("count", { length: length(tidied(text)), most });
}

const oneOption = {
  clean(question, given) {
    const codes = [given].flat();
    const code = codes[0] ?? "";
    if (codes.length > 1) throw new Refused("too_many");
    return code === "" ? undefined : known(question, code);
  },
};

/**
 * Every kind by its code. `clean` gives an answer as it is stored, undefined when there is none, or throws Refused; the
 * question is as shown in its city. `draw` makes what is typed in, where there are no options; `many` may be ticked.
 */
export const KINDS = {
  rating: oneOption,
  choice: oneOption,
  multi: {
    many: true,
    clean(question, given) {
      const codes = given === "" ? [] : [given].flat();
      if (codes.length > question.options.length) throw new Refused("too_many");
      const ticked = new Set(codes.map((code) => known(question, code)));
      const apart = question.options.some((option) => option.apart && ticked.has(option.code));
      if (ticked.size > 1 && apart) throw new Refused("too_many");
      return ticked.size ? question.options.map((option) => option.code).filter((code) => ticked.has(code)) : undefined;
    },
  },
  number: {
    clean(question, given) {
      if (given === "") return;
      if (given.length > 40 || !/^[+-]?[0-9]{1,15}$/.test(trimmed(given))) throw new Refused("not_a_number");
      const number = Number(trimmed(given));
      if (number < (question.minimum ?? -Infinity) || number > (question.maximum ?? Infinity)) {
        throw new Refused("out_of_range");
      }
      return String(number);
    },
    draw(question, given, fault) {
      return h("input", { ...labelled(question, fault), type: "text", inputmode: "numeric", autocomplete: "off", value: given ?? "" });
    },
  },
  text: {
    clean(question, given) {
      const most = longestText(question);
      if (length(given) > 4 * most) throw new Refused("too_long");
      if (UNPRINTABLE.test(given)) throw new Refused("not_text");
      const text = tidied(given);
      if (length(text) > most) throw new Refused("too_long");
      return text || undefined;
    },
    draw(question, given, fault) {
      return [
        h("textarea", { ...labelled(question, fault), rows: 4 }, given),
        counter(question.code, given, longestText(question)),
      ];
    },
  },
};
