# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a text matches its truth: NFKC, white space removed, tick marks apart.

cer     edit distance / length of truth; on forms it measures reading order as much as reading
recall  share of truth lines of two or more characters found as exact substrings, in any order
f1      bag of characters, order-free
"""
import unicodedata
from collections import Counter

MARKS = set("□■●○✔☐☑☒◯◎✓レ点" ) - set("レ点")


def fold(text):
    text = unicodedata.normalize("NFKC", text)
    return "".join(c for c in text if not c.isspace() and c not in MARKS)


def distance(a, b):
    """Levenshtein distance, bit-parallel (Myers 1999)."""
    if not a or not b:
        return len(a) + len(b)
    masks = {}
    for i, c in enumerate(a):
        masks[c] = masks.get(c, 0) | 1 << i
    plus, minus, score = (1 << len(a)) - 1, 0, len(a)
    top, all_bits = 1 << len(a) - 1, (1 << len(a)) - 1
    for c in b:
        eq = masks.get(c, 0)
        xv = eq | minus
        xh = (((eq & plus) + plus) ^ plus) | eq
        ph = minus | ~(xh | plus) & all_bits
        mh = plus & xh
        if ph & top:
            score += 1
        if mh & top:
            score -= 1
        ph = (ph << 1 | 1) & all_bits
        mh = mh << 1 & all_bits
        plus = mh | ~(xv | ph) & all_bits
        minus = ph & xv
    return score


def score(truth, text):
    t, o = fold(truth), fold(text)
    lines = [fold(l) for l in truth.splitlines()]
    lines = [l for l in lines if len(l) >= 2]
    missed = [l for l in lines if l not in o]
    common = sum((Counter(t) & Counter(o)).values())
    return {
        "cer": distance(t, o) / max(1, len(t)),
        "recall": 1 - len(missed) / max(1, len(lines)),
        "f1": 2 * common / max(1, len(t) + len(o)),
        "lines": len(lines),
        "missed": missed,
    }
