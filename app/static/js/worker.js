/** Behind the pages: keeps the shell and the questionnaires, answers when the network does not, sends what waits. */

import { sendAll } from "./queue.js";
import { openStore, purge, result, setMark } from "./store.js";
import { fetchFile, keptFile } from "./files.js";

const APP = /^\/s\/(?:[^/]+\/)?offline$/;
const LANGUAGES = ["kk", "ru", "en"];
const shellOf = (lang) => `/s/offline?lang=${lang}`;

/** Start the worker of one release: its cache bears the release's digest, so releases never mix. */
export function serve({ release, modules }) {
  const name = `survey-shell-${release}`;
  self.addEventListener("install", (event) => event.waitUntil(install(name, modules)));
  self.addEventListener("activate", (event) => event.waitUntil(activate(name)));
  self.addEventListener("message", (event) => event.waitUntil(keep(event)));
  self.addEventListener("sync", (event) => event.waitUntil(catchUp()));
  self.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    if (url.origin !== self.location.origin) return;
    if (event.request.mode === "navigate") {
      if (url.pathname.startsWith("/s/")) event.respondWith(navigate(name, event.request, url));
    } else if (event.request.method === "GET" && /^\/(static|s\/js)\//.test(url.pathname)) {
      event.respondWith(kept(name, event.request));
    }
  });
}

async function install(name, modules) {
  const cache = await caches.open(name);
  const shells = await Promise.all(LANGUAGES.map((lang) => plain(shellOf(lang))));
  const assets = new Set(modules);
  for (const [index, lang] of LANGUAGES.entries()) {
    const html = await shells[index].clone().text();
    for (const [, address] of html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)) assets.add(address);
    await cache.put(shellOf(lang), shells[index]);
  }
  await Promise.all([...assets].map(async (address) => cache.put(address, await plain(address))));
  await self.skipWaiting();
}

async function plain(address) {
  // Without cookies, so that nothing of one reader gets into what is kept.
  const answer = await fetch(address, { credentials: "omit", cache: "reload" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

async function activate(name) {
  const old = (await caches.keys()).filter((each) => each.startsWith("survey-shell-") && each !== name);
  await Promise.all(old.map((each) => caches.delete(each)));
  await self.clients.claim();
}

/** A page of the survey says which questionnaire to keep; the reply tells what it may offer. */
async function keep({ data, ports: [port] }) {
  const file = data.wave ? await fetchFile(data.wave).catch(() => keptFile(data.wave)) : undefined;
  const waiting = await storeFor(data).catch(() => undefined);
  port?.postMessage({ kept: Boolean(file) && waiting !== undefined, waiting: waiting ?? 0 });
}

async function storeFor({ lang, look }) {
  await openStore();
  await Promise.all([setMark("lang", lang), setMark("look", look), purge()]);
  return sendAll();
}

async function catchUp() {
  if (await sendAll({ force: true })) throw new Error("some answers still wait");
}

async function navigate(name, request, url) {
  const post = request.method === "POST";
  if (!post && APP.test(url.pathname)) return shell(name, url);
  const copy = post ? request.clone() : undefined;
  try {
    return await fetch(request);
  } catch {
    const [, , wave] = url.pathname.split("/");
    if (!post && wave && (await keptFile(wave))) {
      return Response.redirect(`/s/${wave}/offline?lang=${await language(url)}`, 302);
    }
    return shell(name, url, copy && [...(await copy.formData())].filter(([, value]) => typeof value === "string"));
  }
}

async function mark(name) {
  const db = await openStore().catch(() => undefined);
  return db && result(db.transaction("marks").objectStore("marks").get(name));
}

async function language(url) {
  const wished = url.searchParams.get("lang") ?? (await mark("lang")) ?? navigator.language.slice(0, 2);
  return LANGUAGES.includes(wished) ? wished : LANGUAGES[0];
}

async function shell(name, url, posted) {
  const address = shellOf(await language(url));
  const page = (await caches.match(address, { cacheName: name })) ?? (await fetch(address, { credentials: "omit" }));
  const look = String((await mark("look")) ?? "").replace(/[^a-z0-9 -]/g, "");
  let html = await page.text();
  if (look) html = html.replace(/<html lang="(\w\w)"/, `$& class="${look}"`);
  if (posted) html = html.replace("</head>", () => `<meta name="posted" content="${quoted(posted)}"></head>`);
  const headers = new Headers(page.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(html, { headers });
}

function quoted(fields) {
  return JSON.stringify(fields).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

async function kept(name, request) {
  return (await caches.match(request, { cacheName: name })) ?? fetch(request);
}
