"""The document as a mail: HTML for those who see it, text for those who read it; both say the same.

Jinja2 with autoescape and strict names; the templates are ours, feed text is only ever a value. No remote images, no
scripts, no tracking. Styles stand on the elements themselves, since many mail readers drop style sheets; the one sheet
left is for dark mode.
"""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alert.words.document import Digest, Document
from alert.words.plain import digest_lines, document_lines

_FONT = "font:15px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,'Noto Naskh Arabic',Tahoma,sans-serif"
STYLES = {
    "body": f"margin:0;padding:16px;background:#f4f5f7;color:#16181d;{_FONT}",
    "card": "width:100%;max-width:640px;background:#ffffff;border:1px solid #d8dbe0;border-radius:8px",
    "pad": "padding:16px 20px",
    "chip": "font-size:13px;color:#444b57;margin:0 0 6px",
    "h1": "font-size:19px;line-height:1.3;margin:0 0 8px",
    "original": "font-size:17px;line-height:1.7;margin:0 0 8px",
    "rtl": "margin:0 0 12px;padding:8px 12px;background:#f7f8fa;border-right:3px solid #b00020;text-align:right",
    "ltr": "margin:0 0 12px;padding:8px 12px;background:#f7f8fa;border-left:3px solid #8a94a6;text-align:left",
    "mark": "background:#ffe58a;color:#16181d;padding:0 2px",
    "key": "color:#5b6472;font-size:13px;padding:3px 8px;vertical-align:top;white-space:nowrap",
    "value": "padding:3px 0;vertical-align:top",
    "link": "color:#0b57d0",
    "button": "display:inline-block;padding:8px 14px;margin:0 8px 8px 0;border:1px solid #0b57d0;border-radius:6px;"
    "color:#0b57d0;text-decoration:none",
    "delta": "margin:0 0 4px;font-weight:700",
    "entry": "margin:0 0 14px",
}
SEVERITY = {"flash": "#7a0014", "high": "#b00020", "normal": "#9a5b00", "low": "#0b57d0"}
_HIDDEN = "display:none;max-height:0;overflow:hidden"


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("alert.words"), autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def html(content: Document | Digest, links: dict[str, str] | None = None) -> str:
    """The HTML part. `links` are addresses for acting on it: `acknowledge`, `mute`, `feedback`, `unsubscribe`."""
    name = "digest.html" if isinstance(content, Digest) else "alert.html"
    values: dict[str, Any] = {"d": content, "s": STYLES, "links": links or {}, "colours": SEVERITY, "hidden": _HIDDEN}
    return _templates().get_template(name).render(values)


def text(content: Document | Digest, links: dict[str, str] | None = None) -> str:
    """The text part, in the same order."""
    lines = digest_lines(content) if isinstance(content, Digest) else document_lines(content)
    named = [f"{_label(content, name)}: {url}" for name, url in (links or {}).items()]
    return "\n".join([*lines, *(["", *named] if named else [])]) + "\n"


def _label(content: Document | Digest, name: str) -> str:
    if isinstance(content, Digest):
        return name
    labels = content.labels
    known = {"acknowledge": labels.ack, "mute": labels.mute, "feedback": labels.not_relevant}
    return known.get(name) or name


def subject(content: Document | Digest) -> str:
    """The mail's subject; a thread keeps the one it began with."""
    return content.subject if isinstance(content, Document) else content.title
