from hypothesis import given

from surveys.authoring.validation import find_defects
from surveys.questionnaire.definition import Questionnaire
from tests.builders.questionnaires import questionnaires


@given(questionnaires())
def test_validation_of_any_questionnaire_ends_without_a_trace(q: Questionnaire) -> None:
    assert {defect.code for defect in find_defects(q, "drawn")} <= {"unreachable"}
