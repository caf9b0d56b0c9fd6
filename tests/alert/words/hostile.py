"""Titles as an enemy would write them."""

from hypothesis import strategies as st

CORPUS = (
    "<!channel> <!here> <@U0TOCSIN01> <#C0123|x> <https://evil.example|https://bank.example>",
    "*bold* _it_ ~no~ `code` ```block``` > quote",
    "https://evil.example/?a=b @channel #general http://bank.example",
    "\u202etxt.exe\u202c \u2066isolate\u2069 \u200e\u200f\u061c",
    "a\u2028b\x0bc\x00d\x1b[31mred\r\nBcc: victim@example.org",
    "Z̸̡̢̛̛̛͔͔͔͔͔͔͔͔a̴̡̢̛̛̛͔͔͔͔͔͔͔͔l̵̡̢̛̛̛͔͔͔͔͔͔͔g",
    "كوريا الشمالية تؤكد NATO رسمياً 14,000 جندي",
    "می‌خواهم 👩‍👩‍👧‍👦 🇰🇵 नमस्ते 한국어 中文",
    "<script>alert(1)</script><img src=x onerror=alert(1)> &amp; \"'",
    "{{ 7*7 }} {% raw %} ${x} %s {headline}",
    "x" * 40_000,
    "كوريا " * 7_000,
    "",
    " \t\n ",
    "\ud800 lone surrogate",
)

NASTY = st.one_of(
    st.sampled_from(CORPUS),
    st.text(max_size=200),
    st.text(
        alphabet=st.sampled_from("<>&|*_~`@#!\u202e\u2066\u2069\u0300\u0301\u200d كب한a1 \n\r\x00\u2028{}%$"),
        max_size=120,
    ),
)
