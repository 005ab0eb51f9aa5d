"""German and Chinese say everything that English says, in the field's own words."""

import re
from pathlib import Path

import allauth
import django
import pytest
from django.utils import translation

from subscriptions.base.formats import CHINESE_MARKS
from tests.architecture.facts import faulty, templates
from tests.portal.facts import (
    LANGUAGES,
    PLACEHOLDER,
    bare_words,
    catalog,
    forms,
    key_of,
    messages,
    placeholders,
    read_catalog,
    texts,
)

ENGLISH = Path("locale", "en", "LC_MESSAGES", "django.po")
ENGLISH_OF_LIBRARIES = [
    Path(allauth.__file__).parent / ENGLISH,
    Path(django.__file__).parent / "conf" / ENGLISH,
    Path(django.__file__).parent / "contrib" / "auth" / ENGLISH,
    Path(django.__file__).parent / "contrib" / "admin" / ENGLISH,
]

ENDINGS = {".": ".。", ":": ":：", "?": "?？", "…": "…"}
LABELS = {
    "Billing": ("Abrechnung", "计费"),
    "Purchase services": ("Dienste kaufen", "购买服务"),
    "Subscriptions": ("Abonnements", "订阅"),
    "Your products": ("Ihre Produkte", "你的产品"),
    "Products": ("Produkte", "产品"),
    "Subscription details": ("Abonnementdetails", "订阅详细信息"),
    "Buy": ("Kaufen", "购买"),
    "Buy now": ("Jetzt kaufen", "立即购买"),
    "Need help with your order?": ("Benötigen Sie Hilfe bei Ihrer Bestellung?", "需要订单帮助？"),
    "Get assistance from a Microsoft Partner": (
        "Unterstützung von einem Microsoft Partner erhalten",
        "从 Microsoft 合作伙伴获取帮助",
    ),
    "Check out wizard": ("Checkout-Assistent", "结账向导"),
    "Partner information": ("Partnerinformationen", "合作伙伴信息"),
    "Add": ("Hinzufügen", "添加"),
    "Remove": ("Entfernen", "删除"),
    "More actions": ("Weitere Aktionen", "更多操作"),
    "Partner of record": ("Partner of Record", "在录合作伙伴"),
    "Add partner of record": ("Partner of Record hinzufügen", "添加在录合作伙伴"),
    "Edit partner of record": ("Partner of Record bearbeiten", "编辑在录合作伙伴"),
    "Microsoft Partner ID": ("Microsoft Partner-ID", "Microsoft 合作伙伴 ID"),
    "Partner ID": ("Partner-ID", "合作伙伴 ID"),
    "Partner Network ID": ("Partnernetzwerk-ID", "合作伙伴网络 ID"),
    "Check ID": ("ID überprüfen", "检查 ID"),
    "Submit": ("Absenden", "提交"),
    "Next": ("Weiter", "下一步"),
    "Yes": ("Ja", "是"),
    "No": ("Nein", "否"),
    "Accept": ("Annehmen", "接受"),
    "Settings": ("Einstellungen", "设置"),
    "Partner Relationships": ("Partnerbeziehungen", "合作伙伴关系"),
    "PARTNER RELATIONSHIPS": ("PARTNERBEZIEHUNGEN", "合作伙伴关系"),
    "There's nothing here.": ("Hier ist nichts.", "此处没有内容。"),
    "We didn't find anything to show here.": ("Hier gibt es nichts anzuzeigen.", "此处没有可显示的内容。"),
    "Delete": ("Löschen", "删除"),
    "Reseller": ("Reseller", "经销商"),
    "Delegated administrator": ("Delegierter Administrator", "委派管理员"),
    "Remove roles": ("Rollen entfernen", "删除角色"),
    "Remove roles?": ("Rollen entfernen?", "删除角色？"),
    "Accept agreement & authorize partner": ("Vertrag annehmen und Partner autorisieren", "接受协议并授权合作伙伴"),
    "Accept & Authorize": ("Annehmen und autorisieren", "接受并授权"),
    "delegated admin privileges": ("delegierte Administratorrechte", "委派管理员权限"),
    "Subscription advisor": ("Abonnementberater", "订阅顾问"),
    "Subscription advisor partner": ("Abonnementberaterpartner", "订阅顾问合作伙伴"),
    "LOB partner": ("Branchenpartner", "业务线 (LOB) 合作伙伴"),
    "Trial": ("Testabonnement", "试用订阅"),
    "Purchase offer": ("Kaufangebot", "购买优惠"),
    "Operated by 21Vianet": ("Betrieben von 21Vianet", "由世纪互联运营"),
}
ALWAYS_SHOWN = {"Check ID", "Submit", "More actions", "Add partner of record", "Edit partner of record", "Delete"}
SPOKEN = re.compile(r"{%\s*blocktrans.*?endblocktrans\w*\s*%}|{%\s*comment.*?endcomment\s*%}", re.DOTALL)
JOINED = re.compile(
    r"(?:}}|%})[,;:] ?(?:{{|{%|<)|(?:}}|%}) \((?:{{|{%)|forloop\.last %}, |:\" %}(?:</\w+>)? (?:{{|<)|join:"
)
# A space after a sentence or a colon, which Chinese does not set
SPACED = re.compile(r"[.:?](?:\" %}|{% endblocktrans\w* %})(?:{% endif %})? (?={{|{%|<)")
MARK = re.compile(r'{% mark "([^"]*)"')
MACHINE_MADE = {
    "de": ["Datensatz", "Einkaufsdienste", "Auscheck", "Kontrollkästchen"],
    "zh_Hans": ["记录合作伙伴", "记录的合作伙伴", "签出", "世纪银行", "复选框"],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language):
    known = {key_of(message): message for message in messages(language)}
    missing = {key: where for key, where in texts().items() if key not in known or not all(forms(known[key].string))}
    assert missing == {}, "run `make messages`, then translate"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_guessed_or_left_over(language):
    assert [message.id for message in messages(language) if message.fuzzy] == []
    assert [key_of(message) for message in messages(language) if key_of(message) not in texts()] == []
    assert list(catalog(language).obsolete) == []


