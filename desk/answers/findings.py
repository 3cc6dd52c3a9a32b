"""The answer to a finding that is right as it is: dismissed, with a reason."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk import findings
from desk.answers.base import Done, refuse_if_changed, refuse_unless_may_change
from desk.models import Finding
from records.pending import Refused


class Dismiss:
    """Say why something that a check found is right as it is. It comes back when the facts change."""

    name = "dismiss"
    label = gettext_lazy("Dismiss")
    takes = (Finding,)
    # The words are asked for on a page of their own where the form did not bring them.
    asks = {"why": gettext_lazy("Why it is right as it is")}

    def give(self, user, row, values):
        """Keep the reason with the finding; raises Refused where somebody answered it before."""
        refuse_if_changed(row, values.get("seen"))
        refuse_unless_may_change(user, row)
        try:
            findings.dismiss(row, by=user, why=values["why"])
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        return Done(_("Dismissed: %(finding)s. It comes back if the facts change.") % {"finding": row})
