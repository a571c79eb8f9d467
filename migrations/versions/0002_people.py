"""Accounts, places, residents, organisations."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(kind = 'street') = (parent_id IS NULL)", name=op.f("ck_place_only_street_is_root")),
        sa.ForeignKeyConstraint(["parent_id"], ["place.id"], name=op.f("fk_place_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("code", name=op.f("uq_place_code")),
        sa.CheckConstraint("kind IN ('street', 'community', 'grid', 'estate')", name=op.f("ck_place_placekind")),
    )
    op.create_index(op.f("ix_place_kind"), "place", ["kind"], unique=False)
    op.create_index(op.f("ix_place_parent_id"), "place", ["parent_id"], unique=False)
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_address_at", "sign_in_attempt", ["address", "at"], unique=False)
    op.create_index("ix_sign_in_attempt_login_at", "sign_in_attempt", ["login", "at"], unique=False)
    op.create_table(
        "user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("display_name", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("phone_cipher", sa.Text(), nullable=True),
        sa.Column("phone_index", sa.String(length=64), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("totp_cipher", sa.Text(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("login", name=op.f("uq_user_login")),
        sa.CheckConstraint("status IN ('active', 'disabled')", name=op.f("ck_user_accountstatus")),
    )
    op.create_index(op.f("ix_user_phone_index"), "user", ["phone_index"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("legal_kind", sa.String(length=32), nullable=False),
        sa.Column("community_kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("filing_number", sa.String(length=40), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("registered_with", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=160), nullable=False),
        sa.Column("head_name", sa.String(length=60), nullable=False),
        sa.Column("phone_cipher", sa.Text(), nullable=True),
        sa.Column("staff_count", sa.Integer(), nullable=False),
        sa.Column("social_worker_count", sa.Integer(), nullable=False),
        sa.Column("assessment_grade", sa.String(length=4), nullable=True),
        sa.Column("assessment_expires_on", sa.Date(), nullable=True),
        sa.Column("inspections", sa.JSON(), nullable=False),
        sa.Column("abnormal_until", sa.Date(), nullable=True),
        sa.Column("dishonest_until", sa.Date(), nullable=True),
        sa.Column("violation_on", sa.Date(), nullable=True),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("party_building", sa.String(length=200), nullable=False),
        sa.Column("bank_name", sa.String(length=120), nullable=True),
        sa.Column("account_name", sa.String(length=120), nullable=True),
        sa.Column("account_cipher", sa.Text(), nullable=True),
        sa.Column("account_index", sa.String(length=64), nullable=True),
        sa.Column("account_last4", sa.String(length=4), nullable=True),
        sa.Column("host_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("review_note", sa.String(length=300), nullable=True),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "legal_kind <> 'filed' OR account_cipher IS NULL", name=op.f("ck_organisation_filed_is_never_payee")
        ),
        sa.CheckConstraint(
            "legal_kind = 'filed' OR uscc IS NOT NULL", name=op.f("ck_organisation_registered_has_uscc")
        ),
        sa.CheckConstraint(
            "review_note IS NULL OR status = 'pending'", name=op.f("ck_organisation_returned_only_while_pending")
        ),
        sa.ForeignKeyConstraint(["certificate_id"], ["stored_file.id"], name=op.f("fk_organisation_certificate_id")),
        sa.ForeignKeyConstraint(["host_id"], ["organisation.id"], name=op.f("fk_organisation_host_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["user.id"], name=op.f("fk_organisation_reviewed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_organisation_ref")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organisation_uscc")),
        sa.CheckConstraint(
            "legal_kind IN ('association', 'service', 'foundation', 'filed')", name=op.f("ck_organisation_legalkind")
        ),
        sa.CheckConstraint(
            "community_kind IN ('resident_service', 'culture_sport', 'charity', 'governance', 'hub')",
            name=op.f("ck_organisation_communitykind"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'listed', 'suspended')", name=op.f("ck_organisation_organisationstatus")
        ),
    )
    op.create_table(
        "resident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("id_number_cipher", sa.Text(), nullable=False),
        sa.Column("id_number_index", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("phone_cipher", sa.Text(), nullable=True),
        sa.Column("phone_index", sa.String(length=64), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("gender", sa.String(length=32), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("grid_id", sa.Uuid(), nullable=True),
        sa.Column("estate_id", sa.Uuid(), nullable=True),
        sa.Column("is_away", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("fk_resident_community_id")),
        sa.ForeignKeyConstraint(["estate_id"], ["place.id"], name=op.f("fk_resident_estate_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["place.id"], name=op.f("fk_resident_grid_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_resident_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("id_number_index", name=op.f("uq_resident_id_number_index")),
        sa.UniqueConstraint("person_key", name=op.f("uq_resident_person_key")),
        sa.UniqueConstraint("user_id", name=op.f("uq_resident_user_id")),
        sa.CheckConstraint("gender IN ('female', 'male')", name=op.f("ck_resident_gender")),
    )
    op.create_index(op.f("ix_resident_community_id"), "resident", ["community_id"], unique=False)
    op.create_index("ix_resident_community_id_name", "resident", ["community_id", "name", "id"], unique=False)
    op.create_index("ix_resident_name", "resident", ["name", "id"], unique=False)
    op.create_index(op.f("ix_resident_phone_index"), "resident", ["phone_index"], unique=False)
    op.create_table(
        "roll_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=160), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("created_count", sa.Integer(), nullable=False),
        sa.Column("updated_count", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.JSON(), nullable=False),
        sa.Column("imported_by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft_cipher", sa.Text(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "applied_at IS NULL OR draft_cipher IS NULL", name=op.f("ck_roll_import_draft_goes_when_applied")
        ),
        sa.ForeignKeyConstraint(["applied_by_id"], ["user.id"], name=op.f("fk_roll_import_applied_by_id")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("fk_roll_import_community_id")),
        sa.ForeignKeyConstraint(["imported_by_id"], ["user.id"], name=op.f("fk_roll_import_imported_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_import")),
    )
    op.create_table(
        "second_factor_reset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_agreed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(decided_by_id IS NULL) = (is_agreed IS NULL) AND (decided_by_id IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_second_factor_reset_decision_is_whole"),
        ),
        sa.CheckConstraint("requested_by_id <> decided_by_id", name=op.f("ck_second_factor_reset_two_persons")),
        sa.CheckConstraint(
            "user_id <> requested_by_id AND user_id <> decided_by_id",
            name=op.f("ck_second_factor_reset_never_ones_own"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_second_factor_reset_decided_by_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["user.id"], name=op.f("fk_second_factor_reset_requested_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_second_factor_reset_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor_reset")),
    )
    op.create_index(op.f("ix_second_factor_reset_user_id"), "second_factor_reset", ["user_id"], unique=False)
    op.create_table(
        "user_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stepped_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "bank_account_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("bank_name", sa.String(length=120), nullable=False),
        sa.Column("account_name", sa.String(length=120), nullable=False),
        sa.Column("account_cipher", sa.Text(), nullable=False),
        sa.Column("account_index", sa.String(length=64), nullable=False),
        sa.Column("account_last4", sa.String(length=4), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(decided_by_id IS NULL) = (is_accepted IS NULL) AND (decided_by_id IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_bank_account_change_decision_is_whole"),
        ),
        sa.CheckConstraint("proposed_by_id <> decided_by_id", name=op.f("ck_bank_account_change_two_persons")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_bank_account_change_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_bank_account_change_organisation_id")
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_bank_account_change_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account_change")),
    )
    op.create_index(
        op.f("ix_bank_account_change_organisation_id"), "bank_account_change", ["organisation_id"], unique=False
    )
    op.create_index(
        "uq_bank_account_change_open",
        "bank_account_change",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text("decided_by_id IS NULL"),
        postgresql_where=sa.text("decided_by_id IS NULL"),
    )
    op.create_table(
        "organisation_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_member_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_organisation_member_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_member")),
        sa.UniqueConstraint("organisation_id", "user_id", name=op.f("uq_organisation_member_organisation_id_user_id")),
        sa.CheckConstraint("role IN ('head', 'clerk')", name=op.f("ck_organisation_member_memberrole")),
    )
    op.create_index(
        op.f("ix_organisation_member_organisation_id"), "organisation_member", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_organisation_member_user_id"), "organisation_member", ["user_id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("granted_by_id", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("seconded_by_id", sa.Uuid(), nullable=True),
        sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'organisation') = (organisation_id IS NOT NULL)",
            name=op.f("ck_role_grant_member_names_organisation"),
        ),
        sa.CheckConstraint(
            "role <> 'community' OR place_id IS NOT NULL", name=op.f("ck_role_grant_officer_names_community")
        ),
        sa.CheckConstraint("role <> 'visitor'", name=op.f("ck_role_grant_visitor_needs_no_grant")),
        sa.CheckConstraint(
            "(seconded_by_id IS NULL) = (seconded_at IS NULL)", name=op.f("ck_role_grant_seconded_with_date")
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_role_grant_ends_after_start")),
        sa.CheckConstraint(
            "granted_by_id <> user_id AND seconded_by_id <> user_id", name=op.f("ck_role_grant_never_to_oneself")
        ),
        sa.CheckConstraint(
            "seconded_by_id IS NULL OR (granted_by_id IS NOT NULL AND granted_by_id <> seconded_by_id)",
            name=op.f("ck_role_grant_two_persons"),
        ),
        sa.ForeignKeyConstraint(["granted_by_id"], ["user.id"], name=op.f("fk_role_grant_granted_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_role_grant_organisation_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_role_grant_place_id")),
        sa.ForeignKeyConstraint(["seconded_by_id"], ["user.id"], name=op.f("fk_role_grant_seconded_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_role_grant_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.CheckConstraint(
            "role IN ('visitor', 'resident', 'organisation', 'expert', 'community', 'programme', 'finance', 'approver', 'supervisor', 'admin')",
            name=op.f("ck_role_grant_role"),
        ),
    )
    op.create_index(op.f("ix_role_grant_user_id"), "role_grant", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("role_grant")
    op.drop_table("organisation_member")
    op.drop_table("bank_account_change")
    op.drop_table("user_session")
    op.drop_table("second_factor_reset")
    op.drop_table("roll_import")
    op.drop_table("resident")
    op.drop_table("organisation")
    op.drop_table("user")
    op.drop_table("sign_in_attempt")
    op.drop_table("place")