@pytest.mark.parametrize(("language", "number"), [("de", 2), ("zh_Hans", 1)])
def test_every_number_has_its_form(language, number):
    assert catalog(language).num_plurals == number
    counted = [message for message in messages(language) if message.pluralizable]
    assert counted
    assert [message.id for message in counted if len(forms(message.string)) != number] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_kept(language):
    wrong = [
        (form, message.id)
        for message in messages(language)
        for form in forms(message.string)
        if placeholders(form) not in [placeholders(english) for english in forms(message.id)]
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_end_as_in_english(language):
    wrong = [
        (form, message.id)
        for message in messages(language)
        for form in forms(message.string)
        if forms(message.id)[0][-1] in ENDINGS and form[-1] not in ENDINGS[forms(message.id)[0][-1]]
    ]
    assert wrong == []


@pytest.mark.parametrize("label", LABELS)
def test_labels_are_those_of_the_field(label):
    said = tuple(catalog(language).get(label) for language in LANGUAGES)
    if label in ALWAYS_SHOWN or any(said):
        assert tuple(message.string for message in said) == LABELS[label]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_of_machines(language):
    said = [form for message in messages(language) for form in forms(message.string)]
    assert [form for form in said for word in MACHINE_MADE[language] if word in form] == []


def test_german_addresses_people_formally_and_chinese_always_alike():
    german = " ".join(form for message in messages("de") for form in forms(message.string)).split()
    assert {"du", "dein", "deine", "dir", "dich", "euch"} & {
        word.strip(".,:;?!„“()").lower() for word in german
    } == set()
    assert [message.id for message in messages("zh_Hans") if "您" in "".join(forms(message.string))] == []


# A text that is set among Chinese words without spaces: a name may be Chinese itself
NAMES = re.compile(r"%\((?:partner|organization|person|operator|tenant|receiver|name|offer|subscription)\)s")
NUMBERS = r"%\((?:count|days|lines?|most|number|total)\)s"
DAY = "%(day)s"  # which ends with a character: 2026年11月30日
HAN, MARKS = "\u3400-\u9fff", "，。；：？！（）、“”"
ASCII_AMONG_CHINESE = [
    re.compile(rf"[{HAN}{MARKS}] +[{HAN}{MARKS}]"),  # a space between two characters
    re.compile(rf"[{MARKS}] | [{MARKS}]"),  # or beside a mark
    re.compile(rf"[{HAN}{MARKS}9#][,;:?!]|[,;:?!][{HAN}]"),  # a mark of another script
    re.compile(r"[()]"),
    re.compile(rf"[{HAN}](?:#|ID|CSV)|(?:#|ID|CSV)[{HAN}]"),  # a number or Latin letters that no space parts
]


def set_as_latin(text: str) -> list[str]:
    """What of a Chinese text is set as English would be."""
    shown = PLACEHOLDER.sub("9", re.sub(NUMBERS, "#", NAMES.sub("名", text.replace(DAY, "9日"))))
    return [found[0] for pattern in ASCII_AMONG_CHINESE if (found := pattern.search(shown))]


def test_chinese_has_its_own_punctuation_and_no_space_beside_a_name():
    said = [form for message in messages("zh_Hans") for form in forms(message.string)]
    assert [form for form in said if set_as_latin(form)] == []


@pytest.mark.parametrize(
    "text",
    [
        "云伙伴 请求",
        "%(organization)s 的关系",
        "7 个许可证, 每月",
        "王伟:",
        "原因： 迁移",
        "哈希值 (SHA-256)",
        "%(day)s, 王伟",
        "将于 %(day)s 更改",
        "超过%(most)s个",
        "订阅ID",
    ],
)
def test_the_rule_of_punctuation_sees(text):
    assert set_as_latin(text)


@pytest.mark.parametrize(
    ("language", "of_mine", "of_another"),
    [
        ("de", "Anfragen zur Beendigung", "Freigabe"),
        ("de", "Betreiberteam", "Personal des Betreibers"),
        ("de", "Passwort", "Kennw"),
        ("de", "Unternehmen", "Firma"),
        ("de", "Beschäftigte", "Mitarbeiter"),
        ("de", "Testabonnement", "Testversion"),
        ("de", "Beleg", "Quittung"),
        ("zh_Hans", "自有名称", "自定义名称"),
        ("zh_Hans", "全局 ID", "全球 ID"),
        ("zh_Hans", "解除关系请求", "请求你的许可"),
        ("zh_Hans", "运营人员", "工作人员"),
        ("zh_Hans", "帐户", "账户"),
        ("zh_Hans", "邀约", "报价"),
        ("zh_Hans", "注销", "退出登录"),
    ],
)
def test_words_that_readers_stumbled_over_are_gone(language, of_mine, of_another):
    said = [form for message in messages(language) for form in forms(message.string)]
    assert [form for form in said if of_mine in form]
    assert [form for form in said if of_another in form] == []


def test_templates_join_by_the_readers_punctuation():
    """A comma, colon or bracket of English stands in no template beside a value or a translated word."""
    assert faulty(templates(), lambda path: JOINED.findall(SPOKEN.sub("", path.read_text()))) == {}
    assert faulty(templates(), lambda path: SPACED.findall(path.read_text())) == {}


def test_every_mark_that_a_template_sets_has_a_chinese_one():
    marks = {mark for path in templates() for mark in MARK.findall(path.read_text())}
    assert ", " in marks
    assert marks - CHINESE_MARKS.keys() == set()


def test_texts_taken_over_from_libraries_are_still_theirs():
    theirs = {key_of(message)[1] for path in ENGLISH_OF_LIBRARIES for message in read_catalog(path) if message.id}
    ours = {key[1] for key, where in texts().items() if where == "portal/library_texts.py"}
    assert ours
    assert ours - theirs == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_portals_words_win_over_the_libraries(language):
    text = "Please type your current password."
    with translation.override(translation.to_language(language)):
        assert translation.gettext(text) == catalog(language).get(text).string


def test_templates_have_no_words_of_their_own():
    assert faulty(templates(), lambda path: bare_words(path.read_text())) == {}


@pytest.mark.parametrize(
    "template",
    ["<p>Hello</p>", '<p aria-label="Main">{{ name }}</p>', "<p>{% translate 'Since' %} then</p>"],
)
def test_the_lint_sees(template):
    assert len(bare_words(template)) == 1


# Of one thing that once had several names; of a partner's people others may be said
NOT_FOR_STAFF = {
    "de": r"\bPersonals?\b|\bMitarbeitenden?\b|Mitarbeiter(n)? des Betreibers",
    "zh_Hans": "员工|工作人员",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_operators_staff_have_one_name_in_each_language(language):
    wrong = re.compile(NOT_FOR_STAFF[language])
    assert [form for message in messages(language) for form in forms(message.string) if wrong.search(form)] == []
