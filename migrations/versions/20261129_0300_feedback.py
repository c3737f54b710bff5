"""Suggestions are released, decided, coded, grouped, answered and followed."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

from surveys.sql import freeze_statements, thaw_statements

revision = '20261129_0300'
down_revision = '20261128_1800'
branch_labels = None
depends_on = None

ROWLESS = {'sqlite_with_rowid': False}
FROZEN = ('comment_decision', 'theme_change', 'reply_text', 'reply_release', 'commitment_event')
STATES = (
    "state IN ('pending', 'released', 'shown', 'shown_redacted', 'second_look', 'hidden_provisional', 'hidden', 'taken_back')"
)
KINDS = "kind IN ('complaint', 'suggestion', 'question', 'thanks')"


def upgrade() -> None:
    """Suggestions that were filed wait for their release; those who wrote them were given no code."""
    with op.batch_alter_table('comment', table_kwargs=ROWLESS) as batch:
        batch.drop_constraint(op.f('ck_comment_state'), type_='check')
        batch.alter_column('state', type_=sa.String(length=24), existing_type=sa.String(length=16), existing_nullable=False)
        batch.add_column(sa.Column('shown_text', sa.String(length=500), nullable=True))
        batch.add_column(sa.Column('folded', sa.String(length=500), nullable=False, server_default=''))
        batch.add_column(sa.Column('released_on', sa.Date(), nullable=True))
        batch.add_column(sa.Column('follow_hash', sa.String(length=64), nullable=True))
        batch.add_column(sa.Column('kind', sa.String(length=16), nullable=True))
        batch.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
    op.execute("UPDATE comment SET state = 'pending'")
    with op.batch_alter_table('comment', table_kwargs=ROWLESS) as batch:
        batch.alter_column('folded', server_default=None, existing_type=sa.String(length=500), existing_nullable=False)
        batch.alter_column('version', server_default=None, existing_type=sa.Integer(), existing_nullable=False)
        batch.create_check_constraint(op.f('ck_comment_state'), STATES)
        batch.create_check_constraint(op.f('ck_comment_released_on'), "(state IN ('pending', 'taken_back')) = (released_on IS NULL)")
        batch.create_check_constraint(op.f('ck_comment_shown_text'), "(state = 'shown_redacted') = (shown_text IS NOT NULL)")
        batch.create_check_constraint(op.f('ck_comment_kind'), KINDS)
        batch.create_check_constraint(op.f('ck_comment_version'), 'version >= 1')
        batch.create_unique_constraint(op.f('uq_comment_follow_hash'), ['follow_hash'])
    op.create_index('ix_value_case_city_indicator', 'value_case', ['city', 'indicator'])
    op.create_index('ix_comment_city_wave_state', 'comment', ['city', 'wave', 'state'])
    op.create_table('withdrawn_words',
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('mark', name=op.f('pk_withdrawn_words')),
    sqlite_with_rowid=False
    )
    op.create_table('release_wait',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_release_wait_city')),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_release_wait_wave')),
    sa.PrimaryKeyConstraint('wave', 'city', name=op.f('pk_release_wait')),
    sqlite_with_rowid=False
    )
    op.create_table('reply_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('area', sa.String(length=16), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kk', sa.Text(), nullable=False),
    sa.Column('ru', sa.Text(), nullable=False),
    sa.Column('en', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("kind IN ('done', 'will_do', 'being_looked_at', 'cannot', 'another_body')", name=op.f('ck_reply_template_kind')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_reply_template_version')),
    sa.ForeignKeyConstraint(['changed_by'], ['staff.id'], name=op.f('fk_reply_template_changed_by')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_reply_template_city')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_template'))
    )
    op.create_index(op.f('ix_reply_template_city'), 'reply_template', ['city'])
    op.create_table('theme',
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('area', sa.String(length=16), nullable=False),
    sa.Column('parent', sa.String(length=64), nullable=True),
    sa.Column('city', sa.String(length=32), nullable=True),
    sa.Column('name_kk', sa.String(length=120), nullable=False),
    sa.Column('name_ru', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('merged_into', sa.String(length=64), nullable=True),
    sa.Column('from_file', sa.Boolean(), nullable=False),
    sa.CheckConstraint('(city IS NULL) = (parent IS NULL)', name=op.f('ck_theme_parent')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_theme_city')),
    sa.ForeignKeyConstraint(['merged_into'], ['theme.code'], name=op.f('fk_theme_merged_into')),
    sa.ForeignKeyConstraint(['parent'], ['theme.code'], name=op.f('fk_theme_parent')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_theme'))
    )
    op.create_table('theme_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('theme', sa.String(length=64), nullable=False),
    sa.Column('event', sa.String(length=16), nullable=False),
    sa.Column('other', sa.String(length=64), nullable=True),
    sa.Column('suggestions', sa.Integer(), nullable=False),
    sa.Column('name_kk', sa.String(length=120), nullable=False),
    sa.Column('name_ru', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("(event IN ('merged', 'split')) = (other IS NOT NULL)", name=op.f('ck_theme_change_other')),
    sa.CheckConstraint("event IN ('made', 'renamed', 'merged', 'split', 'retired', 'restored')", name=op.f('ck_theme_change_event')),
    sa.ForeignKeyConstraint(['other'], ['theme.code'], name=op.f('fk_theme_change_other')),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_theme_change_staff')),
    sa.ForeignKeyConstraint(['theme'], ['theme.code'], name=op.f('fk_theme_change_theme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme_change'))
    )
    op.create_index('ix_theme_change_theme', 'theme_change', ['theme'])
    op.create_table('city_theme',
    sa.Column('theme', sa.String(length=64), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('typical', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_city_theme_city')),
    sa.ForeignKeyConstraint(['theme'], ['theme.code'], name=op.f('fk_city_theme_theme')),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_city_theme_wave')),
    sa.PrimaryKeyConstraint('theme', 'city', 'wave', name=op.f('pk_city_theme'))
    )
    op.create_table('comment_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('area', sa.String(length=16), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('bulk', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_comment_group_city')),
    sa.ForeignKeyConstraint(['made_by'], ['staff.id'], name=op.f('fk_comment_group_made_by')),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_comment_group_wave')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_group')),
    sa.UniqueConstraint('bulk', name=op.f('uq_comment_group_bulk'))
    )
    op.create_table('reply',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('area', sa.String(length=16), nullable=False),
    sa.Column('theme', sa.String(length=64), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('correction', sa.String(length=16), nullable=True),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('author', sa.Integer(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('evidence_address', sa.String(length=800), nullable=False),
    sa.Column('next_word_on', sa.Date(), nullable=True),
    sa.Column('body_name_kk', sa.String(length=200), nullable=False),
    sa.Column('body_name_ru', sa.String(length=200), nullable=False),
    sa.Column('body_name_en', sa.String(length=200), nullable=False),
    sa.Column('body_address', sa.String(length=800), nullable=False),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.Column('withdrawn_reason_kk', sa.String(length=400), nullable=False),
    sa.Column('withdrawn_reason_ru', sa.String(length=400), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_on IS NOT NULL)", name=op.f('ck_reply_withdrawn_on')),
    sa.CheckConstraint("correction IN ('draft', 'ready')", name=op.f('ck_reply_correction')),
    sa.CheckConstraint("correction IS NULL OR state = 'released'", name=op.f('ck_reply_corrected')),
    sa.CheckConstraint("kind IN ('done', 'will_do', 'being_looked_at', 'cannot', 'another_body')", name=op.f('ck_reply_kind')),
    sa.CheckConstraint("state IN ('draft', 'ready', 'released', 'withdrawn')", name=op.f('ck_reply_state')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_reply_version')),
    sa.ForeignKeyConstraint(['author'], ['staff.id'], name=op.f('fk_reply_author')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_reply_city')),
    sa.ForeignKeyConstraint(['theme'], ['theme.code'], name=op.f('fk_reply_theme')),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_reply_wave')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply'))
    )
    op.create_index('ix_reply_city_state', 'reply', ['city', 'state'])
    op.create_table('comment_assignment',
    sa.Column('comment', sa.String(length=32), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=True),
    sa.Column('before', sa.Integer(), nullable=True),
    sa.Column('bulk', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['before'], ['staff.id'], name=op.f('fk_comment_assignment_before')),
    sa.ForeignKeyConstraint(['comment'], ['comment.id'], name=op.f('fk_comment_assignment_comment')),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_comment_assignment_staff')),
    sa.PrimaryKeyConstraint('comment', name=op.f('pk_comment_assignment'))
    )
    op.create_index(op.f('ix_comment_assignment_staff'), 'comment_assignment', ['staff'])
    op.create_table('comment_code',
    sa.Column('comment', sa.String(length=32), nullable=False),
    sa.Column('theme', sa.String(length=64), nullable=False),
    sa.Column('coder', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['coder'], ['staff.id'], name=op.f('fk_comment_code_coder')),
    sa.ForeignKeyConstraint(['comment'], ['comment.id'], name=op.f('fk_comment_code_comment')),
    sa.ForeignKeyConstraint(['theme'], ['theme.code'], name=op.f('fk_comment_code_theme')),
    sa.PrimaryKeyConstraint('comment', 'theme', name=op.f('pk_comment_code'))
    )
    op.create_index('ix_comment_code_theme', 'comment_code', ['theme'])
    op.create_table('comment_coding',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment', sa.String(length=32), nullable=False),
    sa.Column('coder', sa.Integer(), nullable=False),
    sa.Column('event', sa.String(length=16), nullable=False),
    sa.Column('themes', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=True),
    sa.Column('bulk', sa.String(length=32), nullable=True),
    sa.Column('undoes', sa.Integer(), nullable=True),
    sa.Column('weighed', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("event IN ('coded', 'undone', 'merged', 'split')", name=op.f('ck_comment_coding_event')),
    sa.CheckConstraint(KINDS, name=op.f('ck_comment_coding_kind')),
    sa.ForeignKeyConstraint(['coder'], ['staff.id'], name=op.f('fk_comment_coding_coder')),
    sa.ForeignKeyConstraint(['comment'], ['comment.id'], name=op.f('fk_comment_coding_comment')),
    sa.ForeignKeyConstraint(['undoes'], ['comment_coding.id'], name=op.f('fk_comment_coding_undoes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_coding'))
    )
    op.create_index('ix_comment_coding_comment', 'comment_coding', ['comment'])
    op.create_index('ix_comment_coding_weighed', 'comment_coding', ['weighed'])
    op.create_table('comment_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment', sa.String(length=32), nullable=False),
    sa.Column('moderator', sa.Integer(), nullable=True),
    sa.Column('event', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.String(length=16), nullable=True),
    sa.Column('spans', sa.String(length=400), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('confirms', sa.Integer(), nullable=True),
    sa.Column('undoes', sa.Integer(), nullable=True),
    sa.Column('bulk', sa.String(length=32), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("event <> 'hide' OR reason IS NOT NULL", name=op.f('ck_comment_decision_hide_reason')),
    sa.CheckConstraint("event <> 'redact' OR reason IN ('personal_data', 'insult')", name=op.f('ck_comment_decision_redact_reason')),
    sa.CheckConstraint("event <> 'redact' OR spans <> ''", name=op.f('ck_comment_decision_spans')),
    sa.CheckConstraint("event IN ('show', 'redact', 'hide', 'second_look', 'confirm', 'overturn', 'urgent', 'undo', 'purge')", name=op.f('ck_comment_decision_event')),
    sa.CheckConstraint("reason IN ('personal_data', 'insult', 'threat', 'advertising', 'no_content', 'not_the_city')", name=op.f('ck_comment_decision_reason')),
    sa.CheckConstraint("state IN ('pending', 'released', 'shown', 'shown_redacted', 'second_look', 'hidden_provisional', 'hidden', 'taken_back')", name=op.f('ck_comment_decision_state')),
    sa.ForeignKeyConstraint(['comment'], ['comment.id'], name=op.f('fk_comment_decision_comment')),
    sa.ForeignKeyConstraint(['confirms'], ['comment_decision.id'], name=op.f('fk_comment_decision_confirms')),
    sa.ForeignKeyConstraint(['moderator'], ['staff.id'], name=op.f('fk_comment_decision_moderator')),
    sa.ForeignKeyConstraint(['undoes'], ['comment_decision.id'], name=op.f('fk_comment_decision_undoes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_decision')),
    sa.UniqueConstraint('undoes', name=op.f('uq_comment_decision_undoes'))
    )
    op.create_index('ix_comment_decision_comment', 'comment_decision', ['comment'])
    op.create_table('comment_in_group',
    sa.Column('comment', sa.String(length=32), nullable=False),
    sa.Column('grp', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['comment'], ['comment.id'], name=op.f('fk_comment_in_group_comment')),
    sa.ForeignKeyConstraint(['grp'], ['comment_group.id'], name=op.f('fk_comment_in_group_grp')),
    sa.PrimaryKeyConstraint('comment', name=op.f('pk_comment_in_group'))
    )
    op.create_index(op.f('ix_comment_in_group_grp'), 'comment_in_group', ['grp'])
    op.create_table('comment_neighbour',
    sa.Column('comment', sa.String(length=32), nullable=False),
    sa.Column('other', sa.String(length=32), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.CheckConstraint('comment <> other', name=op.f('ck_comment_neighbour_other')),
    sa.ForeignKeyConstraint(['comment'], ['comment.id'], name=op.f('fk_comment_neighbour_comment')),
    sa.ForeignKeyConstraint(['other'], ['comment.id'], name=op.f('fk_comment_neighbour_other')),
    sa.PrimaryKeyConstraint('comment', 'other', name=op.f('pk_comment_neighbour')),
    sqlite_with_rowid=False
    )
    op.create_table('comment_purge',
    sa.Column('comment', sa.String(length=32), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=16), nullable=False),
    sa.Column('purged_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['comment'], ['comment.id'], name=op.f('fk_comment_purge_comment')),
    sa.PrimaryKeyConstraint('comment', name=op.f('pk_comment_purge')),
    sqlite_with_rowid=False
    )
    op.create_table('commitment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('area', sa.String(length=16), nullable=False),
    sa.Column('theme', sa.String(length=64), nullable=True),
    sa.Column('reply', sa.Integer(), nullable=True),
    sa.Column('title_kk', sa.String(length=200), nullable=False),
    sa.Column('title_ru', sa.String(length=200), nullable=False),
    sa.Column('title_en', sa.String(length=200), nullable=False),
    sa.Column('owner_unit_kk', sa.String(length=200), nullable=False),
    sa.Column('owner_unit_ru', sa.String(length=200), nullable=False),
    sa.Column('author', sa.Integer(), nullable=False),
    sa.Column('first_due', sa.Date(), nullable=False),
    sa.Column('due', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('draft', 'announced', 'in_progress', 'reported_done', 'agreed', 'disputed', 'dropped')", name=op.f('ck_commitment_state')),
    sa.CheckConstraint('percent BETWEEN 0 AND 100', name=op.f('ck_commitment_percent')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_commitment_version')),
    sa.ForeignKeyConstraint(['author'], ['staff.id'], name=op.f('fk_commitment_author')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_commitment_city')),
    sa.ForeignKeyConstraint(['reply'], ['reply.id'], name=op.f('fk_commitment_reply')),
    sa.ForeignKeyConstraint(['theme'], ['theme.code'], name=op.f('fk_commitment_theme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment'))
    )
    op.create_index('ix_commitment_city_state', 'commitment', ['city', 'state'])
    op.create_index(op.f('ix_commitment_reply'), 'commitment', ['reply'])
    op.create_table('follow_answer',
    sa.Column('comment', sa.String(length=32), nullable=False),
    sa.Column('reply', sa.Integer(), nullable=False),
    sa.Column('answer', sa.String(length=16), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.CheckConstraint("answer IN ('yes', 'partly', 'no', 'cannot_tell')", name=op.f('ck_follow_answer_answer')),
    sa.CheckConstraint('length(month) = 7', name=op.f('ck_follow_answer_month')),
    sa.ForeignKeyConstraint(['comment'], ['comment.id'], name=op.f('fk_follow_answer_comment')),
    sa.ForeignKeyConstraint(['reply'], ['reply.id'], name=op.f('fk_follow_answer_reply')),
    sa.PrimaryKeyConstraint('comment', 'reply', name=op.f('pk_follow_answer')),
    sqlite_with_rowid=False
    )
    op.create_table('reply_target',
    sa.Column('reply', sa.Integer(), nullable=False),
    sa.Column('comment', sa.String(length=32), nullable=False),
    sa.Column('reached_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['comment'], ['comment.id'], name=op.f('fk_reply_target_comment')),
    sa.ForeignKeyConstraint(['reply'], ['reply.id'], name=op.f('fk_reply_target_reply')),
    sa.PrimaryKeyConstraint('reply', 'comment', name=op.f('pk_reply_target'))
    )
    op.create_index('ix_reply_target_comment', 'reply_target', ['comment'])
    op.create_table('reply_text',
    sa.Column('reply', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kk', sa.Text(), nullable=False),
    sa.Column('ru', sa.Text(), nullable=False),
    sa.Column('en', sa.Text(), nullable=False),
    sa.Column('kk_version', sa.Integer(), nullable=False),
    sa.Column('ru_version', sa.Integer(), nullable=False),
    sa.Column('en_version', sa.Integer(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('evidence_address', sa.String(length=800), nullable=False),
    sa.Column('next_word_on', sa.Date(), nullable=True),
    sa.Column('body_name_kk', sa.String(length=200), nullable=False),
    sa.Column('body_name_ru', sa.String(length=200), nullable=False),
    sa.Column('body_name_en', sa.String(length=200), nullable=False),
    sa.Column('body_address', sa.String(length=800), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['reply'], ['reply.id'], name=op.f('fk_reply_text_reply')),
    sa.ForeignKeyConstraint(['written_by'], ['staff.id'], name=op.f('fk_reply_text_written_by')),
    sa.PrimaryKeyConstraint('reply', 'version', name=op.f('pk_reply_text'))
    )
    op.create_table('second_coding',
    sa.Column('comment', sa.String(length=32), nullable=False),
    sa.Column('drawn_on', sa.Date(), nullable=False),
    sa.Column('coder', sa.Integer(), nullable=False),
    sa.Column('themes', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=True),
    sa.Column('first_themes', sa.String(length=200), nullable=False),
    sa.Column('first_kind', sa.String(length=16), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['coder'], ['staff.id'], name=op.f('fk_second_coding_coder')),
    sa.ForeignKeyConstraint(['comment'], ['comment.id'], name=op.f('fk_second_coding_comment')),
    sa.PrimaryKeyConstraint('comment', name=op.f('pk_second_coding'))
    )
    op.create_index(op.f('ix_second_coding_coder'), 'second_coding', ['coder'])
    op.create_table('comment_audit',
    sa.Column('decision', sa.Integer(), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('finding', sa.String(length=16), nullable=True),
    sa.Column('auditor', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['auditor'], ['staff.id'], name=op.f('fk_comment_audit_auditor')),
    sa.ForeignKeyConstraint(['decision'], ['comment_decision.id'], name=op.f('fk_comment_audit_decision')),
    sa.PrimaryKeyConstraint('decision', name=op.f('pk_comment_audit'))
    )
    op.create_table('commitment_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('commitment', sa.Integer(), nullable=False),
    sa.Column('event', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('percent', sa.Integer(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('body_kk', sa.String(length=800), nullable=False),
    sa.Column('body_ru', sa.String(length=800), nullable=False),
    sa.Column('body_en', sa.String(length=800), nullable=False),
    sa.Column('evidence_address', sa.String(length=800), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("event IN ('announce', 'progress', 'move', 'report_done', 'agree', 'dispute', 'drop')", name=op.f('ck_commitment_event_event')),
    sa.CheckConstraint('percent BETWEEN 0 AND 100', name=op.f('ck_commitment_event_percent')),
    sa.ForeignKeyConstraint(['by'], ['staff.id'], name=op.f('fk_commitment_event_by')),
    sa.ForeignKeyConstraint(['commitment'], ['commitment.id'], name=op.f('fk_commitment_event_commitment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment_event'))
    )
    op.create_index('ix_commitment_event_commitment', 'commitment_event', ['commitment'])
    op.create_table('reply_release',
    sa.Column('reply', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=False),
    sa.Column('released_by', sa.Integer(), nullable=False),
    sa.Column('released_on', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('released_by <> written_by', name=op.f('ck_reply_release_four_eyes')),
    sa.ForeignKeyConstraint(['released_by'], ['staff.id'], name=op.f('fk_reply_release_released_by')),
    sa.ForeignKeyConstraint(['reply', 'version'], ['reply_text.reply', 'reply_text.version'], name=op.f('fk_reply_release_reply_version')),
    sa.ForeignKeyConstraint(['written_by'], ['staff.id'], name=op.f('fk_reply_release_written_by')),
    sa.PrimaryKeyConstraint('reply', 'version', name=op.f('pk_reply_release'))
    )
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in freeze_statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    """What the desk said of suggestions is lost, and the suggestions that were taken back with it.

    Refused while envelopes wait: the release before cannot open those of format 2.
    """
    if op.get_bind().execute(sa.text('SELECT count(*) FROM envelope')).scalar_one():
        raise CommandError(
            'people\'s words wait in envelopes: stop the web server and run `python -m app wave file-suggestions` first'
        )
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in thaw_statements(table, dialect):
            op.execute(statement)
    op.drop_table('reply_release')
    op.drop_table('commitment_event')
    op.drop_table('comment_audit')
    op.drop_table('second_coding')
    op.drop_table('reply_text')
    op.drop_table('reply_target')
    op.drop_table('follow_answer')
    op.drop_table('commitment')
    op.drop_table('comment_purge')
    op.drop_table('comment_neighbour')
    op.drop_table('comment_in_group')
    op.drop_table('comment_decision')
    op.drop_table('comment_coding')
    op.drop_table('comment_code')
    op.drop_table('comment_assignment')
    op.drop_table('reply')
    op.drop_table('comment_group')
    op.drop_table('city_theme')
    op.drop_table('theme_change')
    op.drop_table('theme')
    op.drop_table('reply_template')
    op.drop_table('release_wait')
    op.drop_table('withdrawn_words')
    op.drop_index('ix_value_case_city_indicator', 'value_case')
    op.drop_index('ix_comment_city_wave_state', 'comment')
    op.execute("DELETE FROM comment WHERE state = 'taken_back'")
    with op.batch_alter_table('comment', table_kwargs=ROWLESS) as batch:
        batch.drop_constraint(op.f('ck_comment_state'), type_='check')
        batch.drop_constraint(op.f('ck_comment_released_on'), type_='check')
        batch.drop_constraint(op.f('ck_comment_shown_text'), type_='check')
        batch.drop_constraint(op.f('ck_comment_kind'), type_='check')
        batch.drop_constraint(op.f('ck_comment_version'), type_='check')
        batch.drop_constraint(op.f('uq_comment_follow_hash'), type_='unique')
    op.execute("UPDATE comment SET state = CASE WHEN state IN ('shown', 'shown_redacted') THEN 'published' "
        "WHEN state IN ('hidden_provisional', 'hidden') THEN 'rejected' ELSE 'pending' END")
    with op.batch_alter_table('comment', table_kwargs=ROWLESS) as batch:
        batch.alter_column('state', type_=sa.String(length=16), existing_type=sa.String(length=24), existing_nullable=False)
        batch.create_check_constraint(op.f('ck_comment_state'), "state IN ('pending', 'published', 'rejected')")
        batch.drop_column('version')
        batch.drop_column('kind')
        batch.drop_column('follow_hash')
        batch.drop_column('released_on')
        batch.drop_column('folded')
        batch.drop_column('shown_text')
