"""A corpus of made-up articles: the same for every run and on every machine.

Word frequencies follow the Zipf-Mandelbrot law, so that an index meets what it meets in real
text: a few words everywhere, most words almost nowhere.  Short words are frequent (Zipf's law of
abbreviation), an article keeps to its topic (its rare words come again), and one article in a
hundred is Chinese.  No text is anybody's: the words are built from syllables.

Article number n is the same in every size of corpus.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate

from store.article import Article, count_words

SEED = "broadsheet benchmark corpus 1"
VOCABULARY = 60_000
#: Articles made from one state of the random generator: the smallest piece of work.
CHUNK = 500

# p(rank) ~ 1 / (rank + q)^s; q of Mandelbrot (1953), s as measured in English prose.
_MANDELBROT_Q = 2.7
_ZIPF_S = 1.05
#: Words are drawn by index from a table of this many places: as exact as the rarest word needs,
#: and five times as fast as weighted choice.
_DRAWS = 1 << 21

_FUNCTION_WORDS = """
    the of and to in a is that for it as was with be by on not he his but at are this have from or
    had an they which one you were all her she there would their we him been has when who will no
    more if out so up said what its about than into them can only other time new some could these
    two may first then do any like my now over such our man me even most made after also well must
    through years where much your way down should because long each just state those people too
    how little good make very year still see own work great
