"""Staff with rights, the journal, cases with evidence and assessments, approvals, notices, and what staff have open."""

import sqlalchemy as sa
from alembic import op

from surveys.sql import freeze_statements, thaw_statements

revision = '20261128_1800'
down_revision = '20261128_1150'
branch_labels = None
depends_on = None

FROZEN = ('journal', 'indicator_value', 'value_evidence', 'assessment', 'approval')

ACCEPT_WHAT_STOOD = """
    INSERT INTO value_case (
        period, city, indicator, state, revision, accepted_revision, late, unreviewed, reopened_reason, asked_reason,
        oddities, version
    )
    SELECT period, city, indicator, 'accepted', max(revision), max(revision), FALSE, TRUE, '', '', '', 1
    FROM indicator_value GROUP BY period, city, indicator
"""


def upgrade() -> None:
    """Values that stood before are accepted, and say that nobody examined them."""
    op.create_table('day_off',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('works', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_day_off'))
    )
    op.create_table('evidence_file',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('media_type', sa.String(length=80), nullable=False),
    sa.Column('scan', sa.String(length=16), nullable=False),
    sa.CheckConstraint("scan IN ('clean', 'infected', 'unscanned')", name=op.f('ck_evidence_file_scan')),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_evidence_file'))
    )
    op.create_table('journal_check',
    sa.Column('checked_at', sa.DateTime(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('broken_seq', sa.Integer(), nullable=True),
    sa.Column('fault', sa.String(length=16), nullable=False),
    sa.PrimaryKeyConstraint('checked_at', name=op.f('pk_journal_check'))
    )
    op.create_table('journal_head',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_journal_head'))
    )
    op.create_table('passkey_challenge',
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('mark', name=op.f('pk_passkey_challenge'))
    )
    op.create_table('sign_in_delay',
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('wait_until', sa.DateTime(), nullable=True),
    sa.Column('last_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('failures >= 0', name=op.f('ck_sign_in_delay_failures')),
    sa.PrimaryKeyConstraint('mark', name=op.f('pk_sign_in_delay'))
    )
    op.create_table('staff',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('handle', sa.LargeBinary(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('active_since', sa.Date(), nullable=False),
    sa.Column('last_seen_on', sa.Date(), nullable=True),
    sa.Column('keys_on', sa.Boolean(), nullable=False),
    sa.Column('digest_on', sa.Boolean(), nullable=False),
    sa.CheckConstraint("language IN ('kk', 'ru', 'en')", name=op.f('ck_staff_language')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('email', name=op.f('uq_staff_email')),
    sa.UniqueConstraint('handle', name=op.f('uq_staff_handle'))
    )
    op.create_table('factor_reset',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('opened_by', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(), nullable=False),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('cancelled', sa.Boolean(), nullable=False),
    sa.CheckConstraint('confirmed_by <> staff', name=op.f('ck_factor_reset_not_confirmed_by_oneself')),
    sa.CheckConstraint('opened_by <> confirmed_by', name=op.f('ck_factor_reset_two_persons')),
    sa.CheckConstraint('opened_by <> staff', name=op.f('ck_factor_reset_not_by_oneself')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['staff.id'], name=op.f('fk_factor_reset_confirmed_by')),
    sa.ForeignKeyConstraint(['opened_by'], ['staff.id'], name=op.f('fk_factor_reset_opened_by')),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_factor_reset_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_factor_reset'))
    )
    op.create_table('soft_claim',
    sa.Column('kind', sa.String(length=48), nullable=False),
    sa.Column('object_id', sa.String(length=200), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_soft_claim_staff')),
    sa.PrimaryKeyConstraint('kind', 'object_id', 'staff', name=op.f('pk_soft_claim'))
    )
    op.create_table('form_draft',
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=48), nullable=False),
    sa.Column('object_id', sa.String(length=200), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_form_draft_staff')),
    sa.PrimaryKeyConstraint('staff', 'form', 'object_id', name=op.f('pk_form_draft'))
    )
    op.create_table('import_stage',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=32), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('report', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('imported', sa.Integer(), nullable=True),
    sa.Column('undone', sa.Boolean(), nullable=False),
    sa.CheckConstraint('(confirmed_at IS NULL) = (imported IS NULL)', name=op.f('ck_import_stage_confirmed')),
    sa.CheckConstraint('imported IS NOT NULL OR NOT undone', name=op.f('ck_import_stage_undone')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_import_stage_city')),
    sa.ForeignKeyConstraint(['imported'], ['indicator_import.id'], name=op.f('fk_import_stage_imported')),
    sa.ForeignKeyConstraint(['period'], ['period.code'], name=op.f('fk_import_stage_period')),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_import_stage_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_stage'))
    )
    op.create_table('invitation',
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_invitation_staff')),
    sa.PrimaryKeyConstraint('mark', name=op.f('pk_invitation'))
    )
    op.create_table('journal',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.String(length=20), nullable=False),
    sa.Column('actor', sa.Integer(), nullable=True),
    sa.Column('event', sa.String(length=48), nullable=False),
    sa.Column('object_kind', sa.String(length=32), nullable=False),
    sa.Column('object_id', sa.String(length=200), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=True),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('bulk', sa.String(length=32), nullable=True),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint('length(hash) = 64', name=op.f('ck_journal_hash')),
    sa.CheckConstraint('length(previous_hash) = 64', name=op.f('ck_journal_previous_hash')),
    sa.ForeignKeyConstraint(['actor'], ['staff.id'], name=op.f('fk_journal_actor')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_journal_city')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_journal')),
    sa.UniqueConstraint('hash', name=op.f('uq_journal_hash')),
    sa.UniqueConstraint('previous_hash', name=op.f('uq_journal_previous_hash'))
    )
    op.create_table('login_session',
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('public_id', sa.String(length=16), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('seen_at', sa.DateTime(), nullable=False),
    sa.Column('stepped_up_at', sa.DateTime(), nullable=True),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_login_session_staff')),
    sa.PrimaryKeyConstraint('mark', name=op.f('pk_login_session')),
    sa.UniqueConstraint('public_id', name=op.f('uq_login_session_public_id'))
    )
    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=48), nullable=False),
    sa.Column('parameters', sa.Text(), nullable=False),
    sa.Column('address', sa.String(length=800), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('read_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_notice_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('staff', 'cause', name=op.f('uq_notice_staff_cause'))
    )
    op.create_table('outgoing_mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=48), nullable=False),
    sa.Column('parameters', sa.Text(), nullable=False),
    sa.Column('address', sa.String(length=800), nullable=False),
    sa.Column('sealed', sa.String(length=400), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(), nullable=False),
    sa.Column('last_error', sa.String(length=200), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'sent', 'failed', 'dropped')", name=op.f('ck_outgoing_mail_state')),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_outgoing_mail_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outgoing_mail')),
    sa.UniqueConstraint('staff', 'cause', name=op.f('uq_outgoing_mail_staff_cause'))
    )
    op.create_index('ix_outgoing_mail_state', 'outgoing_mail', ['state', 'next_at'])
    op.create_table('passkey',
    sa.Column('credential_id', sa.String(length=1400), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('device_type', sa.String(length=16), nullable=False),
    sa.Column('backed_up', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('added_on', sa.Date(), nullable=False),
    sa.Column('used_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_passkey_staff')),
    sa.PrimaryKeyConstraint('credential_id', name=op.f('pk_passkey'))
    )
    op.create_table('period_extension',
    sa.Column('period', sa.String(length=32), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('reason_kk', sa.String(length=400), nullable=False),
    sa.Column('reason_ru', sa.String(length=400), nullable=False),
    sa.Column('reason_en', sa.String(length=400), nullable=False),
    sa.Column('extended_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_period_extension_city')),
    sa.ForeignKeyConstraint(['extended_by'], ['staff.id'], name=op.f('fk_period_extension_extended_by')),
    sa.ForeignKeyConstraint(['period'], ['period.code'], name=op.f('fk_period_extension_period')),
    sa.PrimaryKeyConstraint('period', 'city', name=op.f('pk_period_extension'))
    )
    op.create_table('recovery_code',
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('used_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_recovery_code_staff')),
    sa.PrimaryKeyConstraint('mark', name=op.f('pk_recovery_code'))
    )
    op.create_table('role_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=True),
    sa.Column('areas', sa.String(length=200), nullable=False),
    sa.Column('granted_by', sa.Integer(), nullable=True),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('until_day', sa.Date(), nullable=True),
    sa.Column('revoked', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(role IN ('analyst', 'moderator', 'lead')) = (city IS NOT NULL)", name=op.f('ck_role_grant_city')),
    sa.CheckConstraint("role IN ('analyst', 'moderator', 'lead', 'reviewer', 'publisher', 'auditor', 'admin')", name=op.f('ck_role_grant_role')),
    sa.CheckConstraint('from_day <= until_day', name=op.f('ck_role_grant_days')),
    sa.CheckConstraint('granted_by <> staff', name=op.f('ck_role_grant_not_by_oneself')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_role_grant_city')),
    sa.ForeignKeyConstraint(['granted_by'], ['staff.id'], name=op.f('fk_role_grant_granted_by')),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_role_grant_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant')),
    sa.UniqueConstraint('staff', 'role', 'city', name=op.f('uq_role_grant_staff_role_city'))
    )
    op.create_index(
        'uq_role_grant_country', 'role_grant', ['staff', 'role'], unique=True,
        sqlite_where=sa.text('city IS NULL'), postgresql_where=sa.text('city IS NULL'),
    )
    op.create_table('saved_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('address', sa.String(length=800), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_saved_view_city')),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_saved_view_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('staff', 'name', name=op.f('uq_saved_view_staff_name'))
    )
    op.create_table('selection',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('object_ids', sa.Text(), nullable=False),
    sa.Column('back', sa.String(length=800), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_selection_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_selection'))
    )
    op.create_table('task',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('parameters', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('file', sa.LargeBinary(), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('touched_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f('ck_task_state')),
    sa.CheckConstraint('done <= total', name=op.f('ck_task_done')),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_task_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task'))
    )
    op.create_table('totp',
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.String(length=400), nullable=False),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.Column('added_on', sa.Date(), nullable=False),
    sa.Column('used_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_totp_staff')),
    sa.PrimaryKeyConstraint('staff', name=op.f('pk_totp'))
    )
    op.create_table('proposed_questionnaire',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('audience', sa.String(length=16), nullable=False),
    sa.Column('definition', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('findings', sa.Text(), nullable=False),
    sa.Column('left_out', sa.Text(), nullable=False),
    sa.Column('uploaded_by', sa.Integer(), nullable=False),
    sa.Column('uploaded_on', sa.Date(), nullable=False),
    sa.CheckConstraint("audience IN ('resident', 'business')", name=op.f('ck_proposed_questionnaire_audience')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['staff.id'], name=op.f('fk_proposed_questionnaire_uploaded_by')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_proposed_questionnaire'))
    )
    op.create_table('step_count',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('step', sa.String(length=48), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('event', sa.String(length=8), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('since', sa.String(length=16), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.CheckConstraint("event IN ('reached', 'passed', 'refused')", name=op.f('ck_step_count_event')),
    sa.CheckConstraint("lang IN ('kk', 'ru', 'en')", name=op.f('ck_step_count_lang')),
    sa.CheckConstraint('n >= 0 AND n % 10 = 0', name=op.f('ck_step_count_n')),
    sa.CheckConstraint('taken >= 0 AND taken % 10 = 0', name=op.f('ck_step_count_taken')),
    sa.ForeignKeyConstraint(['wave'], ['wave.code'], name=op.f('fk_step_count_wave')),
    sa.PrimaryKeyConstraint('wave', 'step', 'lang', 'event', name=op.f('pk_step_count')),
    sqlite_with_rowid=False
    )
    op.create_table('publication_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('requested_by', sa.Integer(), nullable=False),
    sa.Column('requested_at', sa.DateTime(), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('few_people', sa.Integer(), nullable=True),
    sa.Column('out_of_date', sa.Boolean(), nullable=False),
    sa.Column('stopped_by', sa.Integer(), nullable=True),
    sa.Column('stop_reason', sa.String(length=400), nullable=False),
    sa.Column('changed_kk', sa.String(length=400), nullable=False),
    sa.Column('changed_ru', sa.String(length=400), nullable=False),
    sa.Column('changed_en', sa.String(length=400), nullable=False),
    sa.Column('corrects', sa.Integer(), nullable=True),
    sa.Column('correction_kk', sa.String(length=400), nullable=False),
    sa.Column('correction_ru', sa.String(length=400), nullable=False),
    sa.Column('correction_en', sa.String(length=400), nullable=False),
    sa.Column('publication', sa.Integer(), nullable=True),
    sa.Column('published_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("(corrects IS NULL) = (correction_kk = '')", name=op.f('ck_publication_request_correction')),
    sa.CheckConstraint("(state = 'published') = (publication IS NOT NULL)", name=op.f('ck_publication_request_publication')),
    sa.CheckConstraint("(state = 'published') = (published_by IS NOT NULL)", name=op.f('ck_publication_request_published_by')),
    sa.CheckConstraint("(state = 'stopped') = (stopped_by IS NOT NULL)", name=op.f('ck_publication_request_stopped_by')),
    sa.CheckConstraint("state IN ('requested', 'stopped', 'published')", name=op.f('ck_publication_request_state')),
    sa.CheckConstraint('published_by <> requested_by', name=op.f('ck_publication_request_not_the_requester')),
    sa.ForeignKeyConstraint(['corrects'], ['publication.number'], name=op.f('fk_publication_request_corrects')),
    sa.ForeignKeyConstraint(['publication'], ['publication.number'], name=op.f('fk_publication_request_publication')),
    sa.ForeignKeyConstraint(['published_by'], ['staff.id'], name=op.f('fk_publication_request_published_by')),
    sa.ForeignKeyConstraint(['requested_by'], ['staff.id'], name=op.f('fk_publication_request_requested_by')),
    sa.ForeignKeyConstraint(['run'], ['run.id'], name=op.f('fk_publication_request_run')),
    sa.ForeignKeyConstraint(['stopped_by'], ['staff.id'], name=op.f('fk_publication_request_stopped_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publication_request')),
    sa.UniqueConstraint('id', 'requested_by', name=op.f('uq_publication_request_id_requested_by')),
    sa.UniqueConstraint('publication', name=op.f('uq_publication_request_publication')),
    sa.UniqueConstraint('run', name=op.f('uq_publication_request_run'))
    )
    op.create_table('publication_draft_file',
    sa.Column('request', sa.Integer(), nullable=False),
    sa.Column('path', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['request'], ['publication_request.id'], name=op.f('fk_publication_draft_file_request')),
    sa.PrimaryKeyConstraint('request', 'path', name=op.f('pk_publication_draft_file'))
    )
    op.create_table('withdrawal_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('publication', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('reason_kk', sa.String(length=400), nullable=False),
    sa.Column('reason_ru', sa.String(length=400), nullable=False),
    sa.Column('reason_en', sa.String(length=400), nullable=False),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("state IN ('asked', 'confirmed', 'cancelled')", name=op.f('ck_withdrawal_request_state')),
    sa.CheckConstraint('asked_by <> confirmed_by', name=op.f('ck_withdrawal_request_two_persons')),
    sa.ForeignKeyConstraint(['asked_by'], ['staff.id'], name=op.f('fk_withdrawal_request_asked_by')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['staff.id'], name=op.f('fk_withdrawal_request_confirmed_by')),
    sa.ForeignKeyConstraint(['publication'], ['publication.number'], name=op.f('fk_withdrawal_request_publication')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_withdrawal_request'))
    )
    op.create_table('approval',
    sa.Column('request', sa.Integer(), nullable=False),
    sa.Column('staff', sa.Integer(), nullable=False),
    sa.Column('requested_by', sa.Integer(), nullable=False),
    sa.Column('output_digest', sa.String(length=64), nullable=False),
    sa.Column('edition_digest', sa.String(length=64), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('staff <> requested_by', name=op.f('ck_approval_not_the_requester')),
    sa.ForeignKeyConstraint(['request', 'requested_by'], ['publication_request.id', 'publication_request.requested_by'], name=op.f('fk_approval_request_requested_by')),
    sa.ForeignKeyConstraint(['staff'], ['staff.id'], name=op.f('fk_approval_staff')),
    sa.PrimaryKeyConstraint('request', 'staff', name=op.f('pk_approval'))
    )
    op.create_table('assessment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=32), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('indicator', sa.String(length=64), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('assessor', sa.Integer(), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('ticks', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.String(length=16), nullable=False),
    sa.Column('reasons', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('private_note', sa.String(length=400), nullable=False),
    sa.Column('given_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("(verdict = 'cannot_judge') = (slot IS NULL)", name=op.f('ck_assessment_slot_of_verdict')),
    sa.CheckConstraint("verdict IN ('accept', 'return', 'cannot_judge')", name=op.f('ck_assessment_verdict')),
    sa.CheckConstraint('slot BETWEEN 1 AND 3', name=op.f('ck_assessment_slot')),
    sa.ForeignKeyConstraint(['assessor'], ['staff.id'], name=op.f('fk_assessment_assessor')),
    sa.ForeignKeyConstraint(['period', 'city', 'indicator', 'revision'], ['indicator_value.period', 'indicator_value.city', 'indicator_value.indicator', 'indicator_value.revision'], name=op.f('fk_assessment_period_city_indicator_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment')),
    sa.UniqueConstraint('period', 'city', 'indicator', 'revision', 'assessor', name=op.f('uq_assessment_period_city_indicator_revision_assessor')),
    sa.UniqueConstraint('period', 'city', 'indicator', 'revision', 'slot', name=op.f('uq_assessment_period_city_indicator_revision_slot'))
    )
    op.create_table('value_case',
    sa.Column('period', sa.String(length=32), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('indicator', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=True),
    sa.Column('accepted_revision', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('unreviewed', sa.Boolean(), nullable=False),
    sa.Column('sent_by', sa.Integer(), nullable=True),
    sa.Column('reopened_reason', sa.String(length=400), nullable=False),
    sa.Column('asked_reason', sa.String(length=400), nullable=False),
    sa.Column('oddities', sa.String(length=120), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('open', 'draft', 'sent', 'split', 'accepted', 'returned', 'refused', 'locked')", name=op.f('ck_value_case_state')),
    sa.CheckConstraint('accepted_revision <= revision', name=op.f('ck_value_case_accepted_revision')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_value_case_version')),
    sa.ForeignKeyConstraint(['city'], ['city.code'], name=op.f('fk_value_case_city')),
    sa.ForeignKeyConstraint(['period', 'city', 'indicator', 'accepted_revision'], ['indicator_value.period', 'indicator_value.city', 'indicator_value.indicator', 'indicator_value.revision'], name=op.f('fk_value_case_period_city_indicator_accepted_revision')),
    sa.ForeignKeyConstraint(['period', 'city', 'indicator', 'revision'], ['indicator_value.period', 'indicator_value.city', 'indicator_value.indicator', 'indicator_value.revision'], name=op.f('fk_value_case_period_city_indicator_revision')),
    sa.ForeignKeyConstraint(['period'], ['period.code'], name=op.f('fk_value_case_period')),
    sa.ForeignKeyConstraint(['sent_by'], ['staff.id'], name=op.f('fk_value_case_sent_by')),
    sa.PrimaryKeyConstraint('period', 'city', 'indicator', name=op.f('pk_value_case'))
    )
    op.create_table('assignment',
    sa.Column('period', sa.String(length=32), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('indicator', sa.String(length=64), nullable=False),
    sa.Column('assessor', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assessor'], ['staff.id'], name=op.f('fk_assignment_assessor')),
    sa.ForeignKeyConstraint(['period', 'city', 'indicator'], ['value_case.period', 'value_case.city', 'value_case.indicator'], name=op.f('fk_assignment_period_city_indicator')),
    sa.PrimaryKeyConstraint('period', 'city', 'indicator', 'assessor', name=op.f('pk_assignment'))
    )
    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=32), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('indicator', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('address', sa.String(length=800), nullable=False),
    sa.Column('register', sa.String(length=200), nullable=False),
    sa.Column('extract', sa.String(length=80), nullable=False),
    sa.Column('caption', sa.String(length=200), nullable=False),
    sa.Column('document_day', sa.Date(), nullable=True),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('private_reason', sa.String(length=200), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.Column('withdrawn_by', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("(kind = 'address') = (address <> '')", name=op.f('ck_evidence_address')),
    sa.CheckConstraint("(kind = 'file') = (sha256 IS NOT NULL AND address = '')", name=op.f('ck_evidence_file')),
    sa.CheckConstraint("(kind = 'register') = (register <> '')", name=op.f('ck_evidence_register')),
    sa.CheckConstraint("is_public OR private_reason <> ''", name=op.f('ck_evidence_private_reason')),
    sa.CheckConstraint("kind IN ('file', 'address', 'register')", name=op.f('ck_evidence_kind')),
    sa.ForeignKeyConstraint(['added_by'], ['staff.id'], name=op.f('fk_evidence_added_by')),
    sa.ForeignKeyConstraint(['period', 'city', 'indicator'], ['value_case.period', 'value_case.city', 'value_case.indicator'], name=op.f('fk_evidence_period_city_indicator')),
    sa.ForeignKeyConstraint(['sha256'], ['evidence_file.sha256'], name=op.f('fk_evidence_sha256')),
    sa.ForeignKeyConstraint(['withdrawn_by'], ['staff.id'], name=op.f('fk_evidence_withdrawn_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    op.create_table('value_evidence',
    sa.Column('period', sa.String(length=32), nullable=False),
    sa.Column('city', sa.String(length=32), nullable=False),
    sa.Column('indicator', sa.String(length=64), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('evidence', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['evidence'], ['evidence.id'], name=op.f('fk_value_evidence_evidence')),
    sa.ForeignKeyConstraint(['period', 'city', 'indicator', 'revision'], ['indicator_value.period', 'indicator_value.city', 'indicator_value.indicator', 'indicator_value.revision'], name=op.f('fk_value_evidence_period_city_indicator_revision')),
    sa.PrimaryKeyConstraint('period', 'city', 'indicator', 'revision', 'evidence', name=op.f('pk_value_evidence'))
    )
    with op.batch_alter_table('indicator_value') as batch:
        batch.add_column(sa.Column('basis', sa.String(length=16), nullable=True))
        batch.add_column(sa.Column('note', sa.String(length=400), nullable=True))
        batch.add_column(sa.Column('entered_by', sa.Integer(), nullable=True))
    op.execute("UPDATE indicator_value SET basis = '', note = ''")
    with op.batch_alter_table('indicator_value') as batch:
        batch.alter_column('basis', nullable=False, existing_type=sa.String(length=16))
        batch.alter_column('note', nullable=False, existing_type=sa.String(length=400))
        batch.alter_column('imported_by', nullable=True, existing_type=sa.Integer())
        batch.create_foreign_key(op.f('fk_indicator_value_entered_by'), 'staff', ['entered_by'], ['id'])
        batch.create_check_constraint(
            op.f('ck_indicator_value_basis'),
            "basis IN ('', 'register', 'statistics', 'own_records', 'survey', 'estimate', 'other')",
        )
    op.add_column('run', sa.Column('made_at', sa.DateTime(), nullable=True))
    with op.batch_alter_table('period') as batch:
        batch.add_column(sa.Column('state', sa.String(length=8), nullable=True))
        batch.add_column(sa.Column('opens_on', sa.Date(), nullable=True))
        batch.add_column(sa.Column('due_on', sa.Date(), nullable=True))
        batch.add_column(sa.Column('correction_days', sa.Integer(), nullable=True))
    op.execute("UPDATE period SET state = 'open', correction_days = 10")
    with op.batch_alter_table('period') as batch:
        batch.alter_column('state', nullable=False, existing_type=sa.String(length=8))
        batch.alter_column('correction_days', nullable=False, existing_type=sa.Integer())
        batch.create_check_constraint(
            op.f('ck_period_state'), "state IN ('planned', 'open', 'closed')"
        )
        batch.create_check_constraint(op.f('ck_period_correction_days'), 'correction_days BETWEEN 1 AND 60')
    op.execute(ACCEPT_WHAT_STOOD)
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in freeze_statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    """Staff, journal, examination and approvals are lost; of the values those that came in files stay."""
    dialect = op.get_bind().dialect.name
    for table in FROZEN:
        for statement in thaw_statements(table, dialect):
            op.execute(statement)
    with op.batch_alter_table('run') as batch:
        batch.drop_column('made_at')
    op.drop_table('value_evidence')
    op.drop_table('evidence')
    op.drop_table('assignment')
    op.drop_table('value_case')
    op.drop_table('assessment')
    op.drop_table('approval')
    op.drop_table('step_count')
    op.drop_table('proposed_questionnaire')
    op.drop_table('withdrawal_request')
    op.drop_table('publication_draft_file')
    op.drop_table('publication_request')
    op.drop_table('totp')
    op.drop_table('task')
    op.drop_table('selection')
    op.drop_table('saved_view')
    op.drop_table('role_grant')
    op.drop_table('recovery_code')
    op.drop_table('period_extension')
    op.drop_table('passkey')
    op.drop_table('outgoing_mail')
    op.drop_table('notice')
    op.drop_table('login_session')
    op.drop_table('journal')
    op.drop_table('invitation')
    op.drop_table('import_stage')
    op.drop_table('form_draft')
    op.drop_table('soft_claim')
    op.drop_table('factor_reset')
    op.drop_table('sign_in_delay')
    op.drop_table('passkey_challenge')
    op.drop_table('journal_head')
    op.drop_table('journal_check')
    op.drop_table('evidence_file')
    op.drop_table('day_off')
    op.execute('DELETE FROM indicator_value WHERE imported_by IS NULL')
    with op.batch_alter_table('period') as batch:
        batch.drop_constraint(op.f('ck_period_correction_days'), type_='check')
        batch.drop_constraint(op.f('ck_period_state'), type_='check')
        batch.drop_column('correction_days')
        batch.drop_column('due_on')
        batch.drop_column('opens_on')
        batch.drop_column('state')
    with op.batch_alter_table('indicator_value') as batch:
        batch.drop_constraint(op.f('ck_indicator_value_basis'), type_='check')
        batch.drop_constraint(op.f('fk_indicator_value_entered_by'), type_='foreignkey')
        batch.alter_column('imported_by', nullable=False, existing_type=sa.Integer())
        batch.drop_column('entered_by')
        batch.drop_column('note')
        batch.drop_column('basis')
    op.drop_table('staff')
