"""Several ways into a wave; sealed receipts and link groups beside responses."""

import sqlalchemy as sa
from alembic import op

revision = '20261124_1445'
down_revision = '20261124_0330'
branch_labels = None
depends_on = None

UNFOLDED = sa.text('NOT folded')
ROWLESS = {'sqlite_with_rowid': False}


def upgrade() -> None:
    """A wave of known contacts had no way to show who they are yet: it becomes one of SMS codes."""
    with op.batch_alter_table('wave') as batch:
        batch.add_column(sa.Column('gate_names', sa.String(length=40), nullable=False, server_default='open'))
    op.execute("UPDATE wave SET gate_names = CASE gate WHEN 'open' THEN 'open' ELSE 'sms' END")
    with op.batch_alter_table('wave') as batch:
        batch.drop_constraint(op.f('ck_wave_gate'), type_='check')
        batch.drop_column('gate')
        batch.alter_column('gate_names', server_default=None, existing_type=sa.String(length=40), existing_nullable=False)
    _change_modes("mode IN ('web', 'paper', 'assisted')")
    with op.batch_alter_table('response') as batch:
        batch.add_column(sa.Column('links', sa.String(length=64), nullable=False, server_default=''))
        batch.add_column(sa.Column('receipt', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Receipts and link groups are dropped; an answer given with help counts as one on paper."""
    with op.batch_alter_table('response', table_kwargs=ROWLESS) as batch:
        batch.drop_column('links')
        batch.drop_column('receipt')
    op.execute("UPDATE response SET mode = 'paper' WHERE mode = 'assisted'")
    _change_modes("mode IN ('web', 'paper')")
    with op.batch_alter_table('wave') as batch:
        batch.add_column(sa.Column('gate', sa.String(length=16), nullable=False, server_default='open'))
    op.execute("UPDATE wave SET gate = CASE gate_names WHEN 'open' THEN 'open' ELSE 'contact' END")
    with op.batch_alter_table('wave') as batch:
        batch.drop_column('gate_names')
        batch.alter_column('gate', server_default=None, existing_type=sa.String(length=16), existing_nullable=False)
        batch.create_check_constraint(op.f('ck_wave_gate'), "gate IN ('open', 'contact')")


def _change_modes(condition: str) -> None:
    op.drop_index('ix_response_unfolded', 'response')
    with op.batch_alter_table('response', table_kwargs=ROWLESS) as batch:
        batch.drop_constraint(op.f('ck_response_mode'), type_='check')
        batch.create_check_constraint(op.f('ck_response_mode'), condition)
    op.create_index('ix_response_unfolded', 'response', ['wave', 'city'], sqlite_where=UNFOLDED, postgresql_where=UNFOLDED)
