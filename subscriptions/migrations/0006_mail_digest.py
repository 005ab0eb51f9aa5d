from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0005_membership_seen"),
    ]

    operations = [
        migrations.AddField(model_name="mail", name="digest_day", field=models.DateField(editable=False, null=True)),
        migrations.AddField(model_name="mail", name="in_digest", field=models.UUIDField(editable=False, null=True)),
        migrations.AddField(
            model_name="user",
            name="mails",
            field=models.CharField(
                choices=[("at-once", "At once"), ("daily", "Once a day, at 08:00")],
                default="at-once",
                max_length=10,
                verbose_name="mails",
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(condition=models.Q(("state", "held")), fields=["to_user", "id"], name="mail_held"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                condition=models.Q(("in_digest__isnull", False)), fields=["in_digest"], name="mail_in_digest"
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.UniqueConstraint(fields=("to_user", "digest_day"), name="mail_one_digest_a_day"),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest_day__isnull", False), ("kind", "digest")),
                    models.Q(models.Q(("kind", "digest"), _negated=True), ("digest_day__isnull", True)),
                    _connector="OR",
                ),
                name="mail_day_of_a_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("mails__in", ["at-once", "daily"])), name="user_mails_known"
            ),
        ),
    ]
