"""Products and their prices from files, and how the lines of other files name a product."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from subscriptions.access import StaffPermission
from subscriptions.base.languages import columns_of
from subscriptions.catalogue import acts as catalogue
from subscriptions.catalogue import prices
from subscriptions.catalogue.families import FamilyGone
from subscriptions.clouds import Cloud
from subscriptions.imports import cells
from subscriptions.imports.csv_reader import spelling
from subscriptions.imports.kinds import Column, ImportKind, Row, clean
from subscriptions.imports.problems import Wrong
from subscriptions.models import Product, ProductFamily, ProductPrice
from subscriptions.models.catalogue.product_price import price_day

CLOUD = Column("cloud", _("Cloud"), cells.choice(Cloud))
SKU = Column("sku", _("SKU"), cells.code(60))


class Catalogue:
    """All products, by cloud and SKU: an operator has hundreds, whatever the number of lines."""

    def __init__(self) -> None:
        self.products = {(each.cloud, each.sku): each for each in Product.objects.all()}

    def find(self, row: Row, cloud: str, *, column: str = "sku") -> Product | None:
        """Tells of one that is not there, also where a spreadsheet has dropped its zeros."""
        sku = row[column]
        found = self.products.get((cloud, sku))
        if found is None:
            others = (each for where, each in self.products if where == cloud)
            meant = next((each for each in others if sku.isdigit() and each.lstrip("0") == sku), "")
            if meant:
                row.refuse(column, Wrong.ZEROS, found=meant)
            else:
                row.refuse(column, Wrong.UNKNOWN)
        return found


class Families:
    """Categories by their code, or by their name in any language."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        rows = list(ProductFamily.objects.offered())
        for family in rows:
            names = [family.code, *(getattr(family, name) for name in columns_of("name"))]
            self.codes |= {spelling(name): family.code for name in names if name}
        self.all = ", ".join(family.code for family in rows)

    def find(self, row: Row, column: str, text: str) -> str | None:
        """Its code; tells of one that is not there."""
        found = self.codes.get(spelling(text))
        if found is None:
            row.refuse(column, Wrong.CHOICE, choices=self.all)
        return found


class ProductImport(ImportKind):
    name = "products"
    permission, read_permission = StaffPermission.KEEP_CATALOG, StaffPermission.READ_CATALOG
    label = _("Products")
    about = _("A line is a product of a cloud; it is known again by cloud and SKU.")
    key = ("cloud", "sku")
    refusals = (FamilyGone,)
    columns = (
        CLOUD,
        SKU,
        Column("name", _("Name"), cells.name(120)),
        Column("family", _("Category"), cells.code(60), note=_("Its code, or its name.")),
        Column("description_en", _("Description, English"), cells.name(300), is_required=False),
        Column("description_de", _("Description, German"), cells.name(300), is_required=False),
        Column("description_zh_hans", _("Description, Chinese"), cells.name(300), is_required=False),
        Column("has_trial", _("Can be tried"), cells.yes_no, is_required=False, default=False),
    )

    def look_up(self, rows: Sequence[Row]) -> None:
        found = Product.objects.filter(sku__in={row["sku"] for row in rows})
        self.known = {(each.cloud, each.sku): each for each in found}
        self.families = Families()

    def check(self, row: Row) -> None:
        there = self.known.get((row["cloud"], row["sku"]))
        family = self.families.find(row, "family", row["family"])
        if there is None:
            row.made = Product(**{**row.values, "family": None}, family_id=family or "")
            clean(row, row.made, but=["family"])
            return
        row.is_there = True
        if there.name != row["name"]:
            row.differs("name", there.name)
        if family and there.family_id != family:
            row.differs("family", there.family_id)

    def store(self, rows: Sequence[Row]) -> None:
        for row in rows:
            catalogue.save_product(product=row.made, by=self.by, reason=self.reason)


class PriceImport(ImportKind):
    name = "prices"
    permission, read_permission = StaffPermission.KEEP_CATALOG, StaffPermission.READ_CATALOG
    label = _("Prices")
    about = _("A line is what a product costs from a day on; it is known again by cloud, SKU and that day.")
    key = ("cloud", "sku", "from_day")
    columns = (
        CLOUD,
        SKU,
        Column("monthly", _("Per user and month, billed monthly"), cells.amount),
        Column("annual", _("Per user and month, billed annually"), cells.amount),
        Column(
            "from_day",
            _("From"),
            cells.day,
            is_required=False,
            default=None,
            note=_("Today, by UTC, where it is empty."),
        ),
    )
    refusals = (prices.CannotSetPrice,)

    def look_up(self, rows: Sequence[Row]) -> None:
        self.catalogue = Catalogue()
        skus = {row["sku"] for row in rows}
        self.prices: dict[int, list[ProductPrice]] = {}
        for price in ProductPrice.objects.filter(product__sku__in=skus):
            self.prices.setdefault(price.product_id, []).append(price)

    def check(self, row: Row) -> None:
        row.values["from_day"] = row["from_day"] or price_day()
        product = self.catalogue.find(row, row["cloud"])
        if product is None:
            return
        amounts = (row["monthly"], row["annual"])
        held = [each for each in self.prices.get(product.pk, ()) if row["from_day"] in each.valid]
        begun = [each for each in held if each.valid.lower == row["from_day"]]
        if any((each.monthly, each.annual) == amounts for each in held):
            row.is_there = True
        elif begun:
            row.is_there = True
            row.differs("monthly", f"{begun[0].monthly} / {begun[0].annual}")
        else:
            row.made = product
            self._require_settable(row)

    def _require_settable(self, row: Row) -> None:
        wanted = {name: row[name] for name in ("monthly", "annual", "from_day")}
        try:
            prices.require_settable(product=row.made, **wanted)
        except prices.CannotSetPrice as refusal:
            row.refuse("from_day", Wrong.REFUSED, reason=refusal, next="")

    def store(self, rows: Sequence[Row]) -> None:
        for row in rows:
            wanted = {name: row[name] for name in ("monthly", "annual", "from_day")}
            prices.set_price(product=row.made, by=self.by, reason=self.reason, **wanted)
