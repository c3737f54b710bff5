"""Serial numbers of printed forms, operators' passes with what came under them by day, and answers by mode."""

import sqlalchemy as sa
from alembic import op

revision = '20261128_1110'
down_revision = '20261124_1510'
branch_labels = None
depends_on = None

ROWLESS = {'sqlite_with_rowid': False}


def upgrade() -> None:
    """Waves that exist may have printed forms and passes about, of which nothing was stored: they go on being read."""
    op.create_table('form_series',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('printed', sa.Integer(), nullable=False),
    sa.Column('reads_first_format', sa.Boolean(), nullable=False),
    sa.CheckConstraint('printed >= 0', name=op.f('ck_form_series_printed')),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_form_series_wave')),
    sa.PrimaryKeyConstraint('wave', name=op.f('pk_form_series'))
    )
    op.execute("INSERT INTO form_series (wave, printed, reads_first_format) SELECT code, 0, TRUE FROM wave")
    op.create_table('operator_pass',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('operator', sa.String(length=80), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('per_day', sa.Integer(), nullable=False),
    sa.Column('revoked_on', sa.Date(), nullable=True),
    sa.CheckConstraint('per_day > 0', name=op.f('ck_operator_pass_per_day')),
    sa.ForeignKeyConstraint(['wave', 'city'], ['wave_city.wave', 'wave_city.city'], name=op.f('fk_operator_pass_wave_city')),
    sa.PrimaryKeyConstraint('wave', 'code', name=op.f('pk_operator_pass')),
    sa.UniqueConstraint('mark', name=op.f('uq_operator_pass_mark')),
    **ROWLESS
    )
    op.create_table('operator_day',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('operator_pass', sa.String(length=8), nullable=False),
    sa.Column('forms', sa.Integer(), nullable=False),
    sa.CheckConstraint('forms >= 0', name=op.f('ck_operator_day_forms')),
    sa.ForeignKeyConstraint(['wave', 'operator_pass'], ['operator_pass.wave', 'operator_pass.code'], name=op.f('fk_operator_day_wave_operator_pass')),
    sa.PrimaryKeyConstraint('wave', 'day', 'operator_pass', name=op.f('pk_operator_day')),
    **ROWLESS
    )
    op.create_table('mode_count',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.CheckConstraint('n >= 0', name=op.f('ck_mode_count_n')),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_mode_count_wave')),
    sa.PrimaryKeyConstraint('wave', 'mode', name=op.f('pk_mode_count'))
    )


def downgrade() -> None:
    """Passes given since are worth nothing, and forms printed since are refused."""
    op.drop_table('mode_count')
    op.drop_table('operator_day')
    op.drop_table('operator_pass')
    op.drop_table('form_series')
