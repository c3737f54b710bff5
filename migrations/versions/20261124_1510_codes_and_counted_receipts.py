"""Codes of letters and the list of counted receipts; participation forgets city and day."""

import sqlalchemy as sa
from alembic import op

revision = '20261124_1510'
down_revision = '20261124_1500'
branch_labels = None
depends_on = None

ROWLESS = {'sqlite_with_rowid': False}


def upgrade() -> None:
    """A person's city and day are dropped for good: no one needs them to give the same ballot again."""
    op.create_table('access_code',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('locator', sa.String(length=6), nullable=False),
    sa.Column('secret_hash', sa.String(length=128), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('enterprise_hash', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_access_code_city')),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_access_code_wave')),
    sa.PrimaryKeyConstraint('wave', 'locator', name=op.f('pk_access_code')),
    **ROWLESS
    )
    op.create_table('counted_receipt',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('receipt', sa.String(length=14), nullable=False),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_counted_receipt_wave')),
    sa.PrimaryKeyConstraint('wave', 'receipt', name=op.f('pk_counted_receipt')),
    **ROWLESS
    )
    with op.batch_alter_table('participation', table_kwargs=ROWLESS) as batch:
        batch.drop_constraint(op.f('fk_participation_city'), type_='foreignkey')
        batch.drop_column('city')
        batch.drop_column('day')


def downgrade() -> None:
    """Nobody knows any more where and when: the first city of the wave and its first day stand in."""
    with op.batch_alter_table('participation', table_kwargs=ROWLESS) as batch:
        batch.add_column(sa.Column('city', sa.String(length=32), nullable=True))
        batch.add_column(sa.Column('day', sa.Date(), nullable=True))
    op.execute(
        "UPDATE participation SET "
        "city = (SELECT min(wave_city.city) FROM wave_city WHERE wave_city.wave = participation.wave), "
        "day = (SELECT wave.opens_on FROM wave WHERE wave.code = participation.wave)"
    )
    with op.batch_alter_table('participation', table_kwargs=ROWLESS) as batch:
        batch.alter_column('city', nullable=False, existing_type=sa.String(length=32))
        batch.alter_column('day', nullable=False, existing_type=sa.Date())
        batch.create_foreign_key(op.f('fk_participation_city'), 'city', ['city'], ['code'])
    op.drop_table('counted_receipt')
    op.drop_table('access_code')
