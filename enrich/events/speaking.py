"""Who says so: the speakers of each sentence, and a register of who spoke last."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from enrich.document import Document, Hit, Mention
from enrich.events.checks import kinds
from enrich.events.entries import Cue, Grammar
from enrich.events.offices import COMMA, OWN, home_of, ministry, organ_of, organs, stranger
from enrich.events.roles import Roles, place_of
from enrich.events.scene import CUE, Scene
from schemas.base import Span

SPEAKERS = kinds(("party", "agency"))
GOVERNED = frozenset({"country", "city", "region"})
"""What only says whose the speaker is."""
SPEECH = ("say", "confirm", "deny", "claim", "accuse", "demand", "threaten", "refuse", "retract", "plan")
"""Cues whose subject speaks."""
SPOKEN = ("according_to", *SPEECH)
"""Cues by which somebody is heard."""
NEAR = 9
"""Most words between a speech verb and its speaker."""
VOICES = kinds(("person", "organisation", "ministry", "armed_force", "armed_group", "agency", "alliance"))
"""Who is heard before a headline's colon; a country there is as often the place of what follows."""
HEADLINE_MARK = re.compile(r"\s*[:：]\s+|\s+[—–-]\s+")
"""What parts a headline's speaker from what is said."""
QUOTED = re.compile(
    r"^(?P<head>[^\"“「『…、，,]{1,24}?)\s*[\"“「『](?P<said>[^\"”」』]{6,})(?:[\"”」』](?:[\s…．。]|$)|$)"
)
"""Korean and Japanese headlines put the speaker before what is said, and no verb: `중국 "…"`, `中国外務省「…」`."""
SAID = re.compile(r"[」』]\s*(?P<tail>[^\s「『]{1,16})$")
"""… or after it: `「…」イスラエル軍`."""
COLON = re.compile(r"^(?P<head>[^：:，,\s]{1,16})[：:](?!\d)")
"""Chinese ones put a colon, and no space."""
EAST: frozenset[str] = frozenset({"ja", "ko", "zh"})
TITLE = 8
"""Most letters of a title between a speaker's name and what is said (*총리*, *国防部发言人*)."""
ANNOUNCED = 5
"""Most words that name a headline's speaker (*Iran's foreign minister Araghchi*)."""
PHRASE = re.compile(r"[^\s、,。がをにで]{0,8}?[はも](?![のに])|\S{0,3}(?: \S{1,6})?[은는도](?=[\s,])")
"""The rest of a name's phrase up to a particle of the theme, in Japanese and Korean."""
BESIDE = 2
"""Words by which a speaker after the verb must be nearer than one before it (*…, reported the agency TASS*)."""
AFTER = 4
"""Most words between a verb of speech and a speaker who follows ("said the minister")."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Somebody says something: how (the cue), by which word, and who (entity id; None where it is not told)."""

    cue: str
    hit: Hit
    by: str | None
    mention: Mention | None = None
    organ: bool = False
    """An organ of state without a name (the army, the ministry): the actor's own, as a rule."""
    recalled: bool = False
    """Named in an earlier sentence."""
    home: str | None = None
    """The country of an organ without a name of its own."""
    opens: bool = False
    """`That` follows: what is said comes after, not before."""

    @property
    def country(self) -> str | None:
        """The country the speaker is or acts for."""
        if self.mention is None:
            return self.home
        return self.mention.country or (self.mention.id if self.mention.type == "country" else None)


@dataclass
class Register:
    """Who spoke last, and which agency: what "the agency" and "he added" mean."""

    speaker: Mention | None = None
    agency: Mention | None = None

    def note(self, mention: Mention) -> None:
        """Somebody spoke."""
        self.speaker = mention
        if mention.type == "agency":
            self.agency = mention


