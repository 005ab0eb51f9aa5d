"""The demo's catalog: categories, plans with what they have in three languages, and which can be tried."""

from typing import NamedTuple

from subscriptions.base.languages import columns_of


class DemoFamily(NamedTuple):
    """A category of products: its code, its name and its sentence in each language."""

    code: str
    name_en: str
    name_de: str
    name_zh_hans: str
    sentence_en: str
    sentence_de: str
    sentence_zh_hans: str


FAMILIES = (  # in the order of the shop
    DemoFamily(
        "office",
        "Office",
        "Office",
        "Office",
        "The Office apps with mail, files and meetings, by plan.",
        "Die Office-Apps mit E-Mail, Dateien und Besprechungen, je nach Plan.",
        "Office 应用以及邮件、文件和会议，依计划而定。",
    ),
    DemoFamily(
        "exchange",
        "Exchange",
        "Exchange",
        "Exchange",
        "Business mail, calendars and contacts.",
        "E-Mail, Kalender und Kontakte für Unternehmen.",
        "商务邮件、日历和联系人。",
    ),
    DemoFamily(
        "sharepoint",
        "SharePoint",
        "SharePoint",
        "SharePoint",
        "Sites and files that teams share.",
        "Websites und Dateien, die Teams gemeinsam nutzen.",
        "团队共享的网站和文件。",
    ),
    DemoFamily(
        "project",
        "Project",
        "Project",
        "Project",
        "Plans, resources and schedules of projects.",
        "Pläne, Ressourcen und Termine von Projekten.",
        "项目的计划、资源和日程。",
    ),
    DemoFamily(
        "visio",
        "Visio",
        "Visio",
        "Visio",
        "Diagrams, drawn and shared in the browser.",
        "Diagramme, im Browser gezeichnet und geteilt.",
        "在浏览器中绘制和共享图表。",
    ),
    DemoFamily(
        "skype",
        "Skype for Business",
        "Skype for Business",
        "Skype for Business",
        "Calls, chat and online meetings.",
        "Anrufe, Chat und Onlinebesprechungen.",
        "通话、聊天和联机会议。",
    ),
    DemoFamily(
        "power-bi",
        "Power BI",
        "Power BI",
        "Power BI",
        "Reports and dashboards from your data.",
        "Berichte und Dashboards aus Ihren Daten.",
        "基于你的数据的报表和仪表板。",
    ),
    DemoFamily(
        "dynamics",
        "Dynamics 365",
        "Dynamics 365",
        "Dynamics 365",
        "Customers, sales and service in one place.",
        "Kunden, Vertrieb und Service an einem Ort.",
        "客户、销售和服务集于一处。",
    ),
    DemoFamily(
        "security",
        "Security and device management",
        "Sicherheit und Geräteverwaltung",
        "安全和设备管理",
        "Protects identities, devices and information.",
        "Schützt Identitäten, Geräte und Informationen.",
        "保护身份、设备和信息。",
    ),
    DemoFamily(
        "windows",
        "Windows",
        "Windows",
        "Windows",
        "Windows for the devices of your organization.",
        "Windows für die Geräte Ihrer Organisation.",
        "适用于你的组织设备的 Windows。",
    ),
)

PRODUCTS = (
    ("Office 365 E1", "office", 8),
    ("Office 365 E3", "office", 20),
    ("Office 365 E5", "office", 35),
    ("Office 365 F1", "office", 4),
    ("Office 365 Business", "office", 8),
    ("Office 365 Business Premium", "office", 12),
    ("Office 365 ProPlus", "office", 12),
    ("Exchange Online (Plan 1)", "exchange", 4),
    ("Exchange Online (Plan 2)", "exchange", 8),
    ("Exchange Online Archiving", "exchange", 3),
    ("SharePoint Online (Plan 1)", "sharepoint", 5),
    ("SharePoint Online (Plan 2)", "sharepoint", 10),
    ("OneDrive for Business (Plan 2)", "sharepoint", 10),
    ("Project Online Essentials", "project", 7),
    ("Project Online Professional", "project", 30),
    ("Project Online Premium", "project", 55),
    ("Visio Online (Plan 1)", "visio", 5),
    ("Visio Online (Plan 2)", "visio", 15),
    ("Skype for Business Online (Plan 2)", "skype", 6),
    ("Power BI Pro", "power-bi", 10),
    ("Dynamics 365 Sales Professional", "dynamics", 65),
    ("Enterprise Mobility + Security E3", "security", 9),
    ("Windows 10 Enterprise E3", "windows", 7),
)

