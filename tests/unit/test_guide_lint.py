"""Each phrase that is not said to parents has one sentence that is caught and one that is not, in every language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import infantall.knowledge
from infantall.knowledge.guide.lint import NEGATION, Phrase, lint_lines, plain, sentences_of
from infantall.text.yaml_places import read_yaml

FOLDER = Path(infantall.knowledge.__file__).parent / "data" / "guide" / "unsafe-phrases"
LANGUAGES = ("en", "es", "ar")

EXAMPLES: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "mouth-thermometer": ("Put the thermometer under the tongue.", "Do not take the temperature in the mouth."),
        "rectal": ("Slide it into the bottom.", "Never use the bottom."),
        "suppository": ("Give a suppository at night.", "Give no suppository."),
        "rinse-and-spit": ("Rinse and spit after feeds.", "Wipe the gums with a soft cloth."),
        "straw": ("Offer milk with a straw.", "Your baby cannot use a straw."),
        "honey": ("Try honey on a spoon.", "Do not give honey."),
        "mask-on-baby": ("Your baby should wear a mask in the clinic.", "Adults wear a mask when they change the dressing."),
        "ice-and-sweets": ("Ice cream can soothe the mouth.", "Give no ice cream or popsicles."),
        "chewing-gum": ("Chewing gum helps a dry mouth.", "Never give chewing gum."),
        "miconazole": ("Put miconazole gel on the white patches.", "Do not use miconazole gel."),
        "teething-gel": ("Rub teething gel on the gums.", "Put no teething gel on the gums."),
        "fever-medicine-for-teething": ("Give paracetamol for teething.", "Do not give paracetamol for teething."),
        "extra-water": ("Give extra water on hot days.", "Give no extra water."),
        "sunscreen": ("Put on sunscreen before you go out.", "Ask your team about sunscreen."),
        "co-sleeping": ("Take your baby into your bed.", "Do not sleep with your baby in your bed."),
        "pillow": ("Lay your baby on a pillow.", "Keep pillows and toys out of the cot."),
        "says-it-tingles": ("Call if your baby says the legs tingle.", "Your baby cannot tell you it tingles."),
        "numbing-cream-at-home": ("Put the numbing cream on before you leave.", "Ask your team before you use numbing cream at home."),
        "high-fibre": ("Offer more fibre.", "Ask your team about prune juice."),
        "deep-breathing": ("Deep breathing helps with pain.", "You can take a slow breath and step away."),
        "swallow-whole": ("Swallow the tablet whole.", "Your baby cannot swallow a tablet whole."),
        "formula-as-on-the-tin": ("Make the formula as it says on the tin.", "Do not make the powder as it says on the tin."),
        "dipped-dummy": ("Dip the dummy in syrup.", "Do not dip the dummy in anything."),
        "should-be-fine": ("Your baby should be fine.", "Most babies go home after a few weeks."),
        "a-little-is-fine": ("A little juice is fine.", "Ask before you give juice."),
        "miracle": ("It is a miracle drug.", "Doctors think it helps."),
        "promising": ("The first results look promising.", "We do not know yet if it works."),
        "battle": ("Your baby fights leukaemia.", "Your baby has to fight to breathe."),
        "best-chance": ("This is the best chance for your baby.", "This block clears the cells that were left."),
        "failed": ("The treatment failed.", "The leukaemia came back."),
        "your-fault": ("This may be your fault.", "This is not your fault."),
        "victim": ("Babies who suffer from leukaemia need care.", "Your baby does not have to suffer."),
        "odds": ("Ask about the odds.", "Ask what the study found."),
        "percentage": ("It helps 80 percent of babies.", "25 of the 30 babies were well."),
        "one-in-n": ("One in three babies has a fever.", "Call if there are fewer than 4 in 24 hours."),
        "dose": ("Give 2.5 mL with a syringe.", "Give what the label says."),
        "idiom": ("There will be ups and downs.", "Some days are harder than others."),
        "euphemism": ("A baby in the next room passed away.", "A baby in the next room died."),
    },
    "es": {
        "mouth-thermometer": ("Ponga el termómetro debajo de la lengua.", "No tome la temperatura en la boca."),
        "rectal": ("Mida la temperatura por el recto.", "Nunca por el recto."),
        "suppository": ("Ponga un supositorio.", "No use supositorios."),
        "rinse-and-spit": ("Debe enjuagarse y escupir.", "Limpie las encías con un paño suave."),
        "straw": ("Ofrezca leche con una pajita.", "Su bebé no puede beber con pajita."),
        "honey": ("Pruebe con miel.", "No dé miel."),
        "mask-on-baby": ("Ponga una mascarilla a su bebé.", "Los adultos llevan mascarilla, no su bebé."),
        "ice-and-sweets": ("Un helado calma la boca.", "Nunca dé helados."),
        "chewing-gum": ("El chicle ayuda.", "No dé chicle."),
        "miconazole": ("Use miconazol en gel.", "No use miconazol."),
        "teething-gel": ("Ponga gel para las encías.", "No ponga gel para las encías."),
        "fever-medicine-for-teething": ("Dé paracetamol para los dientes.", "No dé paracetamol para los dientes."),
        "extra-water": ("Dele agua si hace calor.", "No dé más agua."),
        "sunscreen": ("Use protector solar.", "Pregunte por el protector solar."),
        "co-sleeping": ("Puede dormir con su bebé.", "No debe dormir con su bebé."),
        "pillow": ("Use una almohada.", "Saque las almohadas de la cuna."),
        "says-it-tingles": ("Llame si su bebé dice que le duele.", "Su bebé no puede decir que siente hormigueo."),
        "numbing-cream-at-home": ("Ponga la crema anestésica antes de salir.", "Pregunte antes de usar la crema anestésica en casa."),
        "high-fibre": ("Dé comida rica en fibra.", "Pregunte antes de dar jugo de ciruela."),
        "deep-breathing": ("Respirar hondo ayuda.", "Usted puede respirar hondo y salir un momento."),
        "swallow-whole": ("Debe tragar la pastilla entera.", "Su bebé no puede tragar la pastilla entera."),
        "formula-as-on-the-tin": ("Prepare la fórmula según la lata.", "No prepare el polvo según la lata."),
        "dipped-dummy": ("Moje el chupete en jarabe.", "No moje el chupete en nada."),
        "should-be-fine": ("Todo saldrá bien.", "Muchos bebés vuelven a casa en unas semanas."),
        "a-little-is-fine": ("Un poco de jugo está bien.", "Pregunte antes de dar jugo."),
        "miracle": ("Es una medicina milagrosa.", "Los médicos creen que ayuda."),
        "promising": ("Es un resultado prometedor.", "Todavía no se sabe si funciona."),
        "battle": ("Su bebé lucha contra la leucemia.", "Su bebé lucha por respirar."),
        "best-chance": ("Es la mejor oportunidad.", "Este bloque quita las células que quedan."),
        "failed": ("El tratamiento fracasó.", "La leucemia volvió."),
        "your-fault": ("Puede ser su culpa.", "No es su culpa."),
        "victim": ("Los bebés que sufren leucemia necesitan cuidados.", "Su bebé no tiene que sufrir."),
        "odds": ("Pregunte por la tasa de supervivencia.", "Pregunte qué vio el estudio."),
        "percentage": ("Ayuda al 80 por ciento.", "25 de los 30 bebés estaban bien."),
        "one-in-n": ("Uno de cada tres bebés tiene fiebre.", "Llame si hay menos de 4 pañales mojados en un día."),
        "dose": ("Dé 2,5 ml con la jeringa.", "Dé lo que dice la etiqueta."),
        "idiom": ("Será una montaña rusa.", "Hay días más difíciles que otros."),
        "euphemism": ("Un bebé falleció.", "Un bebé murió."),
    },
    "ar": {
        "mouth-thermometer": ("ضعوا ميزان الحرارة تحت اللسان.", "لا تقيسوا الحرارة في الفم."),
        "rectal": ("قيسوا الحرارة من الشرج.", "لا تقيسوها من الشرج أبدًا."),
        "suppository": ("أعطوا تحميلة ليلًا.", "لا تعطوا أي تحميلة."),
        "rinse-and-spit": ("المضمضة بعد الطعام مفيدة.", "امسحوا اللثة بقماش ناعم."),
        "straw": ("قدّموا الحليب بالقشة.", "لا تقدّموا الحليب بالقشة."),
        "honey": ("جرّبوا العسل.", "لا تعطوا العسل."),
        "mask-on-baby": ("ضعوا كمامة على وجه طفلكم.", "يلبس الكبار كمامة قرب الطفل."),
        "ice-and-sweets": ("المثلجات تهدّئ الفم.", "لا تعطوا المثلجات."),
        "chewing-gum": ("العلكة مفيدة.", "لا تعطوا العلكة."),
        "miconazole": ("ضعوا جل الميكونازول.", "لا تضعوا الميكونازول."),
        "teething-gel": ("ضعوا جل التسنين على اللثة.", "لا تضعوا جل التسنين."),
        "fever-medicine-for-teething": ("أعطوا الباراسيتامول عند التسنين.", "لا تعطوا الباراسيتامول عند التسنين."),
        "extra-water": ("أعطوا طفلكم الماء في الحر.", "لا تعطوا المزيد من الماء."),
        "sunscreen": ("استعملوا واقي الشمس.", "اسألوا فريقكم عن واقي الشمس."),
        "co-sleeping": ("يمكن أن ينام الطفل في سريركم.", "لا ينام الطفل في سريركم."),
        "pillow": ("ضعوا وسادة تحت رأسه.", "أبعدوا الوسائد عن السرير."),
        "says-it-tingles": ("اتصلوا إذا قال طفلكم إنه يتألم.", "لا يقدر الطفل أن يخبركم عن الوخز."),
        "numbing-cream-at-home": ("ضعوا كريم التخدير قبل الخروج.", "اسألوا قبل وضع كريم التخدير في البيت."),
        "high-fibre": ("أعطوا طعامًا غنيًا بالألياف والمزيد من الألياف.", "اسألوا قبل عصير الخوخ."),
        "deep-breathing": ("التنفس العميق يساعد.", "غنّوا لطفلكم."),
        "swallow-whole": ("يجب أن يبلع القرص كاملًا.", "لا يبلع الرضيع القرص كاملًا."),
        "formula-as-on-the-tin": ("حضّروا الحليب كما هو مكتوب على العلبة.", "لا تحضّروا الحليب كما هو مكتوب على العلبة."),
        "dipped-dummy": ("اغمسوا اللهاية في الشراب.", "لا تغمسوا اللهاية في شيء."),
        "should-be-fine": ("سيكون كل شيء بخير.", "يعود كثير من الأطفال إلى البيت بعد أسابيع."),
        "a-little-is-fine": ("القليل من العصير لا يضر.", "اسألوا قبل العصير."),
        "miracle": ("هذا الدواء معجزة.", "يظن الأطباء أنه يساعد."),
        "promising": ("هذا علاج واعد.", "قواعد الطعام لا تُعرف بعد."),
        "battle": ("طفلكم محارب.", "طفلكم يكافح كي يتنفس."),
        "best-chance": ("هذه هي الفرصة الوحيدة.", "هذا الجزء يزيل الخلايا الباقية."),
        "failed": ("فشل العلاج.", "عادت اللوكيميا."),
        "your-fault": ("قد يكون هذا ذنبكم.", "هذا ليس ذنبكم."),
        "victim": ("الطفل الذي يعاني من اللوكيميا.", "عند طفلكم لوكيميا."),
        "odds": ("اسألوا عن نسبة الشفاء.", "اسألوا ماذا وجدت الدراسة."),
        "percentage": ("يساعد ٨٠٪ من الأطفال.", "كان 25 طفلًا من 30 بخير."),
        "one-in-n": ("واحد من كل ثلاثة أطفال عنده حرارة.", "كان 25 طفلًا من 30 بخير."),
        "dose": ("أعطوا 2.5 مل بالمحقنة.", "أعطوا ما يقوله الملصق."),
        "idiom": ("سترون الضوء في نهاية النفق.", "بعض الأيام أصعب من غيرها."),
        "euphemism": ("طفل آخر فارق الحياة.", "طفل آخر مات."),
    },
}  # fmt: skip


def items(language: str) -> list[dict[str, Any]]:
    return read_yaml((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))[0]["phrases"]


def phrases(language: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(p["id"], p["pattern"], p["because"], tuple(p.get("allowed_if", ()))) for p in items(language))


PHRASES = {language: phrases(language) for language in LANGUAGES}


def found(sentence: str, language: str = "en", place: str = "text") -> list[tuple[str, str, str]]:
    return lint_lines([(place, sentence)], PHRASES[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_has_its_examples(language: str) -> None:
    ids = [phrase.id for phrase in PHRASES[language]]
    assert len(ids) == len(set(ids))
    assert set(ids) - {NEGATION} == set(EXAMPLES[language])


@pytest.mark.parametrize(("language", "phrase"), [(language, name) for language in LANGUAGES for name in EXAMPLES[language]])
def test_caught_and_not_caught(language: str, phrase: str) -> None:
    caught, fine = EXAMPLES[language][phrase]
    because = next(p.because for p in PHRASES[language] if p.id == phrase)
    assert because in {expected for _, _, expected in found(caught, language)}
    assert found(fine, language) == []


def test_what_is_reported_names_place_words_and_reason() -> None:
    [(place, what, expected)] = found("Wash your hands. Try honey on a spoon.", place="topic do[1]")
    assert place == "topic do[1]"
    assert what == "'honey' in 'Try honey on a spoon.'"
    assert expected == "no honey of any kind before the first birthday"


def test_a_no_in_another_sentence_excuses_nothing() -> None:
    assert found("Never wait. Give honey.")
    assert found("No visits; give honey.")
    assert not found("Honey can hold a germ that harms babies.")
    assert not found("Never do these: honey, extra water, a straw.")


def test_a_no_before_a_but_excuses_nothing() -> None:
    assert found("Do not use the mouth but slide it into the bottom.")
    assert found("No use la boca, pero mida por el recto.", "es")
    assert found("لا تقيسوها في الفم ولكن من الشرج.", "ar")


def test_under_a_heading_do_not_bare_instructions_are_fine_but_not_figures_or_war_words() -> None:
    assert not found("Honey, cooked or not.", place="text.do_not[0]")
    assert found("Battle talk.", place="text.do_not[0]")
    assert found("10 percent of it.", place="text.do_not[0]")


def test_case_and_typographic_signs_hide_nothing() -> None:
    assert found("HONEY is sweet.")
    assert found("Slide it into your baby’s bottom.")
    assert not found("Don’t give honey.")
    assert found("80\u202f% of babies")


def test_arabic_vowel_marks_digits_and_letter_forms_hide_nothing() -> None:
    assert plain("أَعْطُوا العَسَـل") == plain("اعطوا العسل")
    assert found("أَعْطُوا العَسَل.", "ar")
    assert found("أعطوا ٥ مل.", "ar")


@pytest.mark.parametrize("text", ["Der Wert ist 37.4 °C. Call now.", "Is it 38.0? Call now."])
def test_a_decimal_point_ends_no_sentence(text: str) -> None:
    assert len(list(sentences_of(text))) == 2


def test_figures_that_are_fine() -> None:
    for sentence in (
        "25 of the 30 babies were alive.",
        "Call at 38.0 °C.",
        "Fewer than 4 wet nappies in 24 hours.",
        "It takes 28 days.",
    ):
        assert found(sentence) == [], sentence


def test_no_phrase_catches_nothing_when_there_are_none() -> None:
    assert lint_lines([("text", "Give honey.")], []) == []


def test_not_without_a_language_s_words_for_it_allows_nothing() -> None:
    honey = Phrase("honey", "honey", "no honey", ("{not}",))
    assert lint_lines([("text", "No honey.")], [honey]) == [("text", "'honey' in 'No honey.'", "no honey")]
