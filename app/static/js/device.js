/** The screen of what lies on this device, and what its buttons do. */

import { draw } from "./frame.js";
import { keptFiles } from "./files.js";
import { sendAll } from "./queue.js";
import { stepAddress } from "./screens.js";
import { alone, change, list, read } from "./store.js";
import { device } from "./waiting.js";
import { t } from "./words.js";

let asking = "";

/** Show everything that lies on this device. */
export async function showDevice(said = "") {
  const [queue, begun, sent, files] = await Promise.all([...["queue", "drafts", "sent"].map(list), keptFiles()]);
  const drafts = begun.map((draft) => ({ ...draft, ...files.find(({ wave }) => wave === draft.wave)?.cities[draft.city] }));
  draw(device({ queue, drafts, sent, files, asking, said }));
}

/** Do what a button says with one answer, draft or receipt; gives a sentence about it. */
export async function act(action, id) {
  asking = action === "ask" ? id : "";
  if (action === "send") return (await sendAll({ force: true })) ? t("still_waits") : "";
  if (action === "delete") await change(["queue", id], ["drafts", id]);
  if (action === "forget") await change(["sent", id]);
  if (action === "correct") return correct(id);
  return "";
}

async function correct(id) {
  const { draft, problems } = (await read("queue", id)) ?? {};
  const opened = draft && (await alone(`draft ${draft.wave}`, async () => {
    if (await read("drafts", draft.wave)) return false;
    await change(["queue", id], ["drafts", draft.wave, { ...draft, wrong: problems?.[0]?.question }]);
    return true;
  }));
  if (!opened) return t("finish_first");
  location.assign(stepAddress(draft.wave, "check", "&back=check"));
  return "";
}
