"""Forms of the catalogue."""

from collections.abc import Sequence

from wtforms import SelectField
from wtforms.validators import DataRequired

from grants.foundation.i18n import Text, _l
from grants.foundation.web.forms import Form, choices


class BatchForm(Form):
    """Which papers of which round to print together."""

    kind = SelectField(_l("报告种类"), [DataRequired(_l("请选择报告种类"))])
    round = SelectField(_l("届次"), [DataRequired(_l("请选择届次"))])

    def offer(self, kinds: dict[str, Text], rounds: Sequence[tuple[str, str]]) -> None:
        """Set what can be chosen."""
        self.kind.choices = choices(kinds, _l("请选择报告种类"))
        self.round.choices = choices(dict(rounds), _l("请选择届次"))
