"""Everything that a model says against an instance, asked of thousands of instances."""

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint


class Validator:
    """`full_clean` of one model without its questions about uniqueness, which the caller has looked up.

    Django asks the database about each constraint with every field of the instance, which is most of the time
    of a large import. Here it is handed only the fields that the constraint names, and what was asked of the
    same values before is remembered.
    """

    def __init__(self, model):
        self.model = model
        names = {field.name for field in model._meta.fields}
        self._constraints = [
            (constraint, sorted(constraint.condition.referenced_base_fields & names), names)
            for constraint in model._meta.constraints
            if isinstance(constraint, CheckConstraint)
        ]
        self._known = {}

    def full_clean(self, instance, exclude):
        """Raise ValidationError with all that is wrong, as `Model.full_clean` does."""
        errors, exclude = {}, set(exclude)
        try:
            instance.clean_fields(exclude=exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        try:
            instance.clean()
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        exclude |= errors.keys()
        for constraint, fields, names in self._constraints:
            if exclude.isdisjoint(fields) and (error := self._broken(constraint, fields, names, instance)):
                errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def _broken(self, constraint, fields, names, instance):
        """The error of a constraint that an instance breaks, or None."""
        key = (constraint.name, *(getattr(instance, name) for name in fields))
        if key not in self._known:
            try:
                constraint.validate(self.model, instance, exclude=names.difference(fields))
                self._known[key] = None
            except ValidationError as error:
                self._known[key] = error
        return self._known[key]
