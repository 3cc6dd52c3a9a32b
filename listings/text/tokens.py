"""What can be found in a text: its words, and the pairs of neighbouring characters of its Chinese.

Chinese is written without spaces. Instead of guessing where words end, every pair of neighbours is a
token, and the last character of a run as well, so that one character is found by the tokens that begin
with it. Letters and digits of any other script make words.
"""

import re
from operator import add

from listings.text.folding import fold

CHINESE = "々〇\u3400-\u9fff\U00020000-\U0003fffd"
RUN = re.compile(f"[{CHINESE}]+")
# What a folded text is made of: runs of Chinese, and words.
PIECE = re.compile(f"[{CHINESE}]+|[^ {CHINESE}]+")


def tokens(*texts):
    """The tokens of texts that belong together, as a set; a text may be None."""
    found = set()
    for text in texts:
        if text:
            found.update(tokens_of_folded(fold(text)))
    return found


def tokens_of_folded(folded):
    """The tokens of one folded text; some may come twice."""
    if folded.isascii():
        return folded.split()
    found = []
    for piece in PIECE.findall(folded):
        if RUN.match(piece):
            found.extend(map(add, piece, piece[1:]))
            found.append(piece[-1])
        else:
            found.append(piece)
    return found
