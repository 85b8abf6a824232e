#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""fit.py [-j N] [-c COPIES] FONTS PICTURES MODEL: learns the judge of letters (../letter_model.h) from drawn ones. FONTS is the folder that
the packages of typefaces.txt were unpacked to, PICTURES the program letter_pictures. First without the typefaces marked held and kin, to say
how often letters of the held ones are known; then from all of them, which is what MODEL is."""
import argparse
import multiprocessing
import os
import struct
import subprocess
import sys

import numpy as np

import draw
from letters import LETTERS

HERE = os.path.dirname(os.path.abspath(__file__))
FEATURES, DIMENSIONS = 515, 128
PLACES = 3  # the last features
SHAPES = slice(0, FEATURES - PLACES)
SMOOTH = .02  # of the mean variance, added to each shape feature's
PLACE = 2  # what size and place count for: they vary less from typeface to typeface than shapes
BLOCK = 4096  # pictures
GUESSES = 5


class Sums:
    """What linear discriminant analysis needs of all letters."""

    def __init__(self):
        self.n = np.zeros(len(LETTERS))
        self.sums = np.zeros((len(LETTERS), FEATURES))
        self.products = np.zeros((FEATURES, FEATURES))

    def add(self, features, letters):
        order = np.argsort(letters, kind="stable")
        kinds, first = np.unique(letters[order], return_index=True)
        self.sums[kinds] += np.add.reduceat(features[order].astype("f8"), first, axis=0)
        self.n += np.bincount(letters, minlength=len(LETTERS))
        self.products += features.T @ features

    def join(self, other):
        self.n += other.n
        self.sums += other.sums
        self.products += other.products

    def fit(self):
        """(projection to DIMENSIONS in which letters of one kind scatter by 1, means there, letters that were seen). The last dimensions are
        what size and place say beyond the shape: most letters are ideographs, which all are as large, so that analysis would let go of them."""
        seen = np.flatnonzero(self.n)
        n, sums = self.n[seen], self.sums[seen]
        means, total = sums / n[:, None], n.sum()
        within = (self.products - sums.T @ means) / total
        within[SHAPES, SHAPES] += np.eye(FEATURES - PLACES) * np.trace(within) / FEATURES * SMOOTH
        apart = means - sums.sum(0) / total
        between = (apart.T * n) @ apart / total
        white = np.linalg.inv(np.linalg.cholesky(within))
        vectors = np.linalg.eigh((white @ between @ white.T)[SHAPES, SHAPES])[1][:, ::-1]
        projection = np.concatenate([vectors[:, :DIMENSIONS - PLACES].T @ white[SHAPES], PLACE * white[-PLACES:]])
        return projection, means @ projection.T, seen


class Model:
    """The numbers of MODEL, as the box has them."""

    def __init__(self, sums):
        projection, means, self.seen = sums.fit()
        self.origin = ((means.max(0) + means.min(0)) / 2).astype("<f4")
        self.step = (np.abs(projection).max(1) / 32767).astype("<f4")
        self.projection = np.rint(projection / self.step[:, None]).astype("<i2")
        apart = means - self.origin
        self.unit = (np.abs(apart).max(0) / 127).astype("<f4")
        self.means = np.rint(apart / self.unit).astype("i1")
        self.squares = ((self.means * self.unit.astype("f8")) ** 2).sum(1).astype("<f4")

    def write(self, path):
        codes = np.array([ord(LETTERS[k]) for k in self.seen], dtype="<u4")
        with open(path, "wb") as f:
            f.write(b"FKLETTER" + struct.pack("<4I", 1, FEATURES, DIMENSIONS, len(codes)) + bytes(40))
            for part in (self.origin, self.step, self.unit, self.projection.T, codes, self.squares, self.means):
                f.write(np.ascontiguousarray(part).tobytes())

    def judge(self, features):
        """The nearest letters of each."""
        at = features @ (self.projection * self.step[:, None]).T - self.origin
        far = self.squares[None] - 2 * at @ (self.means * self.unit).T
        return self.seen[np.argsort(far, 1)[:, :GUESSES]]


def blocks(rows):
    block = []
    for row in rows:
        block.append(row)
        if len(block) == BLOCK:
            yield block
            block = []
    if block:
        yield block


def features_of(pictures, program):
    sent = struct.pack("=I", len(pictures)) + b"".join(pictures)
    got = subprocess.run([program, "features"], input=sent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    return np.frombuffer(got, "f4").reshape(-1, FEATURES)


def draw_typeface(job):
    """Sums of one typeface; of a held one its features too."""
    path, index, held, copies, seed, program = job
    sums, kept = Sums(), []
    for block in blocks(draw.drawn(path, index, LETTERS, copies, seed)):
        features = features_of([p for _, p in block], program)
        letters = np.array([k for k, _ in block])
        inked = features.any(1)
        sums.add(features[inked], letters[inked])
        if held:
            kept.append((features[inked], letters[inked]))
    return sums, kept


def say_how_often(model, name, kept):
    first = five = n = 0
    for features, letters in kept:
        guesses = model.judge(features)
        first += (guesses[:, 0] == letters).sum()
        five += (guesses == letters[:, None]).any(1).sum()
        n += len(letters)
    print(f"{name}: {n} letters, right {first / n:.4f}, among the first {GUESSES} {five / n:.4f}", flush=True)


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("-j", type=int, default=1, help="processes")
    a.add_argument("-c", type=int, default=3, help="pictures of each letter in each typeface")
    a.add_argument("fonts")
    a.add_argument("pictures")
    a.add_argument("model")
    a = a.parse_args()
    faces = draw.typefaces(os.path.join(HERE, "typefaces.txt"))
    jobs = [(os.path.join(a.fonts, f.file), f.index, f.held, a.c, seed, a.pictures) for seed, f in enumerate(faces)]
    apart, rest, kept = Sums(), Sums(), {}
    with multiprocessing.Pool(a.j) as pool:
        for face, (sums, features) in zip(faces, pool.imap(draw_typeface, jobs)):
            print(f"{os.path.basename(face.file)}: {int(sums.n.sum())}", file=sys.stderr, flush=True)
            (rest if face.held or face.kin else apart).join(sums)
            if face.held:
                kept[face.file] = features
    model = Model(apart)
    for file, features in kept.items():
        say_how_often(model, os.path.basename(file), features)
    apart.join(rest)
    Model(apart).write(a.model)


if __name__ == "__main__":
    main()
