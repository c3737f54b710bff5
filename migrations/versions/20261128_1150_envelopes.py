"""Suggestions wait in sealed envelopes, and keep the month in place of the day."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = '20261128_1150'
down_revision = '20261128_1140'
branch_labels = None
depends_on = None

ROWLESS = {'sqlite_with_rowid': False}
COLUMNS = 'id, wave, city, area, lang, text, month, state'


def upgrade() -> None:
    """Suggestions forget their day, and on PostgreSQL the transaction of the answer they came with."""
    op.create_table('envelope',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_envelope')),
    **ROWLESS
    )
    with op.batch_alter_table('comment', table_kwargs=ROWLESS) as batch:
        batch.add_column(sa.Column('month', sa.String(length=7), nullable=True))
    op.execute(f"UPDATE comment SET month = {_month_of('day')}")
    with op.batch_alter_table('comment', table_kwargs=ROWLESS) as batch:
        batch.alter_column('month', nullable=False, existing_type=sa.String(length=7))
        batch.drop_column('day')
        batch.create_check_constraint(op.f('ck_comment_month'), 'length(month) = 7')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('CREATE TEMPORARY TABLE rewritten AS SELECT * FROM comment')
        op.execute('DELETE FROM comment')
        op.execute(f'INSERT INTO comment ({COLUMNS}) SELECT {COLUMNS} FROM rewritten ORDER BY id')
        op.execute('DROP TABLE rewritten')


def downgrade() -> None:
    """The first of the month stands in for the day. Refused while envelopes wait: the release before knows none."""
    if op.get_bind().execute(sa.text('SELECT count(*) FROM envelope')).scalar_one():
        raise CommandError(
            'people\'s words wait in envelopes: stop the web server and run `python -m app wave file-suggestions` first'
        )
    with op.batch_alter_table('comment', table_kwargs=ROWLESS) as batch:
        batch.add_column(sa.Column('day', sa.Date(), nullable=True))
    first = "month || '-01'"
    if op.get_bind().dialect.name == 'postgresql':
        first = f'CAST({first} AS DATE)'
    op.execute(f'UPDATE comment SET day = {first}')
    with op.batch_alter_table('comment', table_kwargs=ROWLESS) as batch:
        batch.alter_column('day', nullable=False, existing_type=sa.Date())
        batch.drop_constraint(op.f('ck_comment_month'), type_='check')
        batch.drop_column('month')
    op.drop_table('envelope')


def _month_of(column: str) -> str:
    if op.get_bind().dialect.name == 'postgresql':
        return f"to_char({column}, 'YYYY-MM')"
    return f'substr({column}, 1, 7)'
