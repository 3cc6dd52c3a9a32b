"""Records to choose one from: a list of all while they are few, else those that a text finds."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from listings.search import matches
from listings.text.query import parse

# As many as a list to choose from may hold; and as many as are shown of those that a text finds.
FEW, SHOWN = 300, 20


@dataclass
class Choices:
    """`offered` are the records to choose from, in order.

    Unless they are few, only those that `text` finds: the best of `total`. `problem` says what is wrong with
    the text.
    """

    offered: object = ()
    is_few: bool = True
    text: str = ""
    total: int = 0
    problem: str = ""

    @property
    def is_found(self):
        """Whether a text was looked for."""
        return bool(self.text and not self.problem)


def choices_of(rows, texts=(), *, without=()):
    """The choices among public rows, as a reader typed into the box of them; those chosen are left out."""
    chosen = {row.pk for row in without}
    if len(rows.order_by().values_list("pk", flat=True)[: FEW + 1]) <= FEW:
        return Choices(rows.exclude(pk__in=chosen))
    text = texts[0].strip() if texts else ""
    try:
        if len(texts) > 1:
            raise ValidationError(_("This filter takes one value, not several."))
        query = parse(text)
    except ValidationError as error:
        return Choices(is_few=False, text=text, problem=" ".join(error.messages))
    if text and not query:
        return Choices(is_few=False, text=text, problem=_("Type a letter or a digit at least."))
    if not text:
        return Choices(is_few=False)
    found = matches(rows, query)
    offered = [row for row in found.best(SHOWN + len(chosen)) if row.pk not in chosen][:SHOWN]
    return Choices(offered, is_few=False, text=text, total=found.total)
