"""The answers that staff give on the desk, each with one click, and what stands behind the click.

An answer has a name (it stands in addresses), a label, the kinds of row it takes, and `give(user, row,
values)`, which does it and says so (`Done`) or raises `Refused` with the reason. With `asks` it needs words.
"""

from desk.answers.adopting import Adopt
from desk.answers.base import Done, Refused, find, name_of, seen
from desk.answers.checks import StillTrue
from desk.answers.findings import Dismiss
from desk.answers.questions import Ask, Reply
from desk.answers.translations import TranslationRight

ANSWERS = {one.name: one for one in (StillTrue(), Adopt(), Ask(), Dismiss(), Reply(), TranslationRight())}

__all__ = ["ANSWERS", "Done", "Refused", "find", "name_of", "seen"]
