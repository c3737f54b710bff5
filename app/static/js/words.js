/** Texts of the screens, made by the server's catalogues and kept in the shell of each language. */

const LANGUAGES = ["kk", "ru", "en"];
const shells = {};

/** What stands behind the question mark of the address. */
export const query = () => new URLSearchParams(location.search);

/** The language of the page now. */
export const lang = () => document.documentElement.lang;

/** Read the shells of all languages at once, so that no later release and no lost network changes a word on the way. */
export async function loadWords() {
  shells[lang()] = document.cloneNode(true);
  await Promise.all(LANGUAGES.filter((code) => code !== lang()).map((code) => load(code).catch(() => undefined)));
}

async function load(code) {
  const address = `/s/offline?lang=${code}`;
  const page = (await globalThis.caches?.match(address)) ?? (await fetch(address, { credentials: "omit" }));
  shells[code] = new DOMParser().parseFromString(await page.text(), "text/html");
}

/** Give a text of the screens in the page's language, with values put where %(name)s stands. */
export function t(key, values = {}) {
  const words = JSON.parse(shells[lang()].getElementById("words").dataset.words);
  return words[key].replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}

/** Turn the page's frame to another language; the step is drawn anew by its owner. */
export function speak(code) {
  if (!shells[code] || code === lang()) return;
  document.documentElement.lang = code;
  for (const part of [".skip", "header.top", "footer.bottom"]) {
    document.querySelector(part).replaceWith(document.importNode(shells[code].querySelector(part), true));
  }
}

/** Take the page's language out of a text in three. */
export const pick = (texts) => texts[LANGUAGES.indexOf(lang())];

/** Take the page's language and put the city's name in, in the form the grammar needs. */
export const inCity = (texts, city) => pick(texts).replace(/\{(\w+)\}/g, (_, name) => pick(city[name]));
