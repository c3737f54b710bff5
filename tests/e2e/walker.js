// Drives one walk inside its own page, by the same clicks a person makes. Ticks are a rule of the question's code.
async ({ city, stopAt }) => {
  const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const step = () => new URLSearchParams(location.search).get("at");
  const until = async (holds) => {
    for (let tries = 0; !holds(); tries += 1) {
      if (tries > 12000) throw new Error(`stuck at ${location.search}`);
      await rest(10);
    }
  };
  const tick = (box) => box && !box.checked && box.click();
  const groups = () => [...document.querySelectorAll("main fieldset")].map((each) => [...each.querySelectorAll("input")]);
  const place = (name, many) => [...name].reduce((sum, sign) => sum + sign.charCodeAt(0), 0) % many;

  for (let number = 0; step() !== "sent"; number += 1) {
    await until(() => document.querySelector("main #walk"));
    const here = step();
    if (here === "city") tick(document.querySelector(`input[name=city][value="${city}"]`));
    else if (here === "consent") tick(document.querySelector("#agreed"));
    else if (here !== "more") {
      for (const boxes of groups()) if (boxes.length) tick(boxes[place(boxes[0].name, boxes.length)]);
    }
    if (number === stopAt) {
      // Never done: ticks on and on, so that the kill falls into a change being written.
      document.documentElement.dataset.stopped = "yes";
      for (;;) {
        const boxes = [...document.querySelectorAll("main input[type=radio]")];
        boxes[Math.floor(Math.random() * boxes.length)]?.click();
        await rest(300);
      }
    }
    await rest(10);
    document.querySelector("main button.primary").click();
    for (let tries = 1; step() === here; tries += 1) {
      await rest(10);
      // Like a person, press again when the page was drawn anew under the finger.
      if (tries % 200 === 0) document.querySelector("main button.primary").click();
      if (tries > 12000) throw new Error(`stuck at ${location.search}`);
    }
  }
}
