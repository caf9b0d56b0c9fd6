"""An undeclared Latin encoding is told by the letters of the languages written in it."""

import pytest

from ingest.parse import charset
from ingest.parse.latin import codec_of

TEXTS = {
    "cp1252": [
        "Le ministre a déclaré que des soldats avaient été envoyés près de la frontière après l'échec, où ça ?",
        "El ministro dijo el lunes que los soldados españoles fueron enviados. ¿Qué pasará mañana según él?",
        "O ministro disse que as negociações não avançaram e que as operações são necessárias.",
        "Der Minister sagte, Soldaten würden größere Städte schützen.",
        "Il ministro ha detto che la città è più sicura. Però già lunedì ci sarà una verità.",
        "Ministeren sagde, at soldaterne på grænsen er sendt ud. Også børn blev såret.",
        "Ráðherrann sagði að hermenn hefðu verið sendir á staðinn þegar viðræðum lauk.",
    ],
    "cp1250": [
        "Ministr zahraničí řekl, že vojáci byli vysláni do města poblíž hranic, když se jednání nezdařila.",
        "Minister powiedział, że żołnierze zostali wysłani do miasta w pobliżu granicy po fiasku rozmów.",
        "A miniszter azt mondta, hogy katonákat küldtek egy határ menti városba, a tűzszünet véget ért, őrök jöttek.",
        "Ministar je rekao da će vojnici biti poslani u grad, a građani čekaju vijesti.",
    ],
    "cp1254": ["Bakan, görüşmelerin başarısız olmasının ardından askerlerin sınırdaki şehre gönderildiğini söyledi."],
}  # fmt: skip


@pytest.mark.parametrize(("codec", "text"), [(codec, text) for codec, texts in TEXTS.items() for text in texts])
def test_a_language_is_read_in_its_own_encoding(codec: str, text: str) -> None:
    assert text.encode(codec).decode(codec_of(text.encode(codec))) == text
    feed = f"<rss><channel><item><title>{text}</title></item></channel></rss>".encode(codec)
    assert text in charset.decode(feed)[0]


def test_bytes_that_say_nothing_are_read_as_the_web_does() -> None:
    assert codec_of(b"plain \x93quoted\x94 words") == "cp1252"
    assert codec_of(b"") == "cp1252"
