# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench-ocr PAGES=DIR: reads every image in DIR that has NAME.txt beside it, in one run, with

  shown     one `ocr` worker of ours, the text shown          (CPU: what the worker reports)
  searched  the same, all readings that search indexes
  jpn       tesseract -l jpn --psm 3, true dpi, 300 dpi        (CPU: of the process, model load included)
  jpn+eng   tesseract -l jpn+eng --psm 3, the same picture
  ocrmypdf  ocrmypdf -l jpn+eng --sidecar (with --full)

and prints per page and group character error rate, order-free line recall, bag-of-characters F1 and CPU seconds; then
pages per minute with one worker per core beside the bare engine. JSON to BUILD/bench/ocr.json.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ocr_score import score  # noqa: E402

os.environ["OMP_THREAD_LIMIT"] = "1"
IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")


def run(command):
    """Output and CPU seconds of one program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return p.stdout.decode("utf-8", "replace"), cpu


def ours(build, pages, everything):
    command = [f"{build}/tests/read_driver", f"{build}/bin/ocr"] + (["--all"] if everything else []) + ["--json"]
    for page in pages:
        out, _ = run(command + [page])
        try:
            r = json.loads(out)
        except ValueError:
            yield "", 0.0
            continue
        texts = [x["text"] for x in r["readings"]]
        yield ("\n".join(texts) if everything else texts[0]), r["cpu_ms"] / 1000


def peers(build, pages, full):
    with tempfile.TemporaryDirectory() as work:
        for page in pages:
            picture = f"{work}/page.png"
            run([f"{build}/tests/ocr_bare", "--prepare", page, picture])
            row = {}
            for lang in ("jpn", "jpn+eng"):
                row[lang] = run(["tesseract", picture, "-", "-l", lang, "--psm", "3", "--dpi", "300"])
            if full:
                side = f"{work}/side.txt"
                _, cpu = run(["ocrmypdf", "-q", "-l", "jpn+eng", "--image-dpi", "300", "--jobs", "1", "--sidecar", side,
                              picture, f"{work}/out.pdf"])
                row["ocrmypdf"] = (open(side, encoding="utf-8").read() if os.path.exists(side) else "", cpu)
            yield row


def group_of(name):
    head = name.split("_")[0]
    if "receipt" in name:
        return "receipt"
    if "form" in name or name[:2].isdigit():
        return "form"
    return {"en": "english", "ja": "japanese"}.get(head, "other")


def quality(build, pages, full):
    table = []
    methods = {m: list(ours(build, pages, m == "searched")) for m in ("shown", "searched")}
    for i, row in enumerate(peers(build, pages, full)):
        row["shown"], row["searched"] = methods["shown"][i], methods["searched"][i]
        name = os.path.basename(pages[i])
        truth = open(os.path.splitext(pages[i])[0] + ".txt", encoding="utf-8").read()
        for method in sorted(row):
            text, cpu = row[method]
            s = score(truth, text)
            s.pop("missed")
            table.append({"page": name, "group": group_of(name), "method": method, "cpu_s": round(cpu, 3), **s})
    return table


def show(title, rows):
    n = len(rows)
    mean = {k: sum(r[k] for r in rows) / n for k in ("recall", "cer", "f1", "cpu_s")}
    print(f"{title:44} {rows[0]['method']:9} recall {mean['recall']:.3f}  CER {mean['cer']:.3f}"
          f"  F1 {mean['f1']:.3f}  CPU {mean['cpu_s']:.2f} s")
    return {"method": rows[0]["method"], "pages": n, **mean}


def throughput(build, pages, repeat):
    """Pages per minute, one process per core, each reading its share of the pages."""
    cores = os.cpu_count()
    work = (pages * repeat)
    shares = [work[i::cores] for i in range(cores)]
    result = {}
    for name, command in (("bare", [f"{build}/tests/ocr_bare"]),
                          ("fumikura", [f"{build}/tests/read_driver", f"{build}/bin/ocr", "--text"])):
        start = time.monotonic()
        running = [subprocess.Popen(command + s, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                   for s in shares if s]
        for p in running:
            p.wait()
        result[name] = round(60 * len(work) / (time.monotonic() - start), 1)
    return {"cores": cores, "pages_per_minute": result}


def main():
    full = "--full" in sys.argv
    build, folder = [a for a in sys.argv[1:] if not a.startswith("--")]
    pages = sorted(os.path.join(folder, f) for f in os.listdir(folder)
                   if f.lower().endswith(IMAGES) and os.path.exists(os.path.join(folder, os.path.splitext(f)[0] + ".txt")))
    if not pages:
        sys.exit(f"{folder}: no image with a .txt beside it")
    table = quality(build, pages, full)
    groups = []
    for page in sorted({r["page"] for r in table}):
        for r in [r for r in table if r["page"] == page]:
            show(page[:44], [r])
    for group in sorted({r["group"] for r in table}) + ["all"]:
        for method in ("shown", "searched", "jpn", "jpn+eng", "ocrmypdf"):
            rows = [r for r in table if r["method"] == method and group in (r["group"], "all")]
            if rows:
                groups.append({"group": group, **show("== " + group, rows)})
    speed = throughput(build, pages, 1)
    print("pages/min", speed)
    os.makedirs(f"{build}/bench", exist_ok=True)
    with open(f"{build}/bench/ocr.json", "w", encoding="utf-8") as f:
        json.dump({"pages": table, "groups": groups, "throughput": speed}, f, ensure_ascii=False, indent=1)


main()