# What a plan has, in the three languages; the same words stand in one line beside each other
_WEB = ("Web and phone apps", "Apps für Web und Telefon", "网页版和手机版应用")
_DESKTOP = ("Office on 5 devices per person", "Office auf 5 Geräten je Person", "每人可在 5 台设备上使用 Office")
_MAILBOX_50 = ("Mailbox of 50 GB", "Postfach mit 50 GB", "50 GB 邮箱")
_MAILBOX_100 = ("Mailbox of 100 GB", "Postfach mit 100 GB", "100 GB 邮箱")
_TEAMS = ("Teams, sites and files", "Teams, Websites und Dateien", "团队、站点和文件")
_HOLD = ("Legal hold", "Aufbewahrung für Rechtsfälle", "诉讼保留")
_PHONE = ("Phone system, threat protection", "Telefonsystem, Schutz vor Bedrohungen", "电话系统、威胁防护")
_ARCHIVE = ("Archive without limit", "Unbegrenztes Archiv", "无限归档")
_TASKS = ("Own tasks and time", "Eigene Aufgaben und Zeiten", "个人任务与工时")
_PLANS = ("Plans and resources", "Pläne und Ressourcen", "计划与资源")
_PORTFOLIO = ("Portfolios of projects", "Portfolios von Projekten", "项目组合")
_DRAWING = ("Drawing in the browser", "Zeichnen im Browser", "在浏览器中绘图")
_VISIO = ("Visio on 5 devices per person", "Visio auf 5 Geräten je Person", "每人可在 5 台设备上使用 Visio")
FEATURES = {
    "Office 365 F1": (_WEB, _TEAMS),
    "Office 365 E1": (_WEB, _TEAMS, _MAILBOX_50),
    "Office 365 Business": (_WEB, _DESKTOP),
    "Office 365 Business Premium": (_WEB, _TEAMS, _MAILBOX_50, _DESKTOP),
    "Office 365 ProPlus": (_WEB, _DESKTOP),
    "Office 365 E3": (_WEB, _TEAMS, _DESKTOP, _MAILBOX_100, _HOLD),
    "Office 365 E5": (_WEB, _TEAMS, _DESKTOP, _MAILBOX_100, _HOLD, _PHONE),
    "Exchange Online Archiving": (_ARCHIVE, _HOLD),
    "Exchange Online (Plan 1)": (_MAILBOX_50,),
    "Exchange Online (Plan 2)": (_MAILBOX_100, _ARCHIVE, _HOLD),
    "Project Online Essentials": (_TASKS,),
    "Project Online Professional": (_TASKS, _PLANS),
    "Project Online Premium": (_TASKS, _PLANS, _PORTFOLIO),
    "Visio Online (Plan 1)": (_DRAWING,),
    "Visio Online (Plan 2)": (_DRAWING, _VISIO),
}


def features_of(product: str) -> dict[str, str]:
    """By the columns of a product."""
    texts = zip(*FEATURES.get(product, ()), strict=True)
    return dict(zip(columns_of("features"), map("; ".join, texts), strict=False))


TRIALS = {
    "Office 365 E3", "Office 365 E5", "Office 365 Business Premium", "Exchange Online (Plan 2)",
    "Project Online Professional", "Visio Online (Plan 2)", "Power BI Pro", "Enterprise Mobility + Security E3",
    "SharePoint Online (Plan 2)", "Dynamics 365 Sales Professional", "Exchange Online Archiving",
    "SharePoint Online (Plan 1)", "Windows 10 Enterprise E3",
}  # fmt: skip
