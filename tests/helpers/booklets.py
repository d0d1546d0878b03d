"""Made-up booklets for the renderers: every block, in English, Spanish and Arabic."""

from __future__ import annotations

from infantall.family.booklet import (
    Ask,
    Booklet,
    Box,
    Bullets,
    Fold,
    Heading,
    Icons,
    Links,
    Page,
    Paragraph,
    Phone,
    Phones,
    Said,
    Table,
    Write,
)

LANGUAGES = ("en", "es", "ar")

_SAID: dict[str, tuple[str, str, str]] = {
    "guide": ("A guide for Bean's family", "Una guía para la familia de Bean", "دليل لعائلة Bean"),
    "unreviewed": (
        "Nobody outside the project has reviewed this guide.",
        "Nadie fuera del proyecto ha revisado esta guía.",
        "لم يراجع هذا الدليل أحد من خارج المشروع.",
    ),
    "general": (
        "General information. Your unit's own words come first.",
        "Información general. Lo que diga su hospital está primero.",
        "معلومات عامة. كلام وحدتكم يأتي أولًا.",
    ),
    "pack": ("Pack 1a2b3c, made for 3 May 2026", "Guía 1a2b3c, para el 3 de mayo de 2026", "الدليل 1a2b3c، ليوم 3 مايو 2026"),
    "today": ("Today", "Hoy", "اليوم"),
    "induction": (
        "Your baby is in induction. This block clears the leukaemia that can be seen.",
        "Su bebé está en la inducción. Esta etapa elimina la leucemia que se puede ver.",
        "طفلكم في مرحلة الحث. هذه المرحلة تزيل اللوكيميا التي يمكن رؤيتها.",
    ),
    "fever rule": ("The fever rule", "La regla de la fiebre", "قاعدة الحمّى"),
    "armpit": (
        "37.4 °C (99.3 °F) or more under the arm.",
        "37,4 °C (99,3 °F) o más en la axila.",
        "37.4 °C (99.3 °F) أو أكثر تحت الإبط.",
    ),
    "any way": (
        "38.0 °C (100.4 °F) or more, any way.",
        "38,0 °C (100,4 °F) o más, de cualquier forma.",
        "38.0 °C (100.4 °F) أو أكثر، بأي طريقة.",
    ),
    "until": (
        "Until your unit writes its own rule here, use this.",
        "Use esto hasta que su hospital escriba su regla.",
        "استعملوا هذا إلى أن تكتب وحدتكم قاعدتها.",
    ),
    "ward": ("Hospital ward, day and night", "Planta del hospital, de día y de noche", "جناح المستشفى، نهارًا وليلًا"),
    "clinic": ("Clinic, opening hours", "Clínica, en horario de atención", "العيادة، في ساعات الدوام"),
    "say so": ("Say: my baby is on chemo.", "Diga: mi bebé recibe quimioterapia.", "قولوا: طفلي يأخذ العلاج الكيماوي."),
    "red": ("Call an ambulance", "Llame a una ambulancia", "اتصلوا بالإسعاف"),
    "blue": ("Your baby is blue or grey.", "Su bebé está azul o gris.", "طفلكم أزرق أو رمادي اللون."),
    "woken": ("Your baby cannot be woken.", "No puede despertar a su bebé.", "لا تستطيعون إيقاظ طفلكم."),
    "amber": (
        "Call the team now, day or night",
        "Llame al equipo ahora, de día o de noche",
        "اتصلوا بالفريق الآن، نهارًا أو ليلًا",
    ),
    "hoarse": ("A hoarse or odd cry.", "Un llanto ronco o raro.", "بكاء أجش أو غريب."),
    "green": ("Call in opening hours", "Llame en horario de atención", "اتصلوا في ساعات الدوام"),
    "rash": (
        "Nappy rash that is not better in a day.",
        "Rozadura del pañal que no mejora en un día.",
        "طفح الحفاض الذي لا يتحسن خلال يوم.",
    ),
    "medicines": ("Your medicines now", "Las medicinas de ahora", "أدوية طفلكم الآن"),
    "medicine": ("Medicine", "Medicina", "الدواء"),
    "look for": ("Look for", "Observe si hay", "ما الذي تراقبونه"),
    "why here": ("Why it is here", "Por qué está aquí", "لماذا هو هنا"),
    "no poo": ("No poo", "No hace caca", "لا يتبرز"),
    "recorded": ("Recorded on 3 May 2026", "Anotada el 3 de mayo de 2026", "سُجّل في 3 مايو 2026"),
    "week": ("This week", "Esta semana", "هذا الأسبوع"),
    "hands": ("Wash hands", "Lávese las manos", "اغسلوا أيديكم"),
    "hands first": (
        "Wash your hands before you touch the line.",
        "Lávese las manos antes de tocar el catéter.",
        "اغسلوا أيديكم قبل لمس القسطرة.",
    ),
    "ill": ("Do not let ill people visit.", "No deje que lo visiten personas enfermas.", "لا تسمحوا بزيارة المرضى."),
    "why": ("Why is this here?", "¿Por qué está esto aquí?", "لماذا هذا هنا؟"),
    "line": ("Your baby has a central line.", "Su bebé tiene un catéter central.", "لدى طفلكم قسطرة مركزية."),
    "pets": ("Pets", "Mascotas", "الحيوانات الأليفة"),
    "sleep": ("Sleep", "Sueño", "النوم"),
    "pets do": (
        "Wash hands after you touch a pet.",
        "Lávese las manos después de tocar una mascota.",
        "اغسلوا أيديكم بعد لمس حيوان أليف.",
    ),
    "sources": ("Sources: CCLG. Not yet checked.", "Fuentes: CCLG. Todavía no revisado.", "المصادر: CCLG. لم يُراجع بعد."),
    "back": ("Put your baby to sleep on the back.", "Acueste a su bebé boca arriba.", "ضعوا طفلكم على ظهره عند النوم."),
    "questions": ("Questions to ask", "Preguntas para hacer", "أسئلة لطرحها"),
    "diagnosis": ("At diagnosis", "En el diagnóstico", "عند التشخيص"),
    "type": ("Is it B or T?", "¿Es de tipo B o T?", "هل هو من نوع B أم T؟"),
    "kmt2a": ("What is the KMT2A result?", "¿Cuál es el resultado de KMT2A?", "ما نتيجة KMT2A؟"),
    "own": ("My own question", "Mi propia pregunta", "سؤالي الخاص"),
    "bag": ("Our bag is packed", "Nuestra bolsa está lista", "حقيبتنا جاهزة"),
    "one week": ("One week", "Una semana", "أسبوع واحد"),
    "by day": ("Day by day", "Día por día", "يومًا بيوم"),
    "day": ("Day", "Día", "اليوم"),
    "feeds": ("Feeds", "Tomas", "الرضعات"),
    "nappies": ("Wet nappies", "Pañales mojados", "الحفاضات المبللة"),
    "numbers": ("Numbers", "Cifras", "الأرقام"),
    "alive": ("alive", "vivos", "على قيد الحياة"),
    "died": ("died", "fallecieron", "توفّوا"),
    "28": (
        "About 28 of the 30 babies were alive after 2 years.",
        "Unos 28 de los 30 bebés vivían después de 2 años.",
        "نحو 28 من 30 طفلًا كانوا على قيد الحياة بعد سنتين.",
    ),
    "past": (
        "These babies were treated in the past.",
        "A estos bebés se les trató en el pasado.",
        "عولج هؤلاء الأطفال في الماضي.",
    ),
    "all for screen": ("Only on a screen.", "Solo en pantalla.", "على الشاشة فقط."),
    "more here": ("More about this", "Más sobre esto", "المزيد عن هذا"),
}


