/** Which pages one respondent meets, and which answers stand: the twin of surveys/questionnaire/routing.py, kept equal by a test. */

const utf8 = (text) => new TextEncoder().encode(text);

/** Write bytes as hexadecimal digits. */
export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function hashed(kind, bytes) {
  return hex(new Uint8Array(await crypto.subtle.digest(kind, bytes)));
}

/** List the questionnaire's areas in the order of its pages. */
export function areasOf(q) {
  return [...new Set(q.pages.map((page) => page.area).filter(Boolean))];
}

/** Shuffle the areas by the id made on this phone: the server does the same from the ballot's nonce. */
export async function areaOrder(q, id) {
  const nonce = Uint8Array.from(id.match(/../g), (pair) => parseInt(pair, 16));
  const seed = (await hashed("SHA-256", Uint8Array.from([...utf8("rotation"), ...nonce]))).slice(0, 16);
  const drawn = await hashed("SHA-512", utf8(seed));
  const areas = areasOf(q);
  const lot = (area) => drawn.slice(10 * areas.indexOf(area));
  return [...areas].sort((one, other) => (lot(one) < lot(other) ? -1 : 1));
}

/** List the options of a question that are open in a city; none at all when it is only for other cities. */
export function offered(question, city) {
  const options = question.options ?? [];
  const cities = options.map((option) => option.city).filter(Boolean);
  if (cities.length && !cities.includes(city)) return [];
  return options.filter((option) => !option.city || option.city === city);
}

/** Tell whether a show-if rule holds for the answers so far. */
export function holds(rule, answers) {
  if (!rule) return true;
  if (rule.all_of) return rule.all_of.every((each) => holds(each, answers));
  if (rule.any_of) return rule.any_of.some((each) => holds(each, answers));
  const given = [answers[rule.question] ?? []].flat();
  return rule.options.some((option) => given.includes(option));
}

function openIn(question, city) {
  if (!(question.options ?? []).some((option) => option.city)) return question;
  const options = offered(question, city);
  return options.length ? { ...question, options } : undefined;
}

function stillOffered(whole, here, answer) {
  if (answer === undefined || whole === here) return answer;
  const codes = (question) => question.options.map((option) => option.code);
  const gone = codes(whole).filter((code) => !codes(here).includes(code));
  if (typeof answer === "string") return gone.includes(answer) ? undefined : answer;
  return answer.filter((code) => !gone.includes(code));
}

function met(pages, city, answers) {
  const shown = [];
  const kept = {};
  for (const page of pages) {
    if (!holds(page.show_if, kept)) continue;
    const questions = [];
    for (const question of page.questions ?? []) {
      const here = openIn(question, city);
      if (!here || !holds(question.show_if, kept)) continue;
      questions.push(here);
      const answer = stillOffered(question, here, answers[question.code]);
      if (answer?.length) kept[question.code] = answer;
    }
    if (questions.length) shown.push({ ...page, questions });
  }
  return { pages: shown, answers: kept };
}

/** Walk a questionnaire: the order's first areas, the extra ones, then About; gives pages and the answers that stand. */
export function walk(q, order, { city, answers, extra }) {
  const areas = order.filter((area, index) => index < q.areas_per_respondent || extra.includes(area));
  const pages = areas.flatMap((area) => q.pages.filter((page) => page.area === area));
  return met([...pages, ...q.pages.filter((page) => page.role === "about")], city, answers);
}

/** List the areas that could still be added, in the questionnaire's order. */
export function otherAreas(q, order, { city, extra }) {
  const taken = [...order.slice(0, q.areas_per_respondent), ...extra];
  const open = q.pages.filter((page) => (page.questions ?? []).some((question) => offered(question, city).length));
  return areasOf(q).filter((area) => !taken.includes(area) && open.some((page) => page.area === area));
}

/** List the steps of a draft in order: consent, areas, more areas, About, suggestions, check. */
export function stepsOf(q, order, draft) {
  const codes = (extra, role) =>
    walk(q, order, { ...draft, extra }).pages.filter((page) => page.role === role).map((page) => page.code);
  const first = codes([], "area");
  const areas = codes(draft.extra, "area");
  return [
    "consent",
    ...areas.filter((code) => first.includes(code)),
    [...draft.extra, ...otherAreas(q, order, draft)].length && "more",
    ...areas.filter((code) => !first.includes(code)),
    ...codes(draft.extra, "about"),
    q.audience !== "staff" && "suggestions",
    "check",
  ].filter(Boolean);
}
