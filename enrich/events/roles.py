"""What part a name plays beside the words that tell an event: by its marker where it has one, else by its place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from enrich.document import Document, Mention
from enrich.events.checks import kinds
from enrich.events.entries import Grammar, Role, Words
from enrich.events.scene import ROLE, Scene
from enrich.events.telling import Telling, gap
from schemas.ports import Folding

Called = Callable[[str], frozenset[str]]
"""The ids of whoever is called so, exactly as written."""
JOINED = 25
"""Most code points between two names that `and` joins."""
_COMMAS = (",", "、", "，", "،")
SITUATED = kinds(("spot",))
"""Types of places that lie in a country."""
REACH = 3
"""Most words between a marker and the name it marks (titles and adjectives stand there)."""


class Roles:
    """The role grammar of one language."""

    def __init__(self, grammar: Grammar, folding: Folding, called: Called = lambda name: frozenset()) -> None:
        self._grammar = grammar
        self._called = called
        self._joiners = tuple(joiner_forms(grammar, folding))
        self._prefixed = tuple(form for form in self._joiners if len(form) == 1 and self._heads_joined())
        self._folding = folding
        self._reach = int(REACH * grammar.pace)
        self._heads = tuple(self._joined("before"))
        self._tails = tuple(sorted(self._joined("after"), key=lambda pair: -len(pair[0])))

    def _heads_joined(self) -> bool:
        """Does the language write `and` as one with the next word?"""
        return self._grammar.grammar in ("ar", "he")

    def _folded(self, text: str) -> str:
        return self._folding.fold(text, self._grammar.grammar)

    def _joined(self, side: str) -> Iterator[tuple[str, Role]]:
        """(`ل`, destination) of every marker written as one word with its name (`ل+`, `+에서`)."""
        for role, markers in self._grammar.roles.items():
            words: Words = getattr(markers, side)
            for word in words:
                if "+" in str(word):
                    yield self._folded(str(word).strip("+")), role

    @cached_property
    def terms(self) -> list[tuple[str, str]]:
        """The markers that stand alone, as terms to find; each is taken exactly as written."""
        found: list[tuple[str, str]] = []
        for role, markers in self._grammar.roles.items():
            for side, words in (("<", markers.before), (">", markers.after)):
                found += [
                    (f"{ROLE}{side}{role}", " ".join(f"={part}" for part in str(word).split()))
                    for word in words
                    if "+" not in str(word)
                ]
        return found

    def marked(
        self, mention: Mention, scene: Scene, document: Document, verb: tuple[int, int] | None = None
    ) -> Role | None:
        """The role a mention's marker gives it, or that of the name it is joined to by `and`; else None.

        A marker beyond the verb is not the mention's.
        """
        key = (self, mention.id, mention.start, mention.end, verb)
        if key not in scene.roles:
            scene.roles[key] = self._marked(mention, scene, document, verb)
        return scene.roles[key]

    def _marked(self, mention: Mention, scene: Scene, document: Document, verb: tuple[int, int] | None) -> Role | None:
        own = self._own_marker(mention, scene, document, verb)
        if own is not None and not (own == "possessor" and place_of(mention, scene)):
            return own
        before = next((other for other in reversed(scene.mentions) if other.last <= mention.first), None)
        if before is not None and (_lies_in(before, mention) or self.joined(before, mention, document)):
            return self.marked(before, scene, document, verb)
        inner = place_of(mention, scene)
        return self.marked(inner, scene, document, verb) if inner is not None else own

    def joined(self, first: Mention, second: Mention, document: Document) -> bool:
        """Does `and` stand between two names?"""
        words = [document.tokens[at].keys[0] for at in range(first.last, second.first)]
        if len(words) > 2 or second.start - first.end > JOINED:
            return False
        return any(word in self._joiners for word in words) or (
            not words and document.tokens[second.first].keys[0].startswith(self._prefixed)
        )

    def _own_marker(
        self, mention: Mention, scene: Scene, document: Document, verb: tuple[int, int] | None
    ) -> Role | None:
        key = (self, mention.id, mention.start, mention.end)
        if key not in scene.roles:
            scene.roles[key] = self._by_tail(mention, scene, document) or self._by_head(mention, document)
        return (
            scene.roles[key]
            or self._by_word(mention, scene, verb, before=not self._postposed)
            or self._by_word(mention, scene, verb, before=self._postposed)
        )

    @cached_property
    def _postposed(self) -> bool:
        return self._grammar.order == "SOV"

    def _by_head(self, mention: Mention, document: Document) -> Role | None:
        """A marker grown onto the front of the name (ar لـ, he ב), the conjunction taken off before."""
        if not self._heads or self._named(mention, document):
            return None
        token = document.tokens[mention.first]
        forms = [token.keys[0]] + [token.keys[0][1:]] * token.keys[0].startswith(self._joiners)
        return next(
            (
                role
                for form in forms
                for marker, role in self._heads
                if form.startswith(marker) and form[len(marker) :] in token.keys
            ),
            None,
        )

    def _named(self, mention: Mention, document: Document) -> bool:
        """Is the name so called as it is written (لبنان), nothing joined before it?"""
        return mention.id in self._called(document.text(mention.span))

    def _by_tail(self, mention: Mention, scene: Scene, document: Document) -> Role | None:
        """A marker grown onto the end (ko 에서, tr 'ya, en 's), or onto the title that follows (이란 국방장관은)."""
        if not self._tails:
            return None
        own = self._tail(document.tokens[mention.last - 1].keys)
        if own is not None or not self._postposed:
            return own
        titles = {hit.first for hit in (*scene.cue("organ"), *scene.hits.get("leader", ()))}
        at = mention.last
        while at in titles and at < scene.last and at - mention.last < REACH:
            own, at = self._tail(document.tokens[at].keys), at + 1
        return own

    def _tail(self, keys: tuple[str, ...]) -> Role | None:
        form = keys[0]
        for marker, role in self._tails:
            stem = form[: -len(marker)]
            if form.endswith(marker) and ("'" in marker or stem in keys[1:] or f"{stem}~" in keys):
                return role
        return None

    def _by_word(self, mention: Mention, scene: Scene, verb: tuple[int, int] | None, *, before: bool) -> Role | None:
        side = "<" if before else ">"
        best: tuple[int, int, Role] | None = None
        for role, hits in scene.markers.get(side, ()):
            for hit in hits:
                away = mention.first - hit.last if before else hit.first - mention.last
                reach = 1 if not before or mention.form == "adjective" else self._reach
                if verb and before and hit.last <= verb[0] and verb[1] <= mention.first:
                    continue
                if 0 <= away <= reach and not _between(hit.first, mention, scene, before=before):
                    longer = (away, hit.first - hit.last, role)
                    best = longer if best is None or longer < best else best
        return best[2] if best else None

    def role(self, mention: Mention, telling: Telling, document: Document, *, passive: bool) -> Role:
        """The part a mention plays in a telling."""
        marked = self.marked(mention, telling.scene, document, telling.verb)
        if marked != "against" and _at_border(mention, telling.scene):
            return "border"
        if marked and not (marked == "possessor" and mention.form == "adjective"):
            return "object" if passive and marked == "subject" else marked
        if mention.form == "adjective":
            return "adjective"
        return self._by_position(mention, telling, document, passive=passive)

    def _by_position(self, mention: Mention, telling: Telling, document: Document, *, passive: bool) -> Role:
        before = mention.last <= telling.verb[0]
        if self._grammar.order == "VSO" and not before:
            before = _first_bare_after(telling.verb, mention, telling.scene.mentions)
        if self._grammar.order == "SOV":
            before = not self._second_bare(mention, telling, document)
        subject: Role = "object" if passive else "subject"
        return subject if before else "object"

    def _second_bare(self, mention: Mention, telling: Telling, document: Document) -> bool:
        """In a verb-final headline a comma follows the first name, the other by the verb (북한, 러시아 파병)."""
        others = [other for other in telling.scene.mentions if other.form == "name" and other != mention]
        near = gap((mention.first, mention.last), telling.verb) <= self._reach
        first = next((other for other in others if other.last <= mention.first), None)
        return near and first is not None and document.body[first.end : first.end + 1] in _COMMAS

    def passive(self, telling: Telling, document: Document) -> bool:
        """Does the verb stand in the passive?"""
        rule, (start, end) = self._grammar.passive, telling.verb
        for hit in telling.scene.hits.get("passive", ()):
            if gap((hit.first, hit.last), (start, end)) <= rule.within and (
                hit.last <= start or self._grammar.grammar == "de"
            ):
                return True
        return any(token.keys[0].endswith(rule.endings) for token in document.tokens[start:end])


def _between(marker: int, mention: Mention, scene: Scene, *, before: bool) -> bool:
    """Does another name, a day or a `that` stand between a marker and a mention? Then the marker is not its own."""
    if not before:
        return any(mention.last <= other.first < marker for other in scene.mentions if other is not mention)
    if any(marker < other.first and other.last <= mention.first for other in scene.mentions if other is not mention):
        return True
    return any(marker < that.first and that.last <= mention.first for that in scene.cue("that"))


def place_of(mention: Mention, scene: Scene) -> Mention | None:
    """The place that a country's name right before it only situates: *Russia's* Kursk region, 러시아 쿠르스크."""
    if mention.type != "country":
        return None
    return next(
        (other for other in scene.mentions if 0 <= other.first - mention.last <= 1 and _lies_in(other, mention)), None
    )


def _lies_in(place: Mention, country: Mention) -> bool:
    """Do a place and its country stand side by side, in either order?"""
    beside = 0 <= country.first - place.last <= 1 or 0 <= place.first - country.last <= 1
    return beside and country.type == "country" and place.type in SITUATED and place.country == country.id


def _at_border(mention: Mention, scene: Scene) -> bool:
    """Does a name only say whose border it is?"""
    return any(gap((hit.first, hit.last), (mention.first, mention.last)) <= 1 for hit in scene.cue("border"))


def _first_bare_after(verb: tuple[int, int], mention: Mention, mentions: Sequence[Mention]) -> bool:
    """In a verb-first language the first name after the verb is its subject, unless one stands right before it."""
    start, end = verb
    names = [other for other in mentions if other.form == "name"]
    if any(0 <= start - other.last <= REACH for other in names):
        return False
    return not any(end <= other.first < mention.first for other in names)


def cue_terms(grammar: Grammar) -> list[tuple[str, str]]:
    """(`cue:say`, word) for every cue word of a grammar, and its passive helpers."""
    found = [(f"cue:{cue}", str(word)) for cue, words in grammar.cues.items() for word in words]
    return found + [("passive", str(word)) for word in grammar.passive.helpers]


def joiner_forms(grammar: Grammar, folding: Folding) -> frozenset[str]:
    """The folded words for `and`."""
    return frozenset(folding.fold(str(word), grammar.grammar) for word in grammar.joiners)


Grammars = Mapping[str, Grammar]
