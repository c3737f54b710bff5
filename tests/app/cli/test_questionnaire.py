from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from app.cli.questionnaire import questionnaire
from surveys.authoring.yaml_source import load, shipped


def run(*args: object) -> tuple[int, str]:
    result = CliRunner().invoke(questionnaire, [str(arg) for arg in args])
    return result.exit_code, result.output


def copied(folder: Path, old: str, new: str) -> Path:
    source = shipped()[0]
    text = source.read_text(encoding="utf-8")
    assert old in text
    (folder / "scales.yaml").write_bytes(source.with_name("scales.yaml").read_bytes())
    path = folder / "resident.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_shipped_questionnaires_are_linted_when_no_file_is_named() -> None:
    status, output = run("lint")
    assert status == 0
    assert [line.partition(",")[0] for line in output.splitlines()] == [
        "resident.yaml: nothing to mend",
        "business.yaml: nothing to mend",
        "staff.yaml: nothing to mend",
    ]


def test_an_error_fails_the_command_and_names_file_line_place_and_rule(tmp_path: Path) -> None:
    status, output = run("lint", copied(tmp_path, "работой полиции {city_in}", "работой полиции и судов {city_in}"))
    assert status == 1
    assert "page scy, question scy_police, label, language ru: error: asks two things at once" in output
    assert output.endswith("1 errors\n")


def test_a_warning_is_printed_and_fails_nothing(tmp_path: Path) -> None:
    unused = "  - {rule: leading_word, lang: ru, phrase: хорошие дороги, why: once}\n"
    status, output = run("lint", copied(tmp_path, "  - rule: untranslated\n", f"{unused}  - rule: untranslated\n"))
    assert (status, output.count(": warning: ")) == (0, 1)


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_a_questionnaire_goes_to_xlsform_and_back(path: Path, tmp_path: Path) -> None:
    form, back = tmp_path / "form.xlsx", tmp_path / "back.yaml"
    assert run("export", path, form)[0] == 0
    status, output = run("import", form, back)
    assert (status, output.count("\n")) == (0, 1)
    assert load(back).digest() == load(path).digest()


def test_what_cannot_be_carried_is_refused_and_left_out_by_name_when_told(tmp_path: Path) -> None:
    form, back = tmp_path / "form.xlsx", tmp_path / "back.yaml"
    run("export", shipped()[0], form)
    workbook = load_workbook(BytesIO(form.read_bytes()))
    workbook["survey"].append(["geopoint", "place"])
    workbook.save(form)
    row = workbook["survey"].max_row
    named = f"sheet survey, row {row}, type: geopoint: none of the five kinds of question"
    status, output = run("import", form, back)
    assert (status, back.exists()) == (1, False)
    assert named in output
    status, output = run("import", "--leave-out", form, back)
    assert status == 0
    assert f"left out: {named}" in output
    assert load(back).digest() == load(shipped()[0]).digest()


def test_a_file_that_is_no_workbook_or_no_questionnaire_is_refused_with_a_sentence(tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    form.write_bytes(b"PK\x03\x04 and nothing more")
    status, output = run("import", form, tmp_path / "back.yaml")
    assert (status, output) == (1, "Error: form.xlsx is not imported\nbroken_file\n")
    status, output = run("export", copied(tmp_path, "code: resident", "code: ''"), tmp_path / "out.xlsx")
    assert (status, output) == (1, "Error: resident.yaml: bad_code ('')\n")
