"""Lean templates draw what Django's own draw, of the plain and of the odd."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine, TemplateDoesNotExist
from django.test import Client
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.frame.kept import forget_parts
from portal.lean.loader import LeanTemplate
from subscriptions.clouds import Cloud
from subscriptions.web.kept_fields import forget_fields
from tests.personas import open_session
from tests.worlds import make_world

LOCMEM = "django.template.loaders.locmem.Loader"
HOSTILE = """<script>alert("x")</script> & 'y' {{ name }} {% now %}"""
PARTS = {
    "root": "<{% block title %}root{% endblock %}|{% block body %}body {{ name }}{% endblock %}>{% include 'part' %}",
    "middle": "{% extends 'root' %}{% block title %}middle {{ block.super }}{% endblock %}",
    "leaf": "{% extends 'middle' %}{% block title %}leaf {{ block.super }}{% endblock %}{% block body %}"
    "{% for row in rows %}{% include 'part' with name=row %}{% endfor %}{% endblock %}",
    "part": "[{{ name }}{% if more %} {{ more }}{% endif %}]",
    "scoped": "{% with name='x' more=1 %}{% include 'part' only %}{% include 'part' %}{% endwith %}{{ name }}",
    "chosen": "{% for name in names %}{% include name %}{% endfor %}",
}
PIECES = [
    "{{ name }} {{ hostile }} {{ markup }} {{ lazy }} {{ lazy_hostile }} {{ missing }} {{ missing.x }} {{ name.x }}",
    "{{ number }} {{ big }} {{ amount }} {{ ratio }} {{ none }} {{ true }} {{ moment }} {{ 12 }}",
    "{{ 'text <b>' }}",
    "{{ row.key }} {{ row.items }} {{ rows.0 }} {{ rows.9 }} {{ rows.count }} {{ pairs.1.0 }} {{ row.missing }}",
    "{{ thing.name }} {{ thing.call }} {{ thing.needs_more }} {{ thing.deletes }}",
    "{{ thing.gone }} {{ thing.row.key }}",
    "{{ call }} {{ thing.kept }} {{ kind.name }} {{ autoescape }} {{ template.name }} {{ thing.children.first }}",
    "{{ name|upper }} {{ hostile|default:'x' }} {{ missing|default:name }} {{ missing|default_if_none:'n' }}",
    "{% if name %}a{% elif missing %}b{% else %}c{% endif %}{% if missing.x %}d{% else %}e{% endif %}",
    "{% if not missing and number > 3 or name == 'x' %}a{% endif %}",
    "{% if name in rows %}b{% endif %}{% if none %}c{% endif %}",
    "{% for row in rows %}{{ forloop.counter }}{{ forloop.first }}{{ forloop.last }}{{ forloop.revcounter0 }}"
    "{{ row }}"
    "{% for a, b in pairs %}{{ forloop.parentloop.counter }}{{ a }}-{{ b }}{% endfor %}{% endfor %}{{ row.key }}",
    "{% for x in missing %}a{% empty %}none{{ name }}{% endfor %}{% for x in made reversed %}{{ x }}{% endfor %}",
    "{% for key, value in row.items %}{{ key }}={{ value }}{% endfor %}",
    "{% for x in rows %}{% cycle 'a' 'b' %}{% endfor %}",
    "{% with a=name b=thing.name %}{{ a }}{{ b }}{% endwith %}{{ a }}{# gone #}{% comment %}gone{% endcomment %}",
    "{% autoescape off %}{{ hostile }}{{ lazy_hostile }}{% translate 'Save' %}"
    "{% include 'part' %}{% endautoescape %}",
    "{% translate 'Save' %} {% translate hostile %} {% translate 'Save' as s %}{{ s }} {% translate '5%' %}",
    "{% blocktranslate %}Save {{ hostile }}{% endblocktranslate %}{% translate 'Save' noop %}",
    "{% load portal %}{% for to in languages %}{% language to %}{% translate 'Save' %}{% mark '.' %}"
    "{% endlanguage %}{% endfor %}"
    "{% translate 'Save' %}",
    "{% url 'home' %} {% url 'search' slug %} {% url 'search' slug=slug %}",
    "{% url 'search' slug as there %}{{ there }}",
    "{% url 'nowhere' as there %}{{ there }}|{% icon 'add' %}{% icon name %}{% chevron %}{% icon 'x' as y %}{{ y }}",
    "{% load portal %}{% mark ', ' %}{% mark '.' %}",
    "{% include 'leaf' %}{% include 'scoped' %}{% include 'chosen' %}{% block alone %}{{ name }}{% endblock %}",
]


class Thing:
    name = "thing <i>"
    row = {"key": 1}
    children = SimpleNamespace(first=lambda: "first")

    def call(self):
        return "called"

    def needs_more(self, more):
        return more

    def deletes(self):
        raise AssertionError("Never called by a template.")

    deletes.alters_data = True  # type: ignore[attr-defined]

    @property
    def gone(self):
        raise ObjectDoesNotExist

    def kept(self):
        raise AssertionError("Never called by a template.")

    kept.do_not_call_in_templates = True  # type: ignore[attr-defined]

    def __str__(self):
        return "a thing"


def facts() -> dict:
    thing = Thing()
    vars(thing)["kept"] = SimpleNamespace(do_not_call_in_templates=True)
    return {
        "name": "x", "more": "", "hostile": HOSTILE, "markup": SafeString("<b>&</b>"), "lazy": _("Save"),
        "lazy_hostile": translation.gettext_lazy("<b> 'x'"), "number": 5, "big": 1234567,
        "amount": Decimal("1234.50"), "ratio": 1.5, "none": None, "true": True,
        "moment": datetime(2026, 3, 1, 12, tzinfo=UTC),
        "row": {"key": "<k>"}, "rows": ["a", "<b>", "x"], "pairs": [("a", 1), ("b", 2)], "thing": thing,
        "call": lambda: "called",
        "made": (each for each in "abc"), "kind": Thing, "slug": "alpha", "languages": ["de", "en"],
        "names": ["part", "part"],
    }  # fmt: skip


def engine(loader: str = "", *pieces: str) -> Engine:
    found = {**PARTS, **{f"piece-{place}": piece for place, piece in enumerate(pieces)}}
    loaders = [(LOCMEM, found)]
    builtins = ["subscriptions.templatetags.icons", "django.templatetags.i18n"]
    libraries = {"portal": "subscriptions.templatetags.portal"}
    within = [(loader, loaders)] if loader else loaders
    return Engine(loaders=within, builtins=builtins, libraries=libraries)


LEAN = "portal.lean.loader.Loader"


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_each_piece_is_drawn_as_django_draws_it(language):
    own, lean = engine("", *PIECES), engine(LEAN, *PIECES)
    with translation.override(language):
        for place, piece in enumerate(PIECES):
            name = f"piece-{place}"
            assert type(lean.get_template(name)) is LeanTemplate
            expected = own.get_template(name).render(Context(facts()))
            for _time in range(2):  # the second time from what was kept
                assert lean.get_template(name).render(Context(facts())) == expected, piece


def test_what_is_kept_of_one_language_is_not_shown_in_another():
    lean = engine(LEAN, "{% load portal %}{% translate 'Save' %}{% mark '.' %}").get_template("piece-0")
    drawn = {}
    for language in ("en", "de", "zh-hans", "en"):
        with translation.override(language):
            drawn[language] = lean.render(Context())
    assert drawn == {"en": "Save.", "de": "Speichern.", "zh-hans": "保存。"}


def test_what_is_kept_unescaped_in_a_mail_is_escaped_on_a_page():
    lean = engine(LEAN, '{% translate "Menu\'s" %}').get_template("piece-0")
    assert lean.render(Context(autoescape=False)) == "Menu's"
    assert lean.render(Context()) == "Menu's"  # a text of the program is markup
    assert lean.render(Context(autoescape=False)) == "Menu's"


def test_an_address_is_of_its_arguments_and_its_site():
    lean = engine(LEAN, "{% url 'search' slug %}").get_template("piece-0")
    drawn = [lean.render(Context({"slug": slug})) for slug in ("alpha", "beta", "alpha")]
    assert drawn == ["/t/alpha/search/", "/t/beta/search/", "/t/alpha/search/"]


def test_a_fault_leaves_no_name_of_a_part_behind():
    lean = engine(LEAN, "{% with name='inner' %}{% include missing_part %}{% endwith %}").get_template("piece-0")
    context = Context({"name": "outer", "missing_part": "nowhere"})
    with pytest.raises(TemplateDoesNotExist):
        lean.render(context)
    assert context["name"] == "outer"


def test_with_debug_templates_are_djangos_own():
    plain = Engine(loaders=[(LEAN, [(LOCMEM, PARTS)])], debug=True).get_template("part")
    assert type(plain) is not LeanTemplate


@pytest.mark.django_db
def test_whole_pages_are_drawn_alike(settings):
    world, client = make_world(Cloud.GERMANY), Client()
    open_session(client, world.admin)
    pages = ["/t/nordwind/", "/t/nordwind/billing/subscriptions/", world.url(world.named), "/t/nordwind/help/nowhere"]
    lean = [client.get(page).content for page in pages]
    options = settings.TEMPLATES[0]["OPTIONS"]
    plain = [{**settings.TEMPLATES[0], "OPTIONS": {**options, "loaders": options["loaders"][0][1]}}]
    settings.TEMPLATES = plain
    forget_parts()
    forget_fields()
    for page, drawn in zip(pages, lean, strict=True):
        assert _without_tokens(client.get(page).content) == _without_tokens(drawn), page


def _without_tokens(content: bytes) -> str:
    return re.sub(r"[A-Za-z0-9]{64}|[0-9a-f-]{36}|value=\"[\w:.\-]{30,}\"", "", content.decode())
