"""Files and the transaction that names them."""

import io
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from grants.foundation import files
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.files.store import store
from grants.foundation.models import StoredFile
from tests.unit.foundation.hostile.pictures import jpeg_with_position


def _send() -> StoredFile:
    upload = FileStorage(io.BytesIO(jpeg_with_position()), filename="活动.jpg", name="photo")
    return files.store_upload(upload, purpose="evidence", actor_id=uuid.uuid4(), allow=files.IMAGES)


def test_a_committed_file_can_be_read_back(ctx: Flask) -> None:
    number = _send().id
    db.session.commit()
    db.session.remove()
    file = files.get_file(number)
    assert (file.name, file.purpose, file.media_type) == ("活动.jpg", "evidence", "image/jpeg")
    assert file.taken_at is not None
    assert len(files.read_bytes(file)) == file.size
    assert files.extension_of(file) == ".jpg"


def test_a_rolled_back_file_leaves_bytes_that_harm_nobody(ctx: Flask) -> None:
    file = _send()
    address = file.sha256
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
    assert store().get(address)
    _send()
    db.session.commit()


def test_an_unknown_file_is_not_found(ctx: Flask) -> None:
    with pytest.raises(NotFound):
        files.get_file(uuid.uuid4())
