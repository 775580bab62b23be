"""Short fables, written by a grammar of our own: who is in them, what happens and how it is told are drawn by lot.

A plot is a text with choices in brackets, [a|b|c], which may stand in each other, and words in braces. For a role x
these are {x}, {X} (the fox, The fox), {nx}, {Nx} (fox, Fox), {he_x}, {He_x}, {him_x}, {his_x}, {His_x}, {self_x}
(himself), {home_x} and {food_x}; all others are those of `WORDS`, and {the_treat} is the {treat} of before.
"""

import re
import textwrap
from dataclasses import dataclass
from random import Random

from gendesk.data.progress import Progress
from gendesk.data.text.cleaning import STORY_BREAK
from gendesk.data.text.fables_cast import CAST, Animal
from gendesk.data.text.fables_plots import Plot
from gendesk.data.text.fables_plots_deeds import DEEDS
from gendesk.data.text.fables_plots_tricks import TRICKS
from gendesk.data.text.fables_plots_words import TALKS
from gendesk.data.text.fables_world import WORDS
from gendesk.data.text.reading import RawText

VERSION = "2"
COUNT = 2_500
_SEED = 20_240_611
_PLOTS = (*TRICKS, *DEEDS, *TALKS)
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_ANSWER = re.compile(r"(\?\" \"[^\"]*\" )\{said\}")
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiouAEIOU])")
_PRONOUNS = {"m": ("he", "him", "his", "himself"), "f": ("she", "her", "her", "herself")}
_WIDTH = 78


def version() -> str:
    return VERSION


def read(limit: int, progress: Progress) -> RawText:
    """Write all fables, with five line ends between them, and cut them off at the limit; raises Cancelled."""
    rng = Random(_SEED)
    fables: dict[str, None] = {}
    order: list[Plot] = []
    while len(fables) < COUNT:
        if not order:  # every plot once before one comes again, so that no two neighbours tell the same
            order = rng.sample(_PLOTS, len(_PLOTS))
        fables.setdefault(tell(order.pop(), rng))
        progress.update(0.1 * len(fables) / COUNT, "Writing fables")
    text = STORY_BREAK.join(fables) + "\n"
    return RawText((text[:limit],), len(text) > limit)


def tell(plot: Plot, rng: Random) -> str:
    """Tell a plot once: a title, the story and a moral, with an empty line between them."""
    teller = _Teller(plot, rng)
    title, story, moral = (teller.told(text) for text in (plot.title, plot.story, plot.moral))
    return "\n\n".join(
        (f"{title}.", textwrap.fill(story, _WIDTH, break_on_hyphens=False), textwrap.fill(moral, _WIDTH))
    )


@dataclass(frozen=True)
class _Role:
    animal: Animal
    sex: str


class _Teller:
    """Fills in one fable: roles and kept words stay the same, all other words are drawn anew."""

    def __init__(self, plot: Plot, rng: Random) -> None:
        self._rng = rng
        self._known: dict[str, str] = {}
        taken: set[str] = set()
        for letter, wanted in plot.roles.items():
            animal = rng.choice([one for one in CAST if one.name not in taken and _suits(one, wanted)])
            taken.add(animal.name)
            self._introduce(letter, animal)
        for name in plot.kept:
            self._known[name] = chosen = rng.choice(WORDS[name])
            self._known[f"the_{name}"] = f"the {chosen.partition(' ')[2]}"

    def _introduce(self, letter: str, animal: Animal) -> None:
        subject, other, possessive, reflexive = _PRONOUNS[animal.sex or self._rng.choice("mf")]
        name = animal.name
        self._known |= {
            letter: f"the {name}", letter.upper(): f"The {name}", f"n{letter}": name, f"N{letter}": name.title(),
            f"he_{letter}": subject, f"He_{letter}": subject.capitalize(), f"him_{letter}": other,
            f"his_{letter}": possessive, f"His_{letter}": possessive.capitalize(), f"self_{letter}": reflexive,
            f"home_{letter}": animal.home, f"food_{letter}": animal.food,
        }  # fmt: skip

    def told(self, text: str) -> str:
        text = " ".join(text.split())
        while (chosen := _CHOICE.sub(self._choose, text)) != text:
            text = chosen
        text = _ANSWER.sub(r"\1{replied}", text)
        while (filled := _SLOT.sub(self._fill, text)) != text:
            text = filled
        return re.sub(r" +([.,;!?])", r"\1", _ARTICLE.sub(r"\1n ", re.sub(r" +", " ", text))).strip()

    def _choose(self, match: re.Match[str]) -> str:
        return self._rng.choice(str(match[1]).split("|"))

    def _fill(self, match: re.Match[str]) -> str:
        name = str(match[1])
        return self._known[name] if name in self._known else self._rng.choice(WORDS[name])


def _suits(animal: Animal, wanted: str) -> bool:
    """Tell whether an animal has all the traits that are asked for, and none behind a minus."""
    return all(
        word[1:] not in animal.traits if word.startswith("-") else word in animal.traits for word in wanted.split()
    )
