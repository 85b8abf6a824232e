# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that we are measured beside, on the same prepared pictures (upright as scanned, 300 dpi, grey, straight)."""
import glob
import os
import resource
import shutil
import statistics
import subprocess

TINY = b"P5\n64 64\n255\n" + b"\xff" * 4096  # an empty picture: what a program costs that reads nothing


def run(command):
    """Output and CPU seconds of one program, its children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return p.stdout.decode("utf-8", "replace"), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def masters_of(build, paths, work):
    """The page masters that the box would keep of each file: a list per file, empty when it is refused."""
    folder = f"{work}/masters"
    os.mkdir(folder)
    subprocess.run([f"{build}/tests/read_driver", f"{build}/bin/ocr", "--masters", folder, "--", *paths], check=False)
    return [sorted(glob.glob(f"{folder}/{n:03}-*.tif"), key=lambda f: int(f[:-4].rsplit("-", 1)[1])) for n in range(1, len(paths) + 1)]


def prepared(build, master):
    picture = master[:-4] + ".png"
    subprocess.run([f"{build}/tests/ocr_bare", "--prepare", master, picture], check=True)
    return picture


class Tesseract:
    """tesseract -l LANG --psm 3 --dpi 300; its CPU seconds without what it takes to start and load models."""

    def __init__(self, lang, work):
        self.options = ["-l", lang, "--psm", "3", "--dpi", "300"]
        tiny = f"{work}/tiny.pgm"
        with open(tiny, "wb") as f:
            f.write(TINY)
        self.startup = statistics.median(run(["tesseract", tiny, "-", *self.options])[1] for _ in range(5))

    def read(self, pictures):
        done = [run(["tesseract", p, "-", *self.options]) for p in pictures]
        return "\n".join(text for text, _ in done), max(0.0, sum(cpu for _, cpu in done) - self.startup * len(done))


class OcrMyPdf:
    """One ocrmypdf over a PDF of all pictures, with as many jobs as there are cores: texts per page, CPU seconds a page on average, seconds."""

    def __init__(self, pictures, work, lang):
        self.texts, self.cpu_s_per_page, self.pages = [], 0.0, len(pictures)
        self.source, self.work = f"{work}/all-{lang}-{len(pictures)}.pdf", work
        if shutil.which("ocrmypdf") is None:
            print("ocrmypdf: not installed, left out", flush=True)
            return
        subprocess.run(["/usr/bin/python3", "-m", "img2pdf", *pictures, "-o", self.source], check=True)
        self.command = ["ocrmypdf", "-q", "-l", lang, "--jobs", str(os.cpu_count()), "--sidecar", f"{work}/side.txt", self.source, f"{work}/out.pdf"]
        self.read()

    def read(self):
        """CPU seconds of reading all pages."""
        _, cpu = run(self.command)
        with open(f"{self.work}/side.txt", encoding="utf-8") as f:
            texts = f.read().split("\f")
        if len(texts) not in (self.pages, self.pages + 1):
            raise RuntimeError(f"ocrmypdf gave {len(texts)} texts for {self.pages} pages")
        self.texts, self.cpu_s_per_page = texts, cpu / self.pages
        return cpu
