/** What lies on the phone: drafts, answers that wait, receipts. All sealed with a key that no script can read out. */

const LIFE = 7 * 24 * 3600 * 1000;
const STORES = ["drafts", "queue", "sent"];
const strict = { durability: "strict" };

/** Things of this tab alone: of a device that is not the respondent's own, or of a browser that keeps nothing. */
const tab = { drafts: new Map(), queue: new Map(), sent: new Map() };

let opened;
let key;

/** Open the store; fails where the browser keeps nothing (private windows, blocked or full storage). */
export function openStore() {
  opened ??= opening().catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function opening() {
  const request = indexedDB.open("survey", 1);
  request.onupgradeneeded = () => {
    for (const name of [...STORES, "marks"]) request.result.createObjectStore(name);
  };
  const db = await result(request);
  // A tab left open must not keep a newer release from opening its own version of the store.
  db.onversionchange = () => db.close();
  key = await sharedKey(db);
  return db;
}

async function sharedKey(db) {
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const change = db.transaction("marks", "readwrite", strict);
  const marks = change.objectStore("marks");
  const found = await result(marks.get("key"));
  if (!found) marks.put(fresh, "key");
  await result(change);
  return found ?? fresh;
}

/** Wait for what a request of the store gives, or for a change of it to be kept. */
export function result(work) {
  return new Promise((resolve, reject) => {
    work.onsuccess = work.oncomplete = () => resolve(work.result);
    work.onerror = work.onblocked = work.onabort = () => reject(work.error);
  });
}

async function seal(store, id, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return { iv, box: await crypto.subtle.encrypt(bound(store, id, iv), key, bytes) };
}

async function unseal(store, id, { iv, box }) {
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(bound(store, id, iv), key, box)));
}

function bound(store, id, iv) {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`${store}/${id}`) };
}

/** Read one thing; undefined when there is none, or it is too old or not ours. */
export async function read(store, id) {
  if (tab[store].has(id)) return tab[store].get(id);
  const db = await openStore().catch(() => undefined);
  const kept = db && (await result(db.transaction(store).objectStore(store).get(id)));
  return kept && kept.until > Date.now() ? unseal(store, id, kept).catch(() => undefined) : undefined;
}

/** List everything of one kind that can still be read. */
export async function list(store) {
  const db = await openStore().catch(() => undefined);
  const kept = db ? await result(db.transaction(store).objectStore(store).getAllKeys()) : [];
  const things = await Promise.all([...new Set([...kept, ...tab[store].keys()])].map((id) => read(store, id)));
  return things.filter(Boolean);
}

/** Change several stores at once, all or nothing: each step is [store, id, value], without a value to remove. */
export async function change(...steps) {
  let now = steps;
  try {
    // What belongs to this tab alone must not lie in the browser as well.
    await changeKept(steps.map(([store, id, value]) => [store, id, value?.tabOnly ? undefined : value]));
  } catch {
    // Full or blocked storage: the tab goes on by itself, and says so.
    now = steps.map(([store, id, value]) => [store, id, value && { ...value, tabOnly: value.tabOnly ?? "full" }]);
  }
  for (const [store, id, value] of now) {
    if (value?.tabOnly) tab[store].set(id, value);
    else tab[store].delete(id);
  }
}

async function changeKept(steps) {
  const db = await openStore();
  const sealed = await Promise.all(
    steps.map(async ([store, id, value]) => [store, id, value && { ...(await seal(store, id, value)), until: until(store) }]),
  );
  const work = db.transaction([...new Set(steps.map(([store]) => store))], "readwrite", strict);
  for (const [store, id, value] of sealed) {
    if (value) work.objectStore(store).put(value, id);
    else work.objectStore(store).delete(id);
  }
  await result(work);
}

function until(store) {
  // What was sent off by its owner waits until it arrives or they delete it; the rest is erased after seven days.
  return store === "queue" ? Infinity : Date.now() + LIFE;
}

/** Erase what is older than seven days. */
export async function purge() {
  const db = await openStore();
  const work = db.transaction(STORES, "readwrite");
  for (const name of STORES) {
    const walk = work.objectStore(name).openCursor();
    walk.onsuccess = () => {
      const at = walk.result;
      if (!at) return;
      if (at.value.until <= Date.now()) at.delete();
      at.continue();
    };
  }
  await result(work);
}

/** Remember a word about this browser, such as the language of its pages. */
export async function setMark(name, value) {
  const work = (await openStore()).transaction("marks", "readwrite");
  work.objectStore("marks").put(value, name);
  await result(work);
}

let inTurn = Promise.resolve();

/** Do one thing at a time across all tabs; where the browser has no locks, within this tab. */
export function alone(name, work) {
  if (navigator.locks) return navigator.locks.request(`survey ${name}`, work);
  inTurn = inTurn.then(work, work);
  return inTurn;
}
