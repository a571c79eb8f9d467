"""Shapes and wording of the forms of cases and consents."""

from wtforms import BooleanField, DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from grants.foundation.i18n import _l
from grants.foundation.web.forms import Form
from grants.growth.rules import LESSONS_LENGTH, STORY_LENGTH


class CaseForm(Form):
    """What a case tells, and the two pictures that stand with it."""

    title = StringField(_l("案例标题"), [DataRequired(_l("请填写案例标题")), Length(max=80)])
    story = TextAreaField(_l("做了什么"), [DataRequired(_l("请写明做了什么")), Length(max=STORY_LENGTH[1])])
    lessons = TextAreaField(
        _l("可以推广的做法"), [DataRequired(_l("请写明可以推广的做法")), Length(max=LESSONS_LENGTH[1])]
    )
    reason = TextAreaField(_l("评为案例的理由"), [Length(max=500)])
    pictures = SelectMultipleField(
        _l("照片（最多两张）"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class WithdrawForm(Form):
    """Why a case leaves the library."""

    reason = TextAreaField(_l("移出理由"), [DataRequired(_l("请写明移出案例库的理由")), Length(max=500)])


class ConsentForm(Form):
    """That a leader agreed in writing to be named."""

    name = SelectField(_l("项目负责人"))
    given_on = DateField(_l("同意书日期"), [DataRequired(_l("请填写同意书日期"))])
    has_paper = BooleanField(
        _l("本人已书面同意在领军人才名单中公开姓名，同意书由本组织保存"),
        [DataRequired(_l("没有本人的书面同意，不能公开姓名"))],
    )
