/** Answers that wait: each is sent with the same id and the same bytes until the server has it, never twice. */

import { alone, change, list, read } from "./store.js";

const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 3_600_000;
const news = "BroadcastChannel" in globalThis ? new BroadcastChannel("survey") : undefined;

let listener;

/** Call `hear` whenever an answer was sent or refused, in this tab or behind it. */
export function onNews(hear) {
  listener = hear;
  if (news) news.onmessage = hear;
}

function tell() {
  news?.postMessage("queue");
  listener?.();
}

/** Put an answer into the queue; its draft is gone in the same step. */
export async function enqueue(record) {
  await change(["queue", record.id, record], ["drafts", record.wave]);
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("queue").catch(() => undefined);
}

/** Send what is due, or with `force` everything that was not refused; tells how many still wait. */
export function sendAll({ force = false, only } = {}) {
  return alone("queue", async () => {
    let waiting = 0;
    for (const { id } of await list("queue")) {
      if (only && id !== only) continue;
      const record = await read("queue", id);
      if (!record || record.refused) continue;
      if ((force || record.next <= Date.now()) && (await sendOne(record))) continue;
      waiting += 1;
    }
    return waiting;
  });
}

/** Milliseconds until the next try is due; undefined when nothing waits. */
export async function nextTry() {
  const times = (await list("queue")).filter((record) => !record.refused).map((record) => record.next);
  return times.length ? Math.max(1_000, Math.min(...times) - Date.now()) : undefined;
}

async function sendOne(record) {
  const { status, reply } = await put(record);
  if (status < 300 && reply.receipt) {
    const { id, wave, title, city, tabOnly } = record;
    await change(["queue", id], ["sent", id, { id, wave, title, city, tabOnly, ...reply }]);
  } else if (status > 399 && status < 500 && status !== 429 && reply.error) {
    await change(["queue", record.id, { ...record, ...reply, refused: status }]);
  } else {
    const tries = record.tries + 1;
    // A little chance, so that a village that regains its network does not call in one second.
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(tries, 12)) * (0.75 + Math.random() / 2);
    await change(["queue", record.id, { ...record, tries, next: Date.now() + pause }]);
    return false;
  }
  tell();
  return true;
}

async function put({ id, body, device }) {
  try {
    const answer = await fetch(`/r/${id}`, {
      method: "PUT",
      // The mark stands beside the body, whose shape releases share.
      headers: { "Content-Type": "application/json", "Device-Mark": device },
      body,
      credentials: "omit",
      signal: AbortSignal.timeout?.(30_000),
    });
    // A hotspot's own page is no reply of ours: only JSON counts.
    return { status: answer.status, reply: await answer.json() };
  } catch {
    return { status: 0, reply: {} };
  }
}
