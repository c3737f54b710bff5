"""How a text reads, language by language: conjunctions, leading words, length, and a city's name in the wrong form."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

MOST_CHARACTERS: Final = 150
"""Of a question: ten seconds of listening at fifteen characters a second, the pace subtitles keep to."""

_I: Final = re.IGNORECASE


class Speech(NamedTuple):
    """What a language's words give away; `most_words` of a sentence is said of that language alone."""

    most_words: int
    joins: re.Pattern[str]
    leads: re.Pattern[str]
    praise: re.Pattern[str]
    blame: re.Pattern[str]
    doubled: re.Pattern[str]


SPEECH: Final[Mapping[str, Speech]] = {
    # English plain-language guides end a sentence at 25 words; Russian has no articles and Kazakh no prepositions
    # either, so the same thought takes fewer and longer words.
    "kk": Speech(
        most_words=18,
        joins=re.compile(r"\b(?:және|мен|бен|пен|әрі|сондай-ақ|немесе|не|әлде)\b", _I),
        leads=re.compile(r"\b(?:жақсы|жақсар|нашар|керемет|тамаша|жаман|мәселе|әрине|келісесіз бе)\w*", _I),
        praise=re.compile(r"қанағаттан|жақсы|тамаша|келіс", _I),
        blame=re.compile(r"қанағаттанба\w*|жоқ па|нашар\w*|жаман\w*|келіспе\w*", _I),
        doubled=re.compile(r"\{city_(?:in|of)\}\s+қаласы\w*", _I),
    ),
    "ru": Speech(
        most_words=20,
        joins=re.compile(r"\b(?:и|или|либо|а также)\b", _I),
        leads=re.compile(
            r"\b(?:не)?(?:хорош|плох|отличн|ужасн|проблем|улучш|ухудш)\w*|\b(?:конечно|разве|неужели)\b"
            r"|согласны ли|не считаете ли",
            _I,
        ),
        praise=re.compile(r"удовлетвор|хорош|отличн|соглас", _I),
        blame=re.compile(r"не\s*удовлетвор\w*|не\s*соглас\w*|плох\w*|ужасн\w*|\bнет\b", _I),
        doubled=re.compile(r"\bво?\s+\{city_in\}|\bгород[ае]?\s+\{city_(?:in|of)\}", _I),
    ),
    "en": Speech(
        most_words=25,
        joins=re.compile(r"\b(?:and|or|as well as|and/or)\b", _I),
        leads=re.compile(
            r"\b(?:good|better|bad|excellent|poor|terrible|problem|improv|worse)\w*|\b(?:surely|of course)\b"
            r"|do you agree|do you not|don[’']t you",
            _I,
        ),
        praise=re.compile(r"satisf|\bgood|excellent|agree", _I),
        blame=re.compile(r"dissatisf\w*|unsatisf\w*|not satisf\w*|disagree\w*|\bbad\w*|\bpoor\w*", _I),
        doubled=re.compile(r"\bin\s+\{city_in\}|\bof\s+\{city_of\}", _I),
    ),
}

_SENTENCE = re.compile(r"(?<=[.!?…:;])\s+")
_WORDS = re.compile(r"\{\w+\}|[^\W_][\w’'.@/-]*")
_GLUED = re.compile(r"\w\{|\}-?\w")
_SMALL = re.compile(r"\{city_(?:in|of)\}")


def question_faults(lang: str, words: str) -> Iterator[tuple[str, str]]:
    """Give rule and detail of what is wrong with the wording of a question in a language."""
    if match := SPEECH[lang].joins.search(words):
        yield "double_barrelled", f"“{match[0]}”"
    if len(words) > MOST_CHARACTERS:
        yield "long_question", f"{len(words)} characters of {MOST_CHARACTERS}"


def leading_words(lang: str, words: str) -> Iterator[tuple[str, str]]:
    """Give rule and detail of a word that leads to an answer."""
    if match := SPEECH[lang].leads.search(words):
        yield "leading_word", f"“{match[0]}”"


def reading_faults(lang: str, words: str) -> Iterator[tuple[str, str]]:
    """Give rule and detail of what makes any text hard to read, or the city's name wrong in it."""
    most = SPEECH[lang].most_words
    for sentence in _SENTENCE.split(words):
        if (count := len(_WORDS.findall(sentence))) > most:
            yield "long_sentence", f"{count} words of {most}"
    if match := _GLUED.search(words):
        yield "glued_suffix", match[0]
    if match := SPEECH[lang].doubled.search(words):
        yield "doubled_case", f"“{match[0]}”"
    if lang != "kk" and _SMALL.match(words):  # in Kazakh the form begins with the name itself
        yield "small_start", words[:20]


def sides(lang: str, words: str) -> tuple[bool, bool]:
    """Tell whether a text names the good side of a scale, and whether it names the bad one."""
    without_blame = SPEECH[lang].blame.sub(" ", words)
    return SPEECH[lang].praise.search(without_blame) is not None, without_blame != words
