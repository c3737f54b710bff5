"""Withdrawal codes: answers taken back are counted by day, some wait for a person, and the list has a digest."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = '20261128_1130'
down_revision = '20261128_1110'
branch_labels = None
depends_on = None

ROWLESS = {'sqlite_with_rowid': False}


def upgrade() -> None:
    """Give lists that stand already their digest: that of a frozen wave is never written again."""
    op.create_table('withdrawal_count',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_withdrawal_count_wave')),
    sa.PrimaryKeyConstraint('wave', 'day', name=op.f('pk_withdrawal_count')),
    **ROWLESS
    )
    op.create_table('withdrawn_answer',
    sa.Column('response', sa.String(length=32), nullable=False),
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('is_done', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_withdrawn_answer_wave')),
    sa.PrimaryKeyConstraint('response', name=op.f('pk_withdrawn_answer')),
    **ROWLESS
    )
    op.create_table('receipt_list',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_receipt_list_wave')),
    sa.PrimaryKeyConstraint('wave', name=op.f('pk_receipt_list'))
    )
    lists: dict[str, list[str]] = {}
    for wave, receipt in op.get_bind().execute(sa.text('SELECT wave, receipt FROM counted_receipt')):
        lists.setdefault(wave, []).append(f'{receipt}\n')
    digest = sa.text('INSERT INTO receipt_list (wave, n, sha256) VALUES (:wave, :n, :sha256)')
    for wave, lines in lists.items():
        values = {'wave': wave, 'n': len(lines), 'sha256': hashlib.sha256(''.join(sorted(lines)).encode()).hexdigest()}
        op.get_bind().execute(digest, values)


def downgrade() -> None:
    """What waits for a person is forgotten: freeze or decide before."""
    op.drop_table('receipt_list')
    op.drop_table('withdrawn_answer')
    op.drop_table('withdrawal_count')
