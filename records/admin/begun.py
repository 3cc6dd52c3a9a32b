"""What a form was made from: it goes with the form, sealed, and comes back with what was typed.

Without it nobody could tell what its user changed from what somebody else changed meanwhile.
"""

from dataclasses import dataclass

from django.core import signing

from records.merging import to_be_shown

SALT = "records.editing"


class Unreadable(Exception):
    """A form names what it was made from, and that is not of our making, or of another record."""


@dataclass(frozen=True)
class Begun:
    """`seen` is the state that the user of a form knows of, `content` what the form shows.

    The two are the same unless the form shows somebody's own, unsaved changes on top.
    """

    seen: dict
    content: dict
    user: int

    @property
    def is_as_seen(self):
        """Whether the form showed nothing but what was seen."""
        return self.seen == self.content

    @property
    def shown(self):
        """The content, with the keys by which the form names its new rows."""
        return to_be_shown(self.content)

    def sealed(self):
        """As text for a hidden field: packed and signed."""
        content = None if self.is_as_seen else self.content
        return signing.dumps([self.user, self.seen, content], salt=SALT, compress=True)

    @classmethod
    def unsealed(cls, text, record):
        """The same from the text; raises Unreadable."""
        try:
            user, seen, content = signing.loads(text, salt=SALT)
            of = (seen["model"], seen["pk"])
        except (signing.BadSignature, ValueError, TypeError, KeyError) as error:
            raise Unreadable from error
        if of != (record._meta.label_lower, record.pk):
            raise Unreadable
        return cls(seen, seen if content is None else content, user)