@dataclass(frozen=True)
class Listener:
    """Finds speakers by one language's grammar."""

    grammar: Grammar
    roles: Roles
    ministries: Mapping[tuple[Cue, str], str] = field(default_factory=dict)
    """Which ministry of which country → its id."""
    near: int = field(default=NEAR)

    def listen(self, scene: Scene, document: Document, register: Register) -> list[Speech]:
        """Every speech in a sentence, in order; the register learns of it."""
        found: list[Speech] = []
        for cue in SPOKEN if scene.cues else ():
            for hit in scene.cue(cue):
                mention = self._speaker(cue, hit, scene, document)
                organ = organ_of(hit, scene, mention, document)
                mention = None if organ else mention
                recalled = mention is None and organ is None and cue in ("say", "according_to")
                if recalled:
                    mention = _recalled(hit, scene, register)
                home = home_of(organ, scene, document) if organ else None
                if mention is not None or cue != "plan":
                    opens = self.grammar.order != "SOV" and _that_follows(hit, scene)
                    by = None if recalled else self._office(hit, organ, mention, home, scene, document)
                    found.append(
                        Speech(cue, hit, by or _id(mention) or home, mention, organ is not None, recalled, home, opens)
                    )
        announced = _announced(scene, document) or (_quoting(scene, document) if self.grammar.grammar in EAST else None)
        found += [announced] if announced else []
        found.sort(key=lambda speech: speech.hit.first)
        for speech in found:
            if speech.mention is not None:
                register.note(speech.mention)
        return found

    def _office(
        self, hit: Hit, organ: Hit | None, mention: Mention | None, home: str | None, scene: Scene, document: Document
    ) -> str | None:  # fmt: skip
        """Who speaks for a country that is all that is named: its ministry, or a person no file names."""
        if mention is not None and mention.type not in GOVERNED:
            return None
        if (person := stranger(hit, scene, document)) is not None:
            return person
        country = home if mention is None else mention.country or mention.id
        voice, reach = (organ, 0) if organ else (mention, OWN)
        cue = ministry(scene, (voice.first, voice.last), reach) if voice else None
        return self.ministries.get((cue, country)) if cue and country else None

    def _speaker(self, cue: str, hit: Hit, scene: Scene, document: Document) -> Mention | None:
        able = [
            mention
            for mention in scene.mentions
            if (mention.type in SPEAKERS or mention.government) and place_of(mention, scene) is None
        ]
        reach = int(self.near * self.grammar.pace)
        after = [mention for mention in able if 0 <= mention.first - hit.last <= reach]
        before = [mention for mention in able if 0 <= hit.first - mention.last <= reach]
        if cue == "according_to":
            near = [one for one in after if not COMMA.search(document.body, hit.end, one.start)]
            return _last(before) if self.grammar.order == "SOV" else _first(near, hit.last, reach=6)
        if self.grammar.order == "SOV":
            return self._topic(before, [m for m in able if m.last <= hit.first], scene, document)
        bare = [m for m in able if self.roles.marked(m, scene, document) in (None, "subject", "possessor")]
        after = [mention for mention in bare if 0 <= mention.first - hit.last <= AFTER * self.grammar.pace]
        before = [mention for mention in bare if mention in before]
        if self.grammar.order == "VSO":
            return _first(after, hit.last, reach=reach) or _last(before)
        subject, behind = _last(before), _first(after, hit.last, reach=reach)
        if subject and behind and behind.first - hit.last + BESIDE < hit.first - subject.last:
            return _person_of(behind, able)
        return _person_of(subject or behind, able)

    def _topic(
        self, near: Sequence[Mention], able: Sequence[Mention], scene: Scene, document: Document
    ) -> Mention | None:
        """In a verb-final language the speaker is marked as subject, or stands first in the sentence, however far."""
        theme = next((mention for mention in able if self._is_theme(mention, document)), None)
        if theme is not None:
            return theme
        marked = [mention for mention in near or able if self.roles.marked(mention, scene, document) == "subject"]
        bare = [mention for mention in able if self.roles.marked(mention, scene, document) is None]
        return _last(marked) or _last(bare[:1])

    def _is_theme(self, mention: Mention, document: Document) -> bool:
        """Does a particle of the theme close the phrase of a name (防衛省*は*, 이란 국방장관*은*)?"""
        if not self.grammar.topics:
            return False
        form, *stems = document.tokens[mention.last - 1].keys
        if form.endswith(self.grammar.topics) and {form[:-1], f"{form[:-1]}~"} & set(stems):
            return True
        phrase = PHRASE.match(document.body, mention.end)
        return phrase is not None and phrase[0].endswith(self.grammar.topics)