def text(key: str, language: str) -> str:
    """What the sample says."""
    return _SAID[key][LANGUAGES.index(language)]


def sample(language: str = "en") -> Booklet:
    """A booklet with every kind of block."""

    def s(key: str) -> Said:
        return Said(text(key, language), language)

    today = Page(
        "today",
        "today",
        s("today"),
        (
            Paragraph((s("induction"),), "lead"),
            Box("until_set", s("fever rule"), (Bullets((s("armpit"), s("any way"))), Paragraph((s("until"),), "small"))),
            Phones((Phone(s("ward"), "+44 20 7946 0000", s("say so")), Phone(s("clinic")))),
            Box("red", s("red"), (Bullets((s("blue"), s("woken"))),)),
            Box("amber", s("amber"), (Bullets((s("any way"), s("hoarse"))),)),
            Box("green", s("green"), (Bullets((s("rash"),)),)),
            Table(
                s("medicines"),
                (s("medicine"), s("look for"), s("why here")),
                (((Said("Vincristine"),), (s("hoarse"), s("no poo")), (s("recorded"),)),),
            ),
            Heading(s("week"), 2, "this-week"),
            Box("card", s("hands"), (Bullets((s("hands first"),), "do"), Bullets((s("ill"),), "do_not"))),
            Box("unit", s("fever rule"), (Paragraph((s("armpit"),)),)),
            Box("notice", None, (Paragraph((s("unreviewed"),)),)),
            Fold(s("why"), (Paragraph((s("line"),), "small"),)),
            Fold(s("more here"), (Paragraph((s("all for screen"),)),), screen_only=True),
            Links((("topic-infection.pets", s("pets")), ("topic-life.sleep", s("sleep")), ("topic-nowhere", s("sleep")))),
        ),
    )
    english = Box("english", Said("In English"), (Bullets((Said("Wash hands after you touch a pet."),), "do"),))
    topic = Page(
        "topic-infection.pets",
        "topic",
        s("pets"),
        (Bullets((s("pets do"),), "do"), *([english] if language != "en" else []), Paragraph((s("sources"),), "small")),
    )
    sleep = Page("topic-life.sleep", "topic", s("sleep"), (Paragraph((s("back"),)),))
    questions = Page(
        "questions",
        "questions",
        s("questions"),
        (
            Heading(s("diagnosis")),
            Ask("ask.diagnosis.type", s("type")),
            Ask("ask.diagnosis.kmt2a", s("kmt2a"), 3),
            Write("own.1", s("own"), 2),
            Bullets((s("bag"),), "tick"),
        ),
    )
    week = tuple(((Said(str(day), language),), (), ()) for day in range(1, 8))
    log = Page(
        "log", "log", s("one week"), (Table(s("by day"), (s("day"), s("feeds"), s("nappies")), week, "form"),), paper="compact"
    )
    outlook = Page(
        "outlook",
        "outlook",
        s("numbers"),
        (Paragraph((s("past"),)), Icons(30, 28, s("alive"), s("died"), s("28"))),
        screen_only=True,
    )
    return Booklet(
        "baby-01",
        s("guide"),
        language,
        "rtl" if language == "ar" else "ltr",
        "2026-05-03",
        (today, topic, sleep, questions, log, outlook),
        (s("unreviewed"),),
        (s("general"), s("pack")),
        "1a2b3c4d5e6f",
    )


def booklet(*blocks: object, language: str = "en", **changes: object) -> Booklet:
    """A booklet of one page that holds the blocks."""
    page = Page("today", "today", Said("Today", language), tuple(blocks))  # type: ignore[arg-type]
    side = "rtl" if language == "ar" else "ltr"
    fields: dict[str, object] = {
        "id": "b",
        "title": Said("Guide", language),
        "language": language,
        "direction": side,
        "as_of": "2026-05-03",
        "pages": (page,),
        "notices": (),
        "footer": (Said("Foot", language),),
        "fingerprint": "f",
    }
    return Booklet(**(fields | changes))  # type: ignore[arg-type]
