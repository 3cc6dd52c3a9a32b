"""What a list would find, for the pages beside it: the numbers and rows of the address they lead to."""

from django.http import QueryDict
from django.utils.http import urlencode

from listings.index.layout import layout_for
from listings.results import PlainResults


def results_of(rows, **chosen):
    """The results of the list of these rows at these values of its filters.

    `results_of(rows, city=["taiyuan"])`. Their rows come in the first sort of the list. A value that no row
    has, or an empty list of values, finds nothing. TypeError for a model that no filter set names as its
    `index_of`.
    """
    layout = layout_for(rows.model)
    if layout is None:
        raise TypeError(f"{rows.model.__name__} has no list that may have an index.")
    filterset = layout.filterset_class(QueryDict(urlencode(chosen, doseq=True)), queryset=rows)
    if filterset.form.is_valid() and all(chosen.values()):
        return filterset.results
    nothing = layout.filterset_class(QueryDict(), queryset=rows.none())
    nothing.form.is_valid()
    return PlainResults(nothing)
