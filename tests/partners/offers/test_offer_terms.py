"""Of the partner's own terms nothing is stored or shown that does something."""

import re

import pytest

from partners.models import OfferTerms
from partners.offers import acts as offers
from partners.offers.reads import OfferFacts
from partners.offers.terms import as_page_part, differences, digest_of, left_out, sanitized, summary_of, text_of
from tests.database import as_owner
from tests.partners.offers.facts import OfferWorld

HARMFUL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<p hx-get="/t/lanyun/" hx-trigger="load">x</p>',
    '<p style="position: fixed">x</p>',
    "<style>body { display: none }</style>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" JaVaScRiPt&#58;alert(1)">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<a href="/t/lanyun/settings/">x</a>',
    '<a href="//elsewhere.example">x</a>',
    '<a href="http://elsewhere.example">x</a>',
    '<form action="/sign-out/"><button>x</button></form>',
    '<iframe src="https://elsewhere.example"></iframe>',
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<math><mtext></p><img src onerror=alert(1)>',
    '<p class="banner" id="answer" data-x="1">x</p>',
    "<!-- --><meta http-equiv=refresh content=0><base href=https://elsewhere.example>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]  # fmt: skip
WORKS = re.compile(
    r"<(?!/?(?:p|br|ul|ol|li|blockquote|strong|em|b|i|u|h[3-6]|a|table|thead|tbody|tr|th|td)\b)|<\w+ (?!href=|rel=)"
)


@pytest.mark.parametrize("text", HARMFUL)
def test_nothing_that_works_is_left(text):
    html = sanitized(f"<p>Terms</p>{text}")
    assert "<p>Terms</p>" in html
    assert not WORKS.search(html)
    for word in ("script", "onerror", "hx-", "style", "href", "data-"):
        assert word not in re.sub(r">[^<]*<", "><", html)


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", '<p hx-get="/">x</p>', "<script>x</script>"])
def test_the_test_sees_what_works(text):
    assert WORKS.search(text)


def test_what_is_of_use_stays():
    html = sanitized(
        "<h3>Support</h3><ul><li><strong>Daily</strong></li></ul>"
        '<p>See <a href="https://partner.example/terms" onclick="x()">here</a> or '
        '<a href="mailto:help@partner.example">write</a>.</p>'
    )
    rel = 'rel="noopener noreferrer nofollow"'
    assert html == (
        "<h3>Support</h3><ul><li><strong>Daily</strong></li></ul>"
        f'<p>See <a href="https://partner.example/terms" {rel}>here</a> or '
        f'<a href="mailto:help@partner.example" {rel}>write</a>.</p>'
    )


def test_plain_text_becomes_paragraphs():
    text = "We look after you.\r\n\r\nPrice: 5 < 6 & more\r\nPer month"
    assert sanitized(text) == "<p>We look after you.</p>\n\n<p>Price: 5 &lt; 6 &amp; more<br>Per month</p>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<h1>A</h1><h2>B</h2><h6>C</h6>", "<h3>A</h3><h4>B</h4><h6>C</h6>"),
        ("<h2>A</h2><h3>B</h3>", "<h3>A</h3><h4>B</h4>"),
        ("<h4>A</h4>", "<h4>A</h4>"),
        ("<p><b>A</b> <i>B</i> <u>C</u></p>", "<p><b>A</b> <i>B</i> <u>C</u></p>"),
        ("<blockquote>A</blockquote>", "<blockquote>A</blockquote>"),
    ],
)
def test_headings_emphasis_and_quotations_stay(text, html):
    """The page's own headings stand above those of the terms."""
    assert sanitized(text) == html


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("<b>Terms</b>\nFirst line\nSecond line\n\nThird", ["Terms", "First line", "Second line", "Third"]),
        ("<h1>Terms</h1>\nFirst line\nSecond line\n\nThird", ["Terms", "First line", "Second line", "Third"]),
        ("<div>One</div><div>Two</div><section>Three</section>", ["One", "Two", "Three"]),
        ("<div><p>One</p><p>Two</p></div>Three", ["One", "Two", "Three"]),
        ("<ul><li>One</li><li>Two</li></ul>Three", ["- One", "- Two", "Three"]),
    ],
)
def test_text_never_runs_together(text, lines):
    assert text_of(sanitized(text)).splitlines() == lines


def test_what_is_left_out_is_named_once():
    text = "<div><p>A</p><img src=x><img src=y><SCRIPT>x</SCRIPT><a href='/t/lanyun/'>here</a></div>"
    assert left_out(text) == ["img", "script", "a href"]
    assert left_out("<h1>A</h1><p>See <a href='https://partner.example'>here</a></p>") == []
    assert left_out("Price: 5 < 6 & more") == []


def test_what_is_different_is_told_by_paragraph():
    before, after = "<p>One</p><p>Two</p><p>Three</p>", "<p>One</p><p>Two and a half</p><p>Three</p><p>Four</p>"
    assert list(differences(before, after)) == [(False, "Two"), (True, "Two and a half"), (True, "Four")]


@pytest.mark.parametrize(
    "text", [*HARMFUL, "Plain & simple", "<p>1 &lt; 2 &amp;amp; &nbsp;</p>", "<b>A</b>\nB<h1>C</h1>D"]
)
def test_cleaning_clean_terms_changes_nothing(text):
    once = sanitized(text) or "<p></p>"
    assert as_page_part(once) == once


def test_the_summary_is_text_and_short():
    html = sanitized(
        "<h3>A &amp; B</h3><p>One<br>two</p><ul><li>three</li></ul><table><tr><th>four</th><td>five</td></tr></table>"
    )
    assert summary_of(html) == "A & B\nOne\ntwo\n- three\nfour five"
    assert len(summary_of(f"<p>{'long ' * 1000}</p>")) <= 600


@pytest.mark.django_db
def test_what_is_stored_is_what_was_made_harmless_and_its_hash_names_it():
    world = OfferWorld()
    facts = OfferFacts(
        name="A", terms="<p onclick='x()'>Fine</p><script>x</script>", roles=("global-reader",), days=1
    )
    offer = world.sent(facts)
    world.act(offers.change_terms, offer, terms="<p>Finer</p><script>x</script>")
    with as_owner():
        stored = OfferTerms.objects.order_by("number")
        assert [terms.html for terms in stored] == ["<p>Fine</p>", "<p>Finer</p>"]
        assert [terms.digest for terms in stored] == [digest_of("<p>Fine</p>"), digest_of("<p>Finer</p>")]
