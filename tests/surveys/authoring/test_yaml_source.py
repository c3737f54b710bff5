import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.authoring.yaml_source import MAX_BYTES, load, shipped
from surveys.errors import Defect, DefinitionError

SHIPPED = shipped()[0].read_text(encoding="utf-8")
SCALES = (shipped()[0].parent / "scales.yaml").read_text(encoding="utf-8")


def refused(folder: Path, text: str | bytes, scales: str = SCALES) -> tuple[Defect, ...]:
    path = folder / "test.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "scales.yaml").write_text(scales, encoding="utf-8")
    with pytest.raises(DefinitionError) as error:
        load(path)
    return error.value.defects


@pytest.mark.parametrize(
    ("text", "where", "code"),
    [
        ("code: a\n\tversion: 1", "test.yaml, line 2", "not_yaml"),
        ("code: [a", "test.yaml, line 1", "not_yaml"),
        ("code: a\n---\ncode: b", "test.yaml, line 2", "not_yaml"),
        ("code: &a x\nversion: *a", "test.yaml, line 2", "not_yaml"),
        ("code: !!python/object/apply:os.getcwd []", "test.yaml, line 1", "not_yaml"),
        ("code: !!int five", "test.yaml, line 1", "not_yaml"),
        ("code: a\ncode: b", "test.yaml, line 2", "duplicate_key"),
        ("? [a, b]\n: c", "test.yaml, line 1", "wrong_type"),
        ("- a\n- b", "test.yaml", "wrong_type"),
        ("just words", "test.yaml", "wrong_type"),
        ("", "test.yaml", "missing_key"),
        ("~", "test.yaml", "missing_key"),
        ("# a comment", "test.yaml", "missing_key"),
        ("[" * 50_000, "test.yaml", "too_deep"),
        ("{a: " * 5_000, "test.yaml", "too_deep"),
        ("code: \x00", "test.yaml", "not_yaml"),
        (b"code: \xff\xfe", "test.yaml", "not_utf8"),
        ("a" * (MAX_BYTES + 1), "test.yaml", "too_large"),
    ],
)
def test_a_file_that_is_not_plain_yaml_is_refused_by_line_and_never_by_a_trace(
    text: str | bytes, where: str, code: str, tmp_path: Path
) -> None:
    assert (where, code) in {(defect.where, defect.code) for defect in refused(tmp_path, text)}


def test_an_expanding_file_of_aliases_is_refused_before_it_expands(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert [defect.code for defect in refused(tmp_path, "\n".join(lines))] == ["not_yaml"]


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as error:
        load(tmp_path / "nothing.yaml")
    assert [(defect.where, defect.code) for defect in error.value.defects] == [("nothing.yaml", "unreadable")]


def test_a_key_given_twice_is_named_beside_the_other_defects(tmp_path: Path) -> None:
    defects = refused(tmp_path, SHIPPED.replace("minutes: 5", "minutes: 5\nminutes: 6\ncolour: red"))
    assert {defect.code for defect in defects} == {"duplicate_key", "unknown_key"}


def test_words_that_look_like_values_stay_words(tmp_path: Path) -> None:
    # In YAML 1.1 an unquoted `no` is false and 2026-01-01 is a date; here both are texts.
    (tmp_path / "scales.yaml").write_text(SCALES, encoding="utf-8")
    path = tmp_path / "test.yaml"
    path.write_text(re.sub('consent_version: "[0-9]+"', "consent_version: 2026-01-01", SHIPPED), encoding="utf-8")
    q = load(path)
    assert q.consent_version == "2026-01-01"
    assert [option.code for option in q.question("ctm_online").options] == ["yes", "no", "hard_to_say"]


@pytest.mark.parametrize(
    ("scales", "defect"),
    [
        ("satisfaction_5: [", ("scales.yaml, line 1", "not_yaml")),
        ("satisfaction_5: 5", ("scales.yaml", "wrong_type")),
        ("5", ("scales.yaml", "wrong_type")),
        ("satisfaction_5: []", ("test.yaml, page ctm, question ctm_online", "unknown_scale")),
        ("yes_no: [{code: yes, colour: red}]", ("scales.yaml, scale yes_no, option yes", "unknown_key")),
    ],
)
def test_a_defect_of_the_shared_scales_is_named_in_its_own_file(
    scales: str, defect: tuple[str, str], tmp_path: Path
) -> None:
    assert defect in {(defects.where, defects.code) for defects in refused(tmp_path, SHIPPED, scales)}


def test_both_files_are_read_before_anything_is_refused(tmp_path: Path) -> None:
    defects = refused(tmp_path, "code: [a", "yes_no: [")
    assert [defect.where for defect in defects] == ["scales.yaml, line 1", "test.yaml, line 1"]


@given(st.text(alphabet=st.sampled_from("ab: -[]{}&*!|>'\"#%@`,?~\n\t0")))
def test_any_scribble_is_refused_with_defects(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    assert refused(tmp_path_factory.mktemp("scribble"), text)
