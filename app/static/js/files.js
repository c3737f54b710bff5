/** One file per wave holds its questionnaire in three languages; its address changes with its content. */

const FILES = "survey-waves";

/** Fetch the wave's file if it is a new one, keep it, and forget older ones of the same version; throws a refusal as it came. */
export async function fetchFile(wave) {
  const answer = await fetch(`/s/${wave}/offline.json`, { credentials: "omit" });
  if (!answer.ok) throw answer;
  const file = await answer.clone().json();
  await keepFile(wave, answer, file).catch(() => undefined);
  return file;
}

async function keepFile(wave, answer, file) {
  const cache = await caches.open(FILES);
  // First the new one: at no moment may a phone that loses its network have none.
  await cache.put(answer.url, answer);
  for (const [address, older] of await filesOf(cache, wave)) {
    if (older.version === file.version && address !== answer.url) await cache.delete(address);
  }
}

/** Give the wave's newest kept file, or that of one version; undefined when there is none. */
export async function keptFile(wave, version) {
  if (!globalThis.caches) return;
  const files = (await filesOf(await caches.open(FILES), wave)).map(([, file]) => file);
  return version ? files.find((file) => file.version === version) : files.at(-1);
}

/** Give the newest kept file of each wave that can be filled in without the network. */
export async function keptFiles() {
  if (!globalThis.caches) return [];
  const kept = await (await caches.open(FILES)).keys();
  const waves = new Set(kept.map(({ url }) => url.split("/")[4]));
  return Promise.all([...waves].map((wave) => keptFile(wave)));
}

async function filesOf(cache, wave) {
  const mine = (await cache.keys()).filter(({ url }) => url.includes(`/s/${wave}/offline.json`));
  return Promise.all(mine.map(async ({ url }) => [url, await (await cache.match(url)).json()]));
}
