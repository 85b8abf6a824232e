# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages per minute on all cores. Every method's processes are started first and have read every page once; then the methods take turns every
few pages, one process per core at work at a time, so that what else the machine does meets all of them alike."""
import json
import os
import queue
import statistics
import subprocess
import threading
import time

from ocr_peers import OcrMyPdf


class Asked:
    """A program that answers page numbers with one line of JSON (read_driver --ask, ocr_bare)."""

    def __init__(self, command, masters):
        self.peak_kb = 0
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen([*command, *masters], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.waiting = True

    def ready(self):
        if self.waiting and self.process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{self.process.args[:3]} did not start")
        self.waiting = False

    def ask(self, number):
        self.ready()
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.peak_kb = max(self.peak_kb, answer.get("peak_kb", 0))
        return answer

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def together(processes, numbers):
    """Seconds and CPU seconds of reading all numbers, summed over the processes, which work at the same time."""
    left, answers = queue.SimpleQueue(), []
    for n in numbers:
        left.put(n)

    def serve(process):
        while True:
            try:
                n = left.get_nowait()
            except queue.Empty:
                return
            answers.append(process.ask(n))

    threads = [threading.Thread(target=serve, args=[p]) for p in processes]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if len(answers) != len(numbers):
        raise RuntimeError("a process ended before all was read")
    return sum(a["seconds"] for a in answers), sum(a["cpu_s"] for a in answers)


def one_round(running, pages, cores):
    """Seconds and CPU seconds per reading of each method. They take turns every few pages, each time another first."""
    total, turn = {m: [0.0, 0.0] for m in running}, 0
    for at in range(0, pages, cores):
        methods = list(running)
        for method in methods[turn:] + methods[:turn]:
            for i, value in enumerate(together(running[method], range(at, min(at + cores, pages)))):
                total[method][i] += value / pages
        turn = (turn + 1) % len(running)
    return total


def start(command, masters, cores, warm=True):
    processes = [Asked(command, masters) for _ in range(cores)]
    for p in processes:
        p.ready()
    for p in processes if warm else []:
        for n in range(len(masters)):
            p.ask(n)
    return processes


def throughput(build, masters, most, rounds, work):
    cores, step = os.cpu_count(), max(1, -(-len(masters) // most))
    chosen = masters[::step]
    bare = f"{build}/tests/ocr_bare"
    # ocr_bare has read every page before it says that it is ready.
    running = {"fumikura": start([f"{build}/tests/read_driver", f"{build}/bin/ocr", "--ask"], chosen, cores),
               "bare_regions": start([bare, "regions"], chosen, cores, False), "bare_page": start([bare, "page"], chosen, cores, False)}
    pdf = OcrMyPdf(chosen, work, "jpn")
    seen = {m: [] for m in running} | ({"ocrmypdf": []} if pdf.texts else {})
    for _ in range(rounds):
        for method, (seconds, cpu) in one_round(running, len(chosen), cores).items():
            seen[method].append((60 * cores / seconds, cpu))
        if pdf.texts:
            begun = time.monotonic()
            cpu = pdf.read()
            seen["ocrmypdf"].append((60 * len(chosen) / (time.monotonic() - begun), cpu / len(chosen)))
    peak = max(p.peak_kb for p in running["fumikura"]) / 1024
    for processes in running.values():
        for p in processes:
            p.end()
    return summary(cores, len(chosen), seen) | {"worker_peak_mb": round(peak, 1)}


def summary(cores, pages, seen):
    methods, ratios = {}, {}
    for method, rounds in seen.items():
        methods[method] = {"pages_per_minute": round(statistics.median(r[0] for r in rounds), 1),
                           "cpu_s_per_page": round(statistics.median(r[1] for r in rounds), 3)}
        pairs = list(zip(seen["fumikura"], rounds))
        ratios[method] = {"wall": round(statistics.median(a[0] / b[0] for a, b in pairs), 3),
                          "cpu": round(statistics.median(b[1] / a[1] for a, b in pairs), 3)}
        print(f"== rate on {cores} cores  {method:13} {methods[method]['pages_per_minute']:7.1f} pages/min"
              f"  CPU {methods[method]['cpu_s_per_page']:.2f} s/page  fumikura is {ratios[method]['wall']:.2f} x by the clock, {ratios[method]['cpu']:.2f} x by CPU")
    del ratios["fumikura"]
    return {"cores": cores, "pages": pages, "rounds": len(seen["fumikura"]), "methods": methods, "ratios": ratios}
