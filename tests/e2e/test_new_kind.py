"""A new kind of question on the phone: read, refused and drawn by the survey's own steps, with its one row added."""

import json

import pytest
from playwright.sync_api import Browser

from surveys.authoring.yaml_source import load
from surveys.questionnaire.kinds import KINDS, RefusedError
from tests.app.new_kind.stars import HERE, SCRIPT, STARS
from tests.e2e.airplane import Island

pytestmark = pytest.mark.e2e

STEP = """async ({page, place, typed}) => {
  const modules = ['kinds', 'dom', 'words'].map((name) => import(`/static/js/${name}.js`));
  const [kinds, {h}, words] = await Promise.all(modules);
  kinds.KINDS.stars = starsRow({...kinds, h});
  await words.loadWords();
  document.documentElement.lang = 'kk';  // the words of another language are those of a shell, as on a phone
  const {readers} = await import('/static/js/forms.js');
  const {screens} = await import('/static/js/screens.js');
  const data = new FormData();
  for (const [name, value] of Object.entries(typed)) data.append(name, value);
  const read = readers.questions({page}, data);
  const view = {page, place, typed: read.typed, faults: read.faults, steps: ['ctm'], at: 'ctm'};
  const holder = document.createElement('main');
  holder.append(...screens.questions(view).slice(1).flat(9).filter(Boolean));
  const drawn = Object.fromEntries([...holder.querySelectorAll('input[type=range]')].map((field) => [
    field.name, [field.getAttribute('value'), field.getAttribute('aria-describedby')]]));
  return {answers: read.edit({answers: {}}).answers, faults: read.faults, drawn};
}"""


@pytest.mark.parametrize("stars", ["7", "5", "10", "11", "0", "", "x"])
def test_it_is_asked_on_the_phone_as_the_server_asks_it(
    chromium: Browser, isle: Island, monkeypatch: pytest.MonkeyPatch, stars: str
) -> None:
    monkeypatch.setitem(KINDS, STARS.code, STARS)
    q = load(HERE / "form.yaml")
    raw = json.loads(q.to_json())["pages"][0]
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{isle.base}/s/rights?lang=ru")
    typed = {"service": stars, "staff": stars, "used": "yes"}
    sent = {"page": raw, "place": {}, "typed": typed}
    step = page.evaluate(f"(sent) => {{ {SCRIPT} return ({STEP})(sent); }}", sent)
    context.close()
    answers, refused = {"used": "yes"}, set()
    for code in ("service", "staff"):
        try:
            answers[code] = str(STARS.clean(q.question(code), stars, "almaty"))
        except RefusedError:
            refused.add(code)
    assert step["answers"] == {code: answer for code, answer in answers.items() if answer}
    assert step["faults"].keys() == refused
    assert step["drawn"] == {
        code: [stars, f"{code}-error" if code in refused else None] for code in ("service", "staff")
    }
