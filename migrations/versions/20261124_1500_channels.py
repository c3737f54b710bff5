"""Declared channels of waves."""

import sqlalchemy as sa
from alembic import op

revision = '20261124_1500'
down_revision = '20261124_1445'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Earlier answers keep their channel, which was always the plain link."""
    op.create_table('wave_channel',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_wave_channel_wave')),
    sa.PrimaryKeyConstraint('wave', 'code', name=op.f('pk_wave_channel'))
    )


def downgrade() -> None:
    """Forget which channels were declared."""
    op.drop_table('wave_channel')
