"""Texts of the demo's replies. All of them are invented, and each says so."""

from typing import NamedTuple

from app.feedback.reply_texts import EMPTY
from surveys.languages import Text3

EVIDENCE = "https://example.org/illustrative"
"""Where nothing of it can be seen."""
BODY = Text3("Үлгі орган", "Орган-пример", "An example of a body")
BODY_ADDRESS = "https://example.org/illustrative-body"


class DemoReply(NamedTuple):
    """A reply of the demo: to which theme, of which kind, what it says, and what a correction says (empty: none)."""

    theme: str
    kind: str
    text: Text3
    corrected: Text3 = EMPTY


ROADS = DemoReply(
    "its_roads",
    "done",
    Text3(
        "Үлгі дерек: сіздер жазған көшелердегі шұңқырларды жаптық, екі жерде асфальт қайта төселді. "
        "Ақау қайта пайда болса, мекенжайын жазыңыз.",
        "Иллюстративно: ямы на улицах, о которых вы писали, заделаны, на двух участках асфальт уложен заново. "
        "Если выбоины появятся снова, напишите адрес.",
        "Illustrative: the holes in the streets that you wrote about are filled, two stretches have new asphalt. "
        "If it breaks again, write the address.",
    ),
    Text3(
        "Үлгі дерек: сіздер жазған көшелердегі шұңқырларды жаптық, үш жерде асфальт қайта төселді. "
        "Бұған дейін екі жер деп қате жазған едік. Ақау қайта пайда болса, мекенжайын жазыңыз.",
        "Иллюстративно: ямы на улицах, о которых вы писали, заделаны, на трёх участках асфальт уложен заново. "
        "Раньше мы ошибочно написали про два участка. Если выбоины появятся снова, напишите адрес.",
        "Illustrative: the holes in the streets that you wrote about are filled, three stretches have new asphalt. "
        "Before we wrote two by mistake. If it breaks again, write the address.",
    ),
)
CLINICS = DemoReply(
    "hlt_appointment",
    "being_looked_at",
    Text3(
        "Үлгі дерек: дәрігерге жазылудың қиындығы туралы хаттарыңызды оқыдық. Қазір емханалардағы кезекті өзіміз "
        "тексеріп жатырмыз, не өзгеретінін төмендегі күнге дейін жазамыз.",
        "Иллюстративно: мы прочитали, как трудно записаться к врачу. Сейчас сами проверяем очереди в поликлиниках "
        "и до указанного ниже дня напишем, что изменится.",
        "Illustrative: we have read how hard it is to see a doctor. We are looking at the queues ourselves and will "
        "write by the day below what will change.",
    ),
)
HOUSES = DemoReply(
    "hcs_managers",
    "another_body",
    Text3(
        "Үлгі дерек: кіреберіс пен шатырға үйді басқаратын ұйым жауап береді, әкімдік оның орнына шешім қабылдай "
        "алмайды. Ұсыныстарыңызды оларға жеткіздік, қайда жүгіну керегі төменде.",
        "Иллюстративно: за подъезды и крышу отвечает организация, которая управляет домом, решать за неё акимат "
        "не может. Ваши предложения мы ей передали; куда обратиться, указано ниже.",
        "Illustrative: whoever manages a house is responsible for its stairs and roof, the akimat cannot decide for "
        "them. We passed your suggestions on; where to turn stands below.",
    ),
)
FARES = DemoReply(
    "its_fares",
    "cannot",
    Text3(
        "Үлгі дерек: автобус жолақысын биыл төмендете алмаймыз: оны төмендетсек, қаланың шетіне баратын бағыттарды "
        "қысқартуға тура келеді. Келесі жылдың бюджеті талқыланғанда бұл мәселеге қайта ораламыз.",
        "Иллюстративно: снизить плату за проезд в этом году не можем: тогда пришлось бы сократить маршруты на "
        "окраины. Вернёмся к этому вопросу при обсуждении бюджета следующего года.",
        "Illustrative: bus fares cannot be lowered this year: lines to the outskirts would have to be cut. We will "
        "come back to it when the next budget is discussed.",
    ),
)
LIGHTS = DemoReply(
    "scy_lighting",
    "done",
    Text3(
        "Үлгі дерек: сіздер атаған аулаларда жарық қайта қосылды, жанбай тұрған шамдар ауыстырылды.",
        "Иллюстративно: во дворах, которые вы назвали, свет снова горит, неисправные лампы заменены.",
        "Illustrative: the yards that you named are lit again, lamps that did not burn were replaced.",
    ),
)
DOGS = DemoReply(
    "scy_dogs",
    "cannot",
    Text3(
        "Үлгі дерек: қаңғыбас иттер туралы жазғандарыңызды оқыдық, жауаптың мәтіні әлі жазылып жатыр.",
        "Иллюстративно: мы прочитали, что вы пишете о бродячих собаках; текст ответа ещё пишется.",
        "",
    ),
)
RELEASED, WAITS, DRAFT = (ROADS, CLINICS, HOUSES, FARES), LIGHTS, DOGS
