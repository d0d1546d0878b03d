"""Which words a page uses: the right language, its review state, the unit's rules filled in.

A text is shown in the family's language where a translation of the present English is there, else in English. Where nobody has
reviewed the translation, urgent text stands beside its English.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from infantall.knowledge.guide.library import ENGLISH, GuideKnowledge, UnitRule, UnitRuleText
from infantall.knowledge.guide.overlay import Site, expired
from infantall.knowledge.library import Citation
from infantall.record.model import When

from .booklet import Block, Box, Bullets, Paragraph, Said, Write

_Text = TypeVar("_Text")
MOST_SOURCES = 2  # on a family's page; the bibliography has them all
_RULE = re.compile(r"\{rule:(\w+)\}$")
_NAME = re.compile(r"\{(\w+)\}")


class Interface(Protocol):
    """The words of the pages themselves, in one language (:mod:`infantall.report.guide.interface`)."""

    @property
    def language(self) -> str: ...

    @property
    def direction(self) -> Literal["ltr", "rtl"]: ...

    def say(self, english: str, **values: object) -> str: ...

    def said(self, english: str, **values: object) -> Said: ...

    def date(self, day: dt.date) -> str: ...

    def temperature(self, celsius: float) -> str: ...


@dataclass(frozen=True)
class Wording:
    """Everything that turns ids into words for one family.

    Attributes:
        sources: who says it in few words, by the key of the bibliography.
        baby: the name the guide uses; empty for "your baby".
        day: the day of the guide; None for a record without dates.
    """

    guide: GuideKnowledge
    site: Site
    words: Interface
    sources: Mapping[str, str]
    baby: str
    day: dt.date | None

    @property
    def language(self) -> str:
        return self.words.language

    def say(self, english: str, **values: object) -> Said:
        """A text of the page itself."""
        return self.words.said(english, **values)

    def said_in(self, language: str, english: str, **values: object) -> Said:
        """A text of the page in the language of what it stands with, which may be English on a page that is not."""
        if language == ENGLISH:
            return Said(english.format(**values) if values else english, ENGLISH)
        return self.say(english, **values)

    def pick(self, texts: Mapping[str, _Text]) -> tuple[_Text, str]:
        """A text in the family's language, else in English; and which it is."""
        language = self.language if self.language in texts else ENGLISH
        return texts[language], language

    def needs_english(self, file: str, language: str) -> bool:
        """Whether a translation must stand beside its English when it is urgent: nobody reviewed it."""
        return language != ENGLISH and (language, file) not in self.guide.reviewed_translations

    # -- unit rules ------------------------------------------------------------------------------------------------------

    def unit_sets(self, rule: str) -> bool:
        """Whether the unit's own rule stands on the day of the guide."""
        own = self.site.rules.get(rule)
        return own is not None and not expired(own, self.day)

    def number(self, rule: str, name: str) -> float:
        """A figure of a rule: the unit's, else the cautious one."""
        numbers = self.site.rules[rule].numbers if self.unit_sets(rule) else self.guide.rules[rule].numbers
        return numbers[name]

    def rule_box(self, identifier: str) -> Box:
        """A unit rule in its box: the unit's own with who set it, or the cautious one until the unit writes its own."""
        rule = self.guide.rules[identifier]
        return self._unit_box(rule) if self.unit_sets(identifier) else self._until_set_box(rule)

    def _unit_box(self, rule: UnitRule) -> Box:
        own = self.site.rules[rule.id]
        title, language = self.pick(rule.text)
        if own.says:
            lines, language = self.pick(own.says)
            blocks: list[Block] = [self.rule_lines(rule, lines, language)]
        else:
            blocks = self._with_english(rule, language, lambda text: text.unit_says or text.until_set)
        by = self.say(
            "Set by {name}, {role}, {site}, on {date}.",
            name=own.approved.by,
            role=own.approved.role,
            site=self.site.name,
            date=self.words.date(own.approved.on),
        )
        return Box("unit", self.said(title.title, self.pick(rule.text)[1]), (*blocks, Paragraph((by,), "small")))

    def _until_set_box(self, rule: UnitRule) -> Box:
        title, language = self.pick(rule.text)
        intro = [self.say("Until your unit writes its own rule here, use this. It is the most careful one that was read.")]
        own = self.site.rules.get(rule.id)
        if own is not None:
            date = self.words.date(own.approved.until)
            intro.insert(
                0, self.say("Your unit's own rule was approved until {date} and is not used. Ask for the new one.", date=date)
            )
        blocks: list[Block] = [Paragraph(tuple(intro)), *self._with_english(rule, language, lambda text: text.until_set)]
        if rule.must_ask:
            blocks.append(Write(f"unit.{rule.id}", self.say("Your unit's own rule"), 1))
        blocks.append(Paragraph((self.provenance(rule.statement.citations),), "small"))
        return Box("until_set", self.said(title.title, language), tuple(blocks))

    def _with_english(self, rule: UnitRule, language: str, lines: Callable[[UnitRuleText], tuple[str, ...]]) -> list[Block]:
        """A rule's sentences, with the English beside a translation that nobody reviewed."""
        blocks: list[Block] = [self.rule_lines(rule, list(lines(rule.text[language])), language)]
        if self.needs_english("rules.yaml", language):
            english = self.rule_lines(rule, list(lines(rule.text[ENGLISH])), ENGLISH)
            blocks.append(Box("english", self.say("In English"), (english,)))
        return blocks

    def provenance(self, citations: Iterable[Citation]) -> Said:
        """Who says it, each once."""
        names = dict.fromkeys(self.sources.get(citation.source, citation.source) for citation in citations)
        if len(names) > MOST_SOURCES + 1:
            few = "; ".join(list(names)[:MOST_SOURCES])
            return self.say("Sources: {names}; and {number} more.", names=few, number=len(names) - MOST_SOURCES)
        return self.say("Sources: {names}.", names="; ".join(names))

    def rule_lines(self, rule: UnitRule, lines: list[str], language: str) -> Bullets:
        """The sentences of a rule with its figures in their places."""
        values = {name: self.figure(rule, name, language) for name in rule.numbers}
        return Bullets(tuple(Said(_NAME.sub(lambda m: values.get(m[1], m[0]), line), language) for line in lines))

    def figure(self, rule: UnitRule, name: str, language: str) -> str:
        """A figure with its unit, written as the language of its sentence writes it."""
        value, unit = self.number(rule.id, name), rule.numbers_unit[name]
        if unit != "Cel":
            return self.duration(value, language)
        if language == ENGLISH:
            return f"{value:.1f} °C ({value * 9 / 5 + 32:.1f} °F)"
        return self.words.temperature(value)

    def duration(self, hours: float, language: str) -> str:
        """Hours as people say them: whole days from three days on."""
        days = hours >= 72 and hours % 24 == 0
        number, phrase = (f"{hours / 24:g}", "{number} days") if days else (f"{hours:g}", "{number} hours")
        if language == ENGLISH:
            return phrase.format(number=number)
        return self.words.say("{number} days", number=number) if days else self.words.say("{number} hours", number=number)

    # -- lines -----------------------------------------------------------------------------------------------------------

    def said(self, text: str, language: str) -> Said:
        """A line with its names filled in."""
        if "{" in text:
            text = text.replace("{baby}", self.baby or self.words.say("your baby"))
            text = text.replace("{gloves_time}", self.duration(self.number("gloves", "hours"), language))
        return Said(text, language)

    def blocks(self, lines: tuple[str, ...], language: str, style: Literal["plain", "do", "do_not"] = "plain") -> list[Block]:
        """Lines as lists, broken by the unit's rules in their boxes."""
        return self._broken(lines, language, style, with_rules=True)

    def english_beside(self, lines: tuple[str, ...], style: Literal["plain", "do", "do_not"] = "plain") -> list[Block]:
        """The English of lines that stand in another language already: the unit's rules carry their own English there."""
        return self._broken(lines, ENGLISH, style, with_rules=False)

    def _broken(
        self, lines: tuple[str, ...], language: str, style: Literal["plain", "do", "do_not"], with_rules: bool
    ) -> list[Block]:
        found: list[Block] = []
        run: list[Said] = []
        for line in lines:
            rule = _RULE.fullmatch(line.strip())
            if rule is None:
                run.append(self.said(line, language))
                continue
            if run:
                found.append(Bullets(tuple(run), style))
                run = []
            if with_rules:
                found.append(self.rule_box(rule[1]))
        if run:
            found.append(Bullets(tuple(run), style))
        return found

    def when(self, when: When | None) -> str:
        """A day as the family reads it."""
        if when is None:
            return ""
        if when.on is not None:
            return self.words.date(when.on)
        return self.words.say("day {number} from diagnosis", number=when.day) if when.day is not None else ""
