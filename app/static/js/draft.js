/** One respondent's draft of one wave: begun, read again under a lock before each change, so that tabs never undo one another. */

import { hex } from "./routing.js";
import { alone, change, read } from "./store.js";
import { query } from "./words.js";

const randomHex = () => hex(crypto.getRandomValues(new Uint8Array(16)));

/** Where the link hung that led here; a word that cannot be a channel counts as none. */
function channelOf() {
  const via = query().get("via") ?? "";
  return via.match(/^[a-z0-9][a-z0-9-]{0,31}$/)?.[0] ?? "link";
}

/** Give a random mark of this browser, another one each day. */
export function dayMark() {
  const today = new Date().toDateString();
  // Nothing else is kept there: yesterday's mark goes.
  return (localStorage[today] ??= (localStorage.clear(), randomHex()));
}

/** Begin a draft with a fresh id; until its owner agrees it lives in this tab alone. */
export function freshDraft(file) {
  return {
    wave: file.wave,
    version: file.version,
    title: file.questionnaire.title,
    id: randomHex(),
    city: "",
    agreed: false,
    answers: {},
    extra: [],
    suggestions: [],
    channel: channelOf(),
    began: Date.now(),
    tabOnly: "begun",
  };
}

/** Take over what was begun on the server's pages: the same ballot, so the same right to answer once. */
export async function takenDraft(file) {
  const answer = await fetch(`/s/${file.wave}/offline/draft`);
  if (!answer.ok) return;
  const begun = await answer.json();
  return { ...freshDraft(file), ...begun, tabOnly: begun.agreed ? undefined : "begun" };
}

/** Change the draft as it is now; gives it back, undefined when another tab has sent or deleted it. */
export function update(draft, edit) {
  return alone(`draft ${draft.wave}`, async () => {
    const now = await read("drafts", draft.wave);
    if (draft.agreed && now?.id !== draft.id) return;
    const next = edit(now?.id === draft.id ? now : draft);
    await change(["drafts", draft.wave, next]);
    return (await read("drafts", draft.wave)) ?? next;
  });
}
