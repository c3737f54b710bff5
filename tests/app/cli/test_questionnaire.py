from pathlib import Path

from click.testing import CliRunner

from app.cli.questionnaire import questionnaire
from surveys.yaml_source import shipped


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
