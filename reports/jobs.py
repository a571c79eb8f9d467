"""Background work of reports: printing one paper and keeping it as issued."""

import uuid

from grants.foundation.database import get_by_id
from grants.foundation.documents import Identity
from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _, _l
from grants.foundation.jobs import Progress, job
from grants.foundation.models import StoredFile
from grants.people.models import User
from reports.catalogue import get_kind
from reports.issuing import BATCH_JOB, JOB, prepare


@job(JOB, title=_l("生成报告"))
def render_report(
    progress: Progress, *, kind: str, ref: str, number: str, code: str, base_url: str, actor_id: str
) -> StoredFile | None:
    """Gather, print and issue one paper under the number it was given; the same paper is not issued twice."""
    # Printing needs pandas, which no web worker should load
    from reports.render import RenderKilled, TooLarge, render_guarded
    from reports.tables.base import DoesNotReconcile

    progress.step(0, 3, _("正在汇总数据"))
    found = get_kind(kind)
    prepared = prepare(found, ref)
    issued = prepared.find_issued()
    if issued is not None:
        return issued.file
    progress.step(1, 3, _("正在排版"))
    identity = Identity(number, code)
    try:
        content = render_guarded(found.printer(), prepared.document(identity, base_url))
    except DoesNotReconcile as error:
        raise RuleBroken(_("数据不能对平，报告没有生成：%(what)s", what=str(error))) from error
    except (RenderKilled, TooLarge) as error:
        raise RuleBroken(_("内容超出一份报告的限度，报告没有生成。请联系管理员。")) from error
    progress.step(2, 3, _("正在存档"))
    progress.begin_writing()
    document = prepared.issue(identity, content, get_by_id(User, uuid.UUID(actor_id)))
    progress.step(3, 3, _("报告已生成"))
    return document.file


@job(BATCH_JOB, title=_l("批量生成报告"))
def render_batch(progress: Progress, *, batch_id: str) -> StoredFile:
    """Print what still waits of a batch, keep each paper as soon as it is there, then put all into one ZIP.

    Each paper is whole in itself, so this job commits after each: a worker that is killed loses what it was printing,
    and the next attempt goes on with the papers that still wait.
    """
    from reports.batch_work import print_waiting, zip_up

    progress.begin_writing()
    key = uuid.UUID(batch_id)
    print_waiting(progress, key)
    return zip_up(key)
