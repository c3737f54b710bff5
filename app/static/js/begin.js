/** On the server's own pages: sets the worker up, then offers to go on without the network. The form needs none of it. */

const [, , wave, ...rest] = location.pathname.split("/");
const offer = document.getElementById("go-offline");
const waiting = document.getElementById("waiting");
const html = document.documentElement;

function show({ kept, waiting: number }) {
  if (waiting && number) waiting.hidden = false;
  if (!offer || !kept) return;
  const at = rest.at(-1);
  const link = offer.firstElementChild;
  link.href = `/s/${wave}/offline?lang=${html.lang}&take=1` + (at ? `&at=${at}` : "");
  offer.hidden = false;
  link.onclick = () => {
    const fields = [...new FormData(document.getElementById("walk") ?? undefined)];
    sessionStorage.setItem("posted", JSON.stringify({ wave, at, fields }));
  };
}

async function begin() {
  const worker = navigator.serviceWorker;
  await worker.register("/s/worker.js", { scope: "/s/", updateViaCache: "none" });
  const { active } = await worker.ready;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => show(data);
  active.postMessage({ wave: offer && wave, lang: html.lang, look: html.className }, [port2]);
}

if (navigator.serviceWorker) addEventListener("load", () => begin().catch(() => undefined));
