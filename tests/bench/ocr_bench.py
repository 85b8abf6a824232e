# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench-ocr PAGES=DIR: how well and how fast pages are read, beside other programs, in one run. README.md says what is measured and
what the names in BUILD/bench/ocr.json mean.

usage: ocr_bench.py [--rounds N] [--rate-pages N] BUILD DIR     DIR: pictures that have NAME.txt beside them
"""
import argparse
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ocr_peers import OcrMyPdf, Tesseract, masters_of, prepared  # noqa: E402
from ocr_rate import Asked, throughput  # noqa: E402
from ocr_score import score  # noqa: E402

os.environ["OMP_THREAD_LIMIT"] = "1"
IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
METHODS = ("shown", "searched", "jpn", "jpn+eng", "eng", "ocrmypdf")
MEASURES = ("recall", "cer", "f1", "cpu_s")


class Page:
    """One file with its truth."""

    def __init__(self, folder, name):
        self.name, self.path = name, os.path.join(folder, name)
        stem = os.path.splitext(self.path)[0]
        with open(stem + ".txt", encoding="utf-8") as f:
            self.truth = f.read()
        said = {}
        if os.path.exists(stem + ".json"):
            with open(stem + ".json", encoding="utf-8") as f:
                said = json.load(f)
        self.group = said.get("group") or self.guess()
        self.english = self.group == "english" or name.startswith("en_")
        self.masters, self.pictures = [], []

    def guess(self):
        if "receipt" in self.name:
            return "receipt"
        if "form" in self.name or self.name[:2].isdigit():
            return "form"
        return "english" if self.name.startswith("en_") else "prose"

    def baseline(self):
        return "eng" if self.english else "jpn"


def find(folder):
    names = [f for f in sorted(os.listdir(folder)) if f.lower().endswith(IMAGES)
             and os.path.exists(os.path.join(folder, os.path.splitext(f)[0] + ".txt"))]
    if not names:
        sys.exit(f"{folder}: no picture with a .txt of the same name beside it")
    return [Page(folder, n) for n in names]


def ours(worker, numbers, everything):
    """Text and CPU seconds of a file's pages, read by a worker that is running."""
    text, cpu = [], 0
    for n in numbers:
        a = worker.ask(n)
        readings = [r["text"] for r in a["result"]["readings"]] if a["result"] else [""]
        text += readings if everything else readings[:1]
        cpu += a["cpu_s"]
    return "\n".join(text), cpu


def quality(build, pages, work):
    masters = [m for p in pages for m in p.masters]
    workers = {"shown": Asked([f"{build}/tests/read_driver", f"{build}/bin/ocr", "--ask"], masters),
               "searched": Asked([f"{build}/tests/read_driver", f"{build}/bin/ocr", "--all", "--ask"], masters)}
    peers = {lang: Tesseract(lang, work) for lang in ("jpn", "jpn+eng", "eng")}
    pdf = OcrMyPdf([x for p in pages for x in p.pictures], work, "jpn+eng")
    table, memory, first = [], {"worker_peak_mb": 0, "page": ""}, 0
    for p in pages:
        numbers = range(first, first + len(p.masters))
        rows = {m: ours(w, numbers, m == "searched") for m, w in workers.items()}
        for lang, peer in peers.items():
            if lang != "eng" or p.english:
                rows[lang] = peer.read(p.pictures)
        if pdf.texts:
            rows["ocrmypdf"] = "\n".join(pdf.texts[first:first + len(p.masters)]), pdf.cpu_s_per_page * len(p.masters)
        first += len(p.masters)
        for method in METHODS:
            if method in rows:
                s = score(p.truth, rows[method][0])
                s.pop("missed")
                table.append({"page": p.name, "group": p.group, "method": method, "baseline": method == p.baseline(),
                              "cpu_s": round(rows[method][1], 3), **s})
                show(p.name[:44], method, [table[-1]])
        peak = max(w.peak_kb for w in workers.values()) / 1024
        if peak > memory["worker_peak_mb"]:
            memory = {"worker_peak_mb": round(peak, 1), "page": p.name}
    for w in workers.values():
        w.end()
    startup = {f"tesseract -l {lang}": round(t.startup, 3) for lang, t in peers.items()}
    return table, memory, startup


def mean(rows):
    return {k: round(sum(r[k] for r in rows) / len(rows), 4) for k in MEASURES}


