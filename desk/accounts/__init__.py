"""How staff sign in: django-allauth, with what the house asks beyond it.

`adapter` is where allauth asks us, `sessions` ends what has lasted long enough, `factors` says who needs a
second factor, `record` writes down what happened, `views` and `urls` are the pages.
"""
