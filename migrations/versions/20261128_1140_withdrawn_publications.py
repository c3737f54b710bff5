"""A withdrawn publication says when and why, and which one takes its place."""

import sqlalchemy as sa
from alembic import op

revision = '20261128_1140'
down_revision = '20261128_1130'
branch_labels = None
depends_on = None

ADDED = (
    ('withdrawn_on', sa.Date()),
    ('reason_kk', sa.String(length=400)),
    ('reason_ru', sa.String(length=400)),
    ('reason_en', sa.String(length=400)),
    ('successor', sa.Integer()),
)


def upgrade() -> None:
    """Of publications withdrawn before nobody knows why."""
    with op.batch_alter_table('publication') as batch:
        for name, kind in ADDED:
            batch.add_column(sa.Column(name, kind, nullable=True))
        batch.create_foreign_key(op.f('fk_publication_successor'), 'publication', ['successor'], ['number'])


def downgrade() -> None:
    """The reasons are lost; what was withdrawn stays withdrawn."""
    with op.batch_alter_table('publication') as batch:
        batch.drop_constraint(op.f('fk_publication_successor'), type_='foreignkey')
        for name, _kind in reversed(ADDED):
            batch.drop_column(name)