def _person_of(mention: Mention | None, able: Sequence[Mention]) -> Mention | None:
    """The person right behind a country that only says whose they are: the president of Ukraine Zelensky."""
    if mention is None or mention.type != "country":
        return mention
    return next((one for one in able if one.first == mention.last and one.type == "person"), mention)


def _announced(scene: Scene, document: Document) -> Speech | None:
    """A headline's own way of naming who speaks: `Kremlin: …`, `… – ISW`, `… : le Hezbollah`."""
    title = document.text(scene.span) if scene.title else ""
    parts = HEADLINE_MARK.split(title)
    if len(parts) < 2:
        return None
    end, start = scene.span[0] + len(parts[0]), scene.span[1] - len(parts[-1])
    head = _voice_in(scene, document, (scene.span[0], end)) if _short(parts[0]) else None
    return head or (_voice_in(scene, document, (start, scene.span[1])) if _short(parts[-1]) else None)


def _quoting(scene: Scene, document: Document) -> Speech | None:
    """Who is quoted by an East Asian headline, by place alone; a country or capital there speaks for itself."""
    title = document.text(scene.span) if scene.title else ""
    for way, group in ((COLON, "head"), (QUOTED, "head"), (SAID, "tail")):
        found = way.search(title)
        if found is None:
            continue
        start, end = (scene.span[0] + at for at in found.span(group))
        able = [one for one in scene.mentions if start <= one.start and one.end <= end and one.type in SPEAKERS]
        voice = able[-1] if able else None
        if voice is not None and end - voice.end <= TITLE:
            return Speech("say", Hit("cue:say", voice.start, voice.end, voice.first, voice.last), _id(voice), voice)
    return None


def _short(part: str) -> bool:
    return len(part.split()) <= ANNOUNCED


def _voice_in(scene: Scene, document: Document, span: Span) -> Speech | None:
    """Who may speak and is named within a span, alone or last; an organ of state where nobody is."""
    named = [mention for mention in scene.mentions if span[0] <= mention.start and mention.end <= span[1]]
    voices = [mention for mention in named if mention.type in VOICES or mention.government]
    if voices:
        voice = voices[-1]
        return Speech("say", Hit("cue:say", voice.start, voice.end, voice.first, voice.last), _id(voice), voice)
    organ = next((hit for hit in organs(scene) if span[0] <= hit.start and hit.end <= span[1]), None)
    if organ is None or named:
        return None
    home = home_of(organ, scene, document)
    return Speech("say", organ, home, organ=True, home=home)


def _first(mentions: Sequence[Mention], end: int, *, reach: int) -> Mention | None:
    near = [mention for mention in mentions if mention.first - end <= reach]
    return min(near, key=lambda mention: mention.first, default=None)


def _last(mentions: Iterable[Mention]) -> Mention | None:
    return max(mentions, key=lambda mention: mention.last, default=None)


def _id(mention: Mention | None) -> str | None:
    """Who speaks: a capital speaks for its country."""
    if mention is None:
        return None
    return mention.country if mention.type == "city" and mention.country else mention.id


def _recalled(hit: Hit, scene: Scene, register: Register) -> Mention | None:
    """`The agency said`, `he added`: who spoke before."""
    if any(abs(noun.first - hit.last) <= 3 or abs(hit.first - noun.last) <= 3 for noun in scene.cue("agency")):
        return register.agency or register.speaker
    return register.speaker if hit.id == f"{CUE}say" else None  # "according to reports" names nobody


def _that_follows(hit: Hit, scene: Scene) -> bool:
    return any(0 <= that.first - hit.last <= BESIDE for that in scene.cue("that"))


def quoted_by(speeches: Sequence[Speech], at: int) -> Speech | None:
    """Whose words a token stands in: the speech nearest to it that has a known speaker."""
    known = [
        speech for speech in speeches
        if (speech.by is not None or speech.organ) and not (speech.opens and at < speech.hit.first)
    ]  # fmt: skip
    return min(known, key=lambda speech: abs(speech.hit.first - at), default=None)
