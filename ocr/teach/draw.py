#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws letters as scanners see them, for the trainer of the judge of letters: small, soft, thin or bold, askew, noisy. A picture is what
letter_pictures.c reads; the letter's room (em) is known but for some percent, as it is on pages."""
import collections
import io
import random
import struct

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

EM = 64  # pixels: a letter is drawn in this size first
LEFT, TOP, FRAME = 11, 11, 86  # where its em begins in its picture, and that picture's side
FULL = "国固圏書童重量酒高尊車東"  # letters that fill their room from top to bottom: their middle is the em's
SMALLEST, LARGEST = 19, 46  # pixels of an em: 150 dpi and 9 points to 300 dpi and 11 points
SHEET_SMALLEST = 29  # 300 dpi and 7 points
CLEAN, WORN, SCANNED = range(3)  # kinds of pictures
PAPER = 255
SCAN_DPI = (150, 200, 200, 300)  # of pages that come small, and are enlarged to SHEET_DPI
SHEET_DPI = 300
ASKEW = 1.2  # degrees that a page lay, and was turned back by
JPEG_GRID = 8  # pixels
TIGHT = .5  # of the pictures are cut close to their ink

Typeface = collections.namedtuple("Typeface", "package file index held kin")


def typefaces(path):
    """Lines of `package file index [held|kin]`."""
    rows = [line.split() for line in open(path, encoding="utf-8") if line.strip() and not line.startswith("#")]
    return [Typeface(r[0], r[1], int(r[2]), "held" in r[3:], "kin" in r[3:]) for r in rows]


def shrink(big, rng, frame, to):
    """A part of another size, askew, narrower or wider: a float array of ink 0 … 1, and where its em begins."""
    s = to / EM
    slant, skew = rng.gauss(0, .012), rng.gauss(0, .012)
    stretch = rng.choice([1, 1, 1, rng.uniform(.8, 1.2)])
    side = int(frame * s) + 3
    dx, dy = rng.random(), rng.random()
    if s < .9:
        big = big.filter(ImageFilter.BoxBlur(max(.5 / s - .2, 0)))
    size = (int(side * max(stretch, 1)) + 1, side)
    im = big.transform(size, Image.AFFINE, (1 / s / stretch, slant / s, -dx / s, skew / s, 1 / s, -dy / s), resample=Image.BILINEAR)
    return np.asarray(im, dtype="f4") / 255, TOP * s + dy


def wear(x, rng):
    """Thin or bold strokes, blur, noise, or black and white."""
    x = x ** rng.choice([.6, .8, 1, 1, 1.3, 1.7])
    if rng.random() < .35:
        soft = Image.fromarray((x * 255).astype("u1")).filter(ImageFilter.GaussianBlur(rng.uniform(.3, 1)))
        x = np.asarray(soft, dtype="f4") / 255
    if rng.random() < .4:
        x = x + np.random.RandomState(rng.getrandbits(31)).normal(0, rng.uniform(.02, .12), x.shape)
    if rng.random() < .2:
        x = x > rng.uniform(.3, .6)
    return x


def grey_of(x):
    return Image.fromarray((np.clip(x, 0, 1) * 255).astype("u1"))


def ink_of(im):
    return np.asarray(im, dtype="f4") / 255


def squeeze(x, rng):
    """As JPEG leaves it, wherever its blocks begin."""
    y0, x0 = rng.randrange(JPEG_GRID), rng.randrange(JPEG_GRID)
    file = io.BytesIO()
    grey_of(1 - np.pad(x, ((y0, JPEG_GRID), (x0, JPEG_GRID)))).save(file, "JPEG", quality=rng.randint(60, 80))
    h, w = x.shape
    return 1 - ink_of(Image.open(file))[y0:y0 + h, x0:x0 + w]


def scan(big, rng):
    """As a page that came askew and small, through JPEG, lies on the box's sheet: ink, where its em begins, and the em."""
    factor = SHEET_DPI / rng.choice(SCAN_DPI)
    em = rng.uniform(SHEET_SMALLEST, LARGEST)
    x, top = shrink(big, rng, FRAME, em / factor)
    askew = rng.uniform(-ASKEW, ASKEW)
    x = ink_of(grey_of(x).rotate(askew, Image.BILINEAR).filter(ImageFilter.GaussianBlur(rng.uniform(.4, .7))))
    x = x ** rng.choice([.6, .8, 1, 1, 1.3])
    x = grey_of(squeeze(x * np.float32(rng.uniform(.5, 1)), rng))
    x = x.resize((round(x.width * factor), round(x.height * factor)), Image.BICUBIC)
    return ink_of(x.rotate(-askew, Image.BILINEAR)), top * factor, em


def cut(x, rng):
    """Close to the ink, as boxes of letters are, with a margin of 0 to 3 pixels: what is left, and the rows cut off."""
    dark = x > x.max() * .35
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    m = [rng.randrange(4) for _ in range(4)]
    y0 = max(rows[0] - m[0], 0)
    return x[y0:rows[-1] + 1 + m[1], max(columns[0] - m[2], 0):columns[-1] + 1 + m[3]], y0


def picture(big, rng, kind):
    """One picture of a letter, packed."""
    if kind == SCANNED:
        x, top, em = scan(big, rng)
    else:
        em = rng.uniform(SMALLEST, LARGEST)
        x, top = shrink(big, rng, FRAME, em)
    if kind == WORN:
        x = wear(x, rng)
    x = np.clip(x * np.float32(PAPER * rng.uniform(.6, 1)), 0, PAPER)
    if x.max() > 0 and rng.random() < TIGHT:
        x, off = cut(x, rng)
        top -= off
    em *= 1 + rng.gauss(0, .05)
    top += rng.gauss(0, .05) * em
    grey = (PAPER - x.astype("i4")).astype("u1")
    return struct.pack("=HHff", grey.shape[1], grey.shape[0], top, em) + grey.tobytes()


def boxes_of(font, letters):
    """{letter: its ink's box, from the baseline's left end} of those that the typeface has and FreeType can draw."""
    boxes, missing = {}, set()
    for letter in list("\uffff\U0010fffe") + letters:
        try:
            mask, box = bytes(font.getmask(letter)), font.getbbox(letter, anchor="ls")
        except OSError:
            continue
        if letter in "\uffff\U0010fffe":
            missing.add(mask)
        elif mask not in missing and any(mask):
            boxes[letter] = box
    return boxes


def above_baseline(boxes):
    """How far the em begins above the baseline. What typefaces say of it themselves differs by a quarter of an em."""
    full = [boxes[c] for c in FULL if c in boxes]
    return EM / 2 - sum(b[1] + b[3] for b in full) / 2 / len(full)


def drawn(path, index, letters, copies, seed):
    """Yields (index of the letter, picture), `copies` of each letter that the typeface has: clean, worn, scanned and so on."""
    font = ImageFont.truetype(path, EM, index=index, layout_engine=ImageFont.Layout.BASIC)
    rng = random.Random(seed)
    boxes = boxes_of(font, letters)
    baseline = TOP + above_baseline(boxes)
    for k, letter in enumerate(letters):
        if letter not in boxes:
            continue
        big = Image.new("L", (FRAME, FRAME), 0)
        ImageDraw.Draw(big).text((LEFT, baseline), letter, font=font, fill=255, anchor="ls")
        for c in range(copies):
            yield k, picture(big, rng, c % 3)