def show(title, method, rows):
    m = mean(rows)
    # Several readings of one page have no error rate.
    text = "CER   –    F1   –  " if method == "searched" else f"CER {m['cer']:.3f}  F1 {m['f1']:.3f}"
    print(f"{title:44} {method:9} recall {m['recall']:.3f}  {text}  CPU {m['cpu_s']:.2f} s", flush=True)


def by_group(table):
    groups = []
    for group in [*sorted({r["group"] for r in table}), "all"]:
        of_group = [r for r in table if group in (r["group"], "all")]
        plain = [r["cpu_s"] for r in of_group if r["method"] == "jpn"]
        for method in METHODS:
            rows = [r for r in of_group if r["method"] == method]
            if rows:
                m = mean(rows)
                groups.append({"group": group, "method": method, "pages": len(rows), **m,
                               "cpu_ratio": round(m["cpu_s"] / max(1e-6, sum(plain) / len(plain)), 3)})
                show("== " + group, method, rows)
    return groups


def targets(table, groups, rate, memory):
    """What was aimed at, and whether this run reached it."""
    found = []

    def add(name, value, target, met):
        found.append({"name": name, "value": round(value, 4), "target": target, "met": bool(met)})

    form = {g["method"]: g for g in groups if g["group"] == "form"}
    if form:
        add("form_recall_shown", form["shown"]["recall"], 0.90, form["shown"]["recall"] >= 0.90)
        add("form_recall_searched", form["searched"]["recall"], 0.97, form["searched"]["recall"] >= 0.97)
        add("form_cer_shown", form["shown"]["cer"], 0.15, form["shown"]["cer"] <= 0.15)
        add("form_cpu_ratio_shown", form["shown"]["cpu_ratio"], 1.5, form["shown"]["cpu_ratio"] <= 1.5)
        add("form_cpu_ratio_searched", form["searched"]["cpu_ratio"], 3.0, form["searched"]["cpu_ratio"] <= 3.0)
    for group in ("prose", "english", "receipt"):
        shown = [r["cer"] for r in table if r["group"] == group and r["method"] == "shown"]
        plain = [r["cer"] for r in table if r["group"] == group and r["baseline"]]
        if shown:
            worse = (sum(shown) - sum(plain)) / len(shown)
            add(f"{group}_cer_above_plain", worse, 0.005, worse <= 0.005)
    if rate:
        add("rate_to_bare_regions", rate["ratios"]["bare_regions"]["wall"], 0.95, rate["ratios"]["bare_regions"]["wall"] >= 0.95)
        if "ocrmypdf" in rate["ratios"]:
            add("rate_to_ocrmypdf", rate["ratios"]["ocrmypdf"]["wall"], 3.5, rate["ratios"]["ocrmypdf"]["wall"] >= 3.5)
    add("worker_peak_mb", memory["worker_peak_mb"], 300, memory["worker_peak_mb"] <= 300)
    for t in found:
        print(f"-- {t['name']:26} {t['value']:9.3f}   target {t['target']:<6} {'reached' if t['met'] else 'MISSED'}")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate-pages", type=int, default=12)
    parser.add_argument("build")
    parser.add_argument("folder")
    args = parser.parse_args()
    pages = find(args.folder)
    with tempfile.TemporaryDirectory() as work:
        made = masters_of(args.build, [p.path for p in pages], work)
        for p, masters in zip(pages, made):
            p.masters = masters
            p.pictures = [prepared(args.build, m) for m in masters]
        pages = [p for p in pages if p.masters]
        table, memory, startup = quality(args.build, pages, work)
        groups = by_group(table)
        rate = throughput(args.build, [m for p in pages for m in p.masters], args.rate_pages, args.rounds, work) if args.rounds else {}
    if rate:
        memory["worker_peak_mb"] = max(memory["worker_peak_mb"], rate.pop("worker_peak_mb"))
    result = {"version": 1, "folder": args.folder, "pages": table, "groups": groups, "throughput": rate, "memory": memory,
              "startup_cpu_s": startup, "targets": targets(table, groups, rate, memory)}
    os.makedirs(f"{args.build}/bench", exist_ok=True)
    with open(f"{args.build}/bench/ocr.json", "w", encoding="utf-8") as f:
        json.dump(result, f, ensure_ascii=False, indent=1)


main()
