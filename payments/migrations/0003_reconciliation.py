
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0002_velocity_limits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ProofRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started', models.DateTimeField(auto_now_add=True, verbose_name='started')),
                ('finished', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('since', models.DateTimeField(blank=True, null=True, verbose_name='orders since')),
                ('orders', models.PositiveIntegerField(default=0, verbose_name='orders')),
                ('failed', models.PositiveIntegerField(default=0, verbose_name='orders that do not agree')),
                ('found', models.JSONField(default=dict, verbose_name='found')),
                ('is_clean', models.BooleanField(default=False, verbose_name='clean')),
            ],
            options={
                'verbose_name': 'run of the money proof',
                'verbose_name_plural': 'runs of the money proof',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='StatementRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=30, verbose_name='provider')),
                ('source', models.CharField(choices=[('asked', 'asked'), ('file', 'file')], max_length=10, verbose_name='source')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='file')),
                ('digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('begin', models.DateTimeField(blank=True, null=True, verbose_name='from')),
                ('end', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('started', models.DateTimeField(auto_now_add=True, verbose_name='started')),
                ('finished', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('seen', models.PositiveIntegerField(default=0, verbose_name='rows')),
                ('fresh', models.PositiveIntegerField(default=0, verbose_name='new rows')),
                ('refusal', models.CharField(blank=True, max_length=300, verbose_name='refused because')),
            ],
            options={
                'verbose_name': "reading of a provider's books",
                'verbose_name_plural': "readings of providers' books",
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['provider', 'end'], name='statement_read_until')],
            },
        ),
        migrations.CreateModel(
            name='StatementEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=30, verbose_name='provider')),
                ('entry_id', models.CharField(max_length=255, verbose_name="provider's name of the row")),
                ('kind', models.CharField(choices=[('charge', 'charge'), ('refund', 'refund'), ('fee', 'fee'), ('dispute', 'dispute'), ('payout', 'payout'), ('adjustment', 'adjustment')], max_length=12, verbose_name='kind')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('amount_minor', models.BigIntegerField(verbose_name='amount')),
                ('fee_minor', models.BigIntegerField(default=0, verbose_name='fee')),
                ('net_minor', models.BigIntegerField(verbose_name='net')),
                ('charged_minor', models.BigIntegerField(blank=True, null=True, verbose_name="in the shopper's currency")),
                ('charged_currency', models.CharField(blank=True, max_length=3, verbose_name="shopper's currency")),
                ('exchange_rate', models.DecimalField(blank=True, decimal_places=18, max_digits=30, null=True, verbose_name='exchange rate')),
                ('provider_ref', models.CharField(blank=True, max_length=255, verbose_name='payment at the provider')),
                ('fact_ref', models.CharField(blank=True, max_length=255, verbose_name="provider's reference")),
                ('payment_ref', models.UUIDField(blank=True, null=True, verbose_name='payment')),
                ('order_ref', models.CharField(blank=True, max_length=40, verbose_name='order')),
                ('payout_id', models.CharField(blank=True, max_length=120, verbose_name='payout')),
                ('occurred_at', models.DateTimeField(verbose_name='booked by the provider')),
                ('available_on', models.DateField(blank=True, null=True, verbose_name='available on')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded')),
                ('read', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='payments.statementread', verbose_name='reading')),
            ],
            options={
                'verbose_name': "row of a provider's books",
                'verbose_name_plural': "rows of providers' books",
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReconciliationItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('updated', models.DateTimeField(auto_now=True)),
                ('kind', models.CharField(choices=[('unknown_here', 'at the provider, not in our books'), ('missing_there', 'in our books, not at the provider'), ('amount_differs', 'the amounts differ'), ('in_doubt', 'the payment case is still open'), ('rate_missing', 'no exchange rate is known for the day'), ('unexplained', 'a movement of a kind we do not know'), ('payout_differs', 'the payout is not the sum of its rows'), ('proof', 'the books of an order do not agree')], max_length=20, verbose_name='kind')),
                ('subject', models.CharField(editable=False, max_length=300)),
                ('provider', models.CharField(blank=True, max_length=30, verbose_name='provider')),
                ('order_ref', models.CharField(blank=True, max_length=40, verbose_name='order')),
                ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                ('difference_minor', models.BigIntegerField(blank=True, null=True, verbose_name='difference')),
                ('detail', models.JSONField(blank=True, default=dict, verbose_name='details')),
                ('state', models.CharField(choices=[('open', 'open'), ('resolved', 'resolved')], default='open', max_length=10, verbose_name='state')),
                ('resolution', models.CharField(blank=True, choices=[('matched', 'it agrees now'), ('explained', 'explained'), ('booked', 'booked')], max_length=10, verbose_name='resolution')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='resolved')),
                ('fact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='payments.paymenttransaction', verbose_name='payment fact')),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='resolved by')),
                ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='payments.statemententry', verbose_name='row of the provider')),
            ],
            options={
                'verbose_name': 'difference of books',
                'verbose_name_plural': 'differences of books',
                'ordering': ['-pk'],
                'permissions': [('reconcile_payments', "Can read providers' books and resolve differences")],
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['kind', 'created'], name='reconciliation_open')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject'), name='reconciliation_item_once'), models.CheckConstraint(condition=models.Q(('state', 'open'), models.Q(('resolved_at__isnull', False), models.Q(('resolution', ''), _negated=True)), _connector='OR'), name='reconciliation_item_resolved_when_closed'), models.CheckConstraint(condition=models.Q(models.Q(('resolution__in', ['explained', 'booked']), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='reconciliation_item_says_why')],
            },
        ),
        migrations.CreateModel(
            name='StatementMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('matched', 'matched'), ('booked', 'booked'), ('explained', 'explained')], max_length=10, verbose_name='verdict')),
                ('decided_at', models.DateTimeField(auto_now_add=True, verbose_name='decided')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='match', to='payments.statemententry', verbose_name='row')),
                ('fact', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='match', to='payments.paymenttransaction', verbose_name='payment fact')),
            ],
            options={
                'verbose_name': "match of a provider's row",
                'verbose_name_plural': "matches of providers' rows",
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('fact__isnull', False), ('verdict', 'matched')), models.Q(models.Q(('verdict', 'matched'), _negated=True), ('fact__isnull', True)), _connector='OR'), name='statement_match_with_fact')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementmatch',
            trigger=pgtrigger.compiler.Trigger(name='statement_match_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1495deab8e3e3e7da2a2863e2b49f02deeec11b3', operation='UPDATE OR DELETE', pgid='pgtrigger_statement_match_append_only_8d6ac', table='payments_statementmatch', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='statemententry',
            index=models.Index(fields=['occurred_at', 'provider', 'currency'], name='statement_entry_day'),
        ),
        migrations.AddIndex(
            model_name='statemententry',
            index=models.Index(condition=models.Q(('order_ref', ''), _negated=True), fields=['order_ref'], name='statement_entry_order'),
        ),
        migrations.AddIndex(
            model_name='statemententry',
            index=models.Index(condition=models.Q(('payout_id', ''), _negated=True), fields=['provider', 'payout_id'], name='statement_entry_payout'),
        ),
        migrations.AddConstraint(
            model_name='statemententry',
            constraint=models.UniqueConstraint(fields=('provider', 'entry_id'), name='statement_entry_once'),
        ),
        migrations.AddConstraint(
            model_name='statemententry',
            constraint=models.CheckConstraint(condition=models.Q(('net_minor', django.db.models.expressions.CombinedExpression(models.F('amount_minor'), '-', models.F('fee_minor')))), name='statement_entry_net'),
        ),
        migrations.AddConstraint(
            model_name='statemententry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('charged_currency', ''), ('charged_minor__isnull', True)), models.Q(('charged_minor__isnull', False), models.Q(('charged_currency', ''), _negated=True)), _connector='OR'), name='statement_entry_charged_with_currency'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statemententry',
            trigger=pgtrigger.compiler.Trigger(name='statement_entry_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='58920c5bad9ba0469ca756bb82db3a87336f765a', operation='DELETE', pgid='pgtrigger_statement_entry_kept_1aa1f', table='payments_statemententry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statemententry',
            trigger=pgtrigger.compiler.Trigger(name='statement_entry_unchanged', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amount_minor" IS DISTINCT FROM (NEW."amount_minor") OR OLD."available_on" IS DISTINCT FROM (NEW."available_on") OR OLD."charged_currency" IS DISTINCT FROM (NEW."charged_currency") OR OLD."charged_minor" IS DISTINCT FROM (NEW."charged_minor") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."entry_id" IS DISTINCT FROM (NEW."entry_id") OR OLD."exchange_rate" IS DISTINCT FROM (NEW."exchange_rate") OR OLD."fact_ref" IS DISTINCT FROM (NEW."fact_ref") OR OLD."fee_minor" IS DISTINCT FROM (NEW."fee_minor") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."net_minor" IS DISTINCT FROM (NEW."net_minor") OR OLD."occurred_at" IS DISTINCT FROM (NEW."occurred_at") OR OLD."order_ref" IS DISTINCT FROM (NEW."order_ref") OR OLD."payment_ref" IS DISTINCT FROM (NEW."payment_ref") OR OLD."provider" IS DISTINCT FROM (NEW."provider") OR OLD."provider_ref" IS DISTINCT FROM (NEW."provider_ref") OR OLD."read_id" IS DISTINCT FROM (NEW."read_id") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d2f806cca3721cf33a3b4b28ddc5d110c7d95d44', operation='UPDATE', pgid='pgtrigger_statement_entry_unchanged_da502', table='payments_statemententry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statemententry',
            trigger=pgtrigger.compiler.Trigger(name='statement_entry_payout_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."payout_id" IS DISTINCT FROM (NEW."payout_id") AND OLD."payout_id" > \'\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2f1a6ca4fc0bcaec5e8307f22293bf4a28afc2bc', operation='UPDATE', pgid='pgtrigger_statement_entry_payout_once_6f1be', table='payments_statemententry', when='BEFORE')),
        ),
    ]
