"""Batches of papers that go on where a killed worker stopped."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the batch and its papers."""
    op.create_table(
        "document_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_ref", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (file_id IS NULL)", name=op.f("ck_document_batch_file_iff_finished")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job_run.id"], name=op.f("fk_document_batch_job_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_document_batch_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_batch")),
    )
    op.create_index(op.f("ix_document_batch_requested_by_id"), "document_batch", ["requested_by_id"], unique=False)
    op.create_table(
        "document_batch_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subject_ref", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("code", sa.String(length=24), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'issued', 'failed')", name=op.f("ck_document_batch_item_batchitemstatus")
        ),
        sa.CheckConstraint(
            "(status = 'issued') = (document_id IS NOT NULL)", name=op.f("ck_document_batch_item_document_iff_issued")
        ),
        sa.CheckConstraint(
            "(status = 'failed') = (reason IS NOT NULL)", name=op.f("ck_document_batch_item_reason_iff_failed")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["document_batch.id"], name=op.f("fk_document_batch_item_batch_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["issued_document.id"], name=op.f("fk_document_batch_item_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_batch_item")),
        sa.UniqueConstraint("batch_id", "subject_ref", name=op.f("uq_document_batch_item_batch_id_subject_ref")),
    )
    op.create_index(op.f("ix_document_batch_item_batch_id"), "document_batch_item", ["batch_id"], unique=False)


def downgrade() -> None:
    """Drop them; the papers that were issued stay."""
    op.drop_table("document_batch_item")
    op.drop_table("document_batch")
