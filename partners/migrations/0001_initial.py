"""Partners, on whom organizations' tables lean."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django_countries.fields
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

import subscriptions.base.names
import subscriptions.base.search
import subscriptions.base.typed
import subscriptions.models.catalogue.product_family


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.CharField(max_length=10, unique=True, verbose_name="partner ID")),
                ("name", subscriptions.base.names.NameField(max_length=120, verbose_name="name")),
                ("name_key", subscriptions.base.names.SortKeyField(source="name")),
                ("search_text", subscriptions.base.search.SearchTextField(sources=("name", "city", "number"))),
                (
                    "cloud",
                    models.CharField(
                        choices=[
                            ("o365-worldwide", "Worldwide"),
                            ("o365-germany", "Germany"),
                            ("o365-21vianet", "Operated by 21Vianet"),
                        ],
                        max_length=20,
                        verbose_name="cloud",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("global", "Global ID (the company as a whole)"),
                            ("location", "Location ID (one of its offices)"),
                        ],
                        default="location",
                        max_length=10,
                        verbose_name="kind of ID",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="locations",
                        to="partners.partner",
                        verbose_name="global ID",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending review"),
                            ("active", "Active"),
                            ("inactive", "Not active"),
                            ("suspended", "Suspended"),
                        ],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("country", django_countries.fields.CountryField(max_length=2, verbose_name="country or region")),
                ("city", subscriptions.base.names.NameField(max_length=80, verbose_name="city")),
                ("street", subscriptions.base.names.NameField(blank=True, max_length=120, verbose_name="street")),
                ("phone", subscriptions.base.names.NameField(blank=True, max_length=40, verbose_name="phone")),
                ("website", models.URLField(blank=True, verbose_name="website")),
                ("mailbox", subscriptions.base.typed.MailboxField(max_length=254, verbose_name="company mailbox")),
                (
                    "text_en",
                    subscriptions.base.names.NameField(
                        blank=True, max_length=300, verbose_name="directory text, English"
                    ),
                ),
                (
                    "text_de",
                    subscriptions.base.names.NameField(
                        blank=True, max_length=300, verbose_name="directory text, German"
                    ),
                ),
                (
                    "text_zh_hans",
                    subscriptions.base.names.NameField(
                        blank=True, max_length=300, verbose_name="directory text, Chinese"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("de", "Deutsch"), ("zh-hans", "简体中文")],
                        default="en",
                        max_length=10,
                        verbose_name="language of its mails",
                    ),
                ),
                (
                    "authorized_countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        help_text="None chosen means nowhere: no organization can name the partner, and the directory shows it to nobody.",
                        size=None,
                        verbose_name="authorized in",
                    ),
                ),
                ("authorized_for_all", models.BooleanField(default=True, verbose_name="authorized for all products")),
                (
                    "authorized_families",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=subscriptions.models.catalogue.product_family.FamilyCodeField(max_length=20),
                        blank=True,
                        default=list,
                        help_text="Where it is not authorized for all: these categories. None chosen means nothing, so that it can be named on no subscription.",
                        size=None,
                        verbose_name="authorized for",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner",
                "verbose_name_plural": "partners",
                "ordering": ["name_key", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("kind", "location"), ("state", "active")),
                        fields=["cloud", "name_key", "id"],
                        name="partner_directory",
                    ),
                    models.Index(fields=["name_key", "id"], name="partner_by_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_text"], name="partner_by_words", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["mailbox"], name="partner_by_mailbox", opclasses=["varchar_pattern_ops"]),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^[1-9][0-9]{0,9}$")), name="number_format"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cloud__in", ["o365-worldwide", "o365-germany", "o365-21vianet"])),
                        name="partner_cloud_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["global", "location"])), name="partner_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "active", "inactive", "suspended"])),
                        name="partner_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("authorized_for_all", False), ("authorized_families", []), _connector="OR"
                        ),
                        name="partner_for_all_or_chosen",
                        violation_error_message="Choose categories, or say that it is authorized for all products.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "location"), ("parent__isnull", True), _connector="OR"),
                        name="partner_global_has_no_parent",
                    ),
                ],
            },
        ),
    ]