"""

# Simple sounds stand several times, so that they come up as often as they do in speech.
_SOUNDS = {
    "onset": """
        b c d f g h k l m n p r s t v w b c d f g h k l m n p r s t v w b c d l m n p r s t
        bl br ch cl cr dr fl fr gr j pl pr qu sh sl sp st str th tr y z
    """,
    "nucleus": "a e i o u a e i o u a e i o u ai ea ee ie oa oo ou",
    "coda": "l m n r s t n r s t ck d ft g ll lt nd ng nt p rd rk rn ss st x",
}
_OPEN = 0.55  # share of syllables that end in their vowel
_ACCENTS = {"a": "áàâäå", "e": "éèêë", "i": "íïî", "o": "óöôø", "u": "úüû", "n": "ñ", "c": "ç"}
_KINDS = ("tech", "press", "news", "review", "journal")

_FIRST_DAY = datetime(2015, 1, 1, tzinfo=UTC)
_TEN_YEARS = 10 * 365 * 86_400  # seconds

# Chinese: the most frequent thousand characters make up nine tenths of running text; any
# contiguous thousand ideographs stand for them here.
_HANZI = [chr(0x4E00 + number) for number in range(1_000)]


@cache
def vocabulary() -> tuple[str, ...]:
    """All words, the most frequent first."""
    rng = random.Random(f"{SEED} words")
    words = dict.fromkeys(_FUNCTION_WORDS.split())
    onsets, nuclei, codas = (sounds.split() for sounds in _SOUNDS.values())

    def syllable() -> str:
        coda = "" if rng.random() < _OPEN else rng.choice(codas)
        return rng.choice(onsets) + rng.choice(nuclei) + coda

    while len(words) < VOCABULARY:
        rank = len(words)
        syllables = 1 + (rank > 400) + (rank > 4_000) + (rng.random() < 0.3)
        word = "".join(syllable() for _ in range(syllables))
        if rng.random() < 0.01:
            letter = rng.choice(word)
            word = word.replace(letter, rng.choice(_ACCENTS.get(letter, letter)), 1)
        if len(word) > 2:
            words.setdefault(word)
    return tuple(words)


@cache
def _draws() -> list[str]:
    weights = [(rank + 1 + _MANDELBROT_Q) ** -_ZIPF_S for rank in range(VOCABULARY)]
    scale = _DRAWS / sum(weights)
    places: list[str] = []
    for word, weight in zip(vocabulary(), weights, strict=True):
        places.extend([word] * max(1, round(weight * scale)))
    return places


@cache
def _topics() -> list[list[str]]:
    rng = random.Random(f"{SEED} topics")
    return [rng.sample(vocabulary()[150:30_000], 300) for _ in range(200)]


@cache
def _people() -> list[str]:
    rng = random.Random(f"{SEED} people")
    names = [word.title() for word in vocabulary()[1_000:20_000] if 4 <= len(word) <= 9]
    return [f"{rng.choice(names)} {rng.choice(names)}" for _ in range(2_000)]


@cache
def _sites() -> list[str]:
    rng = random.Random(f"{SEED} sites")
    return [
        f"{word}.{rng.choice(_KINDS)}.example" for word in rng.sample(vocabulary()[500:4_000], 150)
    ]


@cache
def _tags() -> tuple[list[str], list[float]]:
    names = random.Random(f"{SEED} tags").sample(vocabulary()[200:3_000], 60)
    return names, list(accumulate(1 / (rank + 1) for rank in range(len(names))))


def tags() -> list[str]:
    """All tags, the most frequent first."""
    return _tags()[0]


def articles(start: int, stop: int) -> Iterator[Article]:
    """Articles number `start` to `stop` (exclusive), counted from 0; each has its number + 1 as id.

    About 6 KB of text each.
    """
    for chunk in range(start // CHUNK, (stop + CHUNK - 1) // CHUNK):
        rng = random.Random(f"{SEED} chunk {chunk}")
        for number in range(chunk * CHUNK, min(stop, (chunk + 1) * CHUNK)):
            article = _article(rng, number)
            if number >= start:
                yield article


def _article(rng: random.Random, number: int) -> Article:
    published = _FIRST_DAY + timedelta(seconds=rng.randrange(_TEN_YEARS))
    saved = published + timedelta(seconds=rng.randrange(30 * 86_400))
    site = rng.choice(_sites())
    names, weights = _tags()
    tags = dict.fromkeys(rng.choices(names, cum_weights=weights, k=rng.randrange(4)))
    article = Article(
        author=rng.choice(_people()),
        site=site,
        url=f"https://{site}/{published.year}/{number:07}",
        published=published.isoformat(),
        saved=saved.isoformat(),
        tags=tuple(tags),
        lang="en",
        type="markdown",
        id=number + 1,
    )
    if number % 100 == 37:
        title, body = _hanzi(rng, 12), "\n\n".join(_hanzi(rng, 400) for _ in range(5))
        return replace(article, title=title, body=body, lang="zh", words=count_words(body))
    words = _words(rng, min(2_500, max(300, int(rng.lognormvariate(6.55, 0.42)))))
    at = rng.randrange(len(words) - 12)
    title = " ".join(words[at : at + rng.randint(4, 11)]).capitalize()
    return replace(article, title=title, body=_body(rng, words), words=len(words))


def _words(rng: random.Random, number: int) -> list[str]:
    """Running words: every seventh or so from the article's topic, its first words most often."""
    words = rng.choices(_draws(), k=number)
    topic = rng.choice(_topics())
    for place in rng.sample(range(number), number * 15 // 100):
        words[place] = topic[int(300 * rng.random() ** 3)]
    return words


def _body(rng: random.Random, words: list[str]) -> str:
    """Markdown: sentences, paragraphs, now and then a heading, emphasis or a link."""
    blocks: list[str] = []
    at = 0
    while at < len(words):
        if len(blocks) % 7 == 6:
            blocks.append("## " + " ".join(words[at : at + 4]).capitalize())
            at += 4
        sentences: list[str] = []
        for _ in range(rng.randint(3, 7)):
            sentence = words[at : at + rng.randint(6, 26)]
            at += len(sentence)
            if not sentence:
                break
            if len(sentence) > 14:
                sentence[6] += ","
                mark = rng.random()
                if mark < 0.1:
                    sentence[9] = f"*{sentence[9]}*"
                elif mark < 0.15:
                    sentence[9] = f"[{sentence[9]}](https://{rng.choice(_sites())}/)"
            sentence[0] = sentence[0].capitalize()
            sentences.append(" ".join(sentence) + rng.choice("......?!"))
        if sentences:
            blocks.append(" ".join(sentences))
    return "\n\n".join(blocks)


def _hanzi(rng: random.Random, number: int) -> str:
    """A run of ideographs, the first of the table the most frequent, with full stops."""
    characters = [_HANZI[int(1_000 * rng.random() ** 2)] for _ in range(number)]
    for place in range(17, number, 18):
        characters[place] = "。" if place % 4 else "，"
    return "".join(characters)
