# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench: what a box does, beside plain programs doing the same work, in one run. bench.py BUILD PAGES SECONDS

The box is a private one (tests/box) with the shipped executables, fed by the virtual paper feeder. Each measurement is bounded by SECONDS.
Recognition is paused by stopping its processes, so that the same box is measured with and without it. README.md beside this says what each
number means. Prints a table; JSON goes to BUILD/bench/bench.json.
"""
import datetime
import glob
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time

os.environ["OMP_THREAD_LIMIT"] = "1"
IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
SORTS = 16    # different sheets in the stack, so that the feeder keeps all of them drawn
COPIES = 12   # of each, one set after the other
PIPE = 2      # first pages of a scan that are not counted: the way fills
ENOUGH = 5    # pages read by each worker, or the measurement goes on for up to twice its time
WINDOW = 4    # pages sealed side by side: INTAKE_WINDOW of scanner_bus.h
TICK = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count()
ROOMS = ("fumikurad", "store", "web", "scanner", "courier")


def say(text):
    print(text, file=sys.stderr, flush=True)


def median(values):
    return round(statistics.median(values), 3)


def cpu_of(pids):
    """CPU seconds that these processes have used so far."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def memory_of(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as f:
        found = dict(re.findall(r"^(Rss|Pss): +(\d+) kB", f.read(), re.M))
    return {"rss_mb": round(int(found["Rss"]) / 1024, 1), "pss_mb": round(int(found["Pss"]) / 1024, 1)}


def rate(times):
    """Per minute, between the first and the last moment."""
    if len(times) < 3 or times[-1] <= times[0]:
        return None
    return round(60 * (len(times) - 1) / (times[-1] - times[0]), 1)


def make_stack(work, folder):
    """A stack of paper: the first SORTS pictures of the folder, again and again."""
    pictures = sorted(f for f in os.listdir(folder) if f.lower().endswith(IMAGES))[:SORTS]
    if not pictures:
        sys.exit(f"bench: {folder} holds no picture")
    stack = f"{work}/stack"
    os.makedirs(stack)
    for copy in range(COPIES):
        for name in pictures:
            to = f"{stack}/{copy:03}-{name}"
            if copy == 0:
                shutil.copyfile(f"{folder}/{name}", to)
            else:
                os.link(f"{stack}/000-{name}", to)
    return stack, len(pictures)


class Box:
    def __init__(self, build, work, stack):
        self.dir = f"{work}/box"
        self.fumikura = f"{build}/bin/fumikura"
        self.daemon = f"{build}/bin/fumikurad"
        self.stack = stack
        self.env = dict(os.environ, FUMIKURA_BUILD=build, XDG_RUNTIME_DIR=f"{work}/run")
        os.makedirs(f"{work}/run", mode=0o700)

    def verb(self, *arguments):
        start = time.monotonic()
        subprocess.run(["tests/box", *arguments], env=self.env, check=True, stdout=subprocess.DEVNULL)
        return round(time.monotonic() - start, 2)

    def start(self, **settings):
        # A stopped recognition process must be taken neither for hung nor for slow; one reading of a page is measured.
        settings = {"supervisor.watchdog_s": 3600, "ocr.page_time_limit_s": 3600, "ocr.effort": "shown", **settings}
        flags = [x for key, value in settings.items() for x in ("--set", f"{key}={value}")]
        took = self.verb("start", self.dir, "--feeder", self.stack, *flags)
        with open(f"{self.dir}/box.json", encoding="utf-8") as f:
            self.facts = json.load(f)
        return took

    def stop(self):
        self.recognise(True)
        self.verb("stop", self.dir)

    def restart_time(self):
        """From exec to the line that says ready, on the archive as it is."""
        start = time.monotonic()
        daemon = subprocess.Popen([self.daemon, "--config", f"{self.dir}/fumikura.conf"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = daemon.stdout.readline()
        took = time.monotonic() - start
        daemon.terminate()
        daemon.wait()
        if b'"ready":true' not in line:
            raise RuntimeError(f"fumikurad says {line}")
        return took

    def cli(self, *arguments, user=None):
        command = [self.fumikura, "--socket", self.facts["socket"], "--json"] + (["--as", user] if user else []) + list(arguments)
        out = subprocess.run(command, env=self.env, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout
        return json.loads(out)

    def sign_in(self, user):
        secret = f"{self.dir}/run/bench-secret"
        os.makedirs(os.path.dirname(secret), exist_ok=True)
        with open(secret, "w", encoding="utf-8") as f:
            f.write(next(a["password"] for a in self.facts["accounts"] if a["name"] == user))
        start = time.monotonic()
        self.cli("login", user, "--password-file", secret)
        os.unlink(secret)
        return time.monotonic() - start

    def rooms(self):
        return {r["name"]: r["pid"] for r in self.cli("status")["rooms"]}

    def readers(self):
        return [pid for name, pid in self.rooms().items() if name.startswith("ocr/")]

    def recognise(self, on):
        for pid in self.readers():
            os.kill(pid, signal.SIGCONT if on else signal.SIGSTOP)

    def memory(self):
        return {name: memory_of(pid) for name, pid in self.rooms().items()}

    def events(self, kind, count=5000):
        """Of that kind, oldest first, each with its moment in seconds."""
        entries = self.cli("log", "--type", kind, "--limit", str(count), user="inspector")["entries"]
        for e in entries:
            e["t"] = datetime.datetime.fromisoformat(e["at"].replace("Z", "+00:00")).timestamp()
        return sorted(entries, key=lambda e: e["index"])

    def scan(self, skip, seconds):
        """Scans until SECONDS after page number skip; tells images per minute after it, and CPU of store and scanner."""
        rooms = self.rooms()
        both = (rooms["scanner"], rooms["store"])
        batch = self.cli("scan", user="clerk")["batch"]
        begun, counted, cpu = time.monotonic(), None, None
        while True:
            time.sleep(0.25)
            b = self.cli("batch", "show", batch, user="clerk")
            pages, now = len(b["pages"]), time.monotonic()
            if counted is None and pages >= skip:
                counted, first, cpu = now, pages, [cpu_of([p]) for p in both]
            if (counted and now > counted + seconds) or now > begun + 3 * seconds or pages >= SORTS * COPIES:
                break
        used = [cpu_of([p]) for p in both]
        subprocess.run([self.fumikura, "--socket", self.facts["socket"], "--as", "clerk", "batch", "cancel", batch], env=self.env,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times = [e["t"] for e in self.events("page.add") if e["data"]["batch"] == batch]
        while self.cli("batch", "show", batch, user="clerk")["run"]["state"] == "running":
            time.sleep(0.1)
        times = times[skip - 1:pages]
        result = {"images": max(0, len(times) - 1), "per_minute": rate(times)}
        if cpu and pages > first:
            ms = [round(1000 * (used[i] - cpu[i]) / (pages - first)) for i in (0, 1)]
            result["cpu_ms_per_image"] = dict(zip(("scanner", "store"), ms))
            result["ceiling_per_minute"] = round(60000 / max(1, ms[0]))
        return result

    def master(self, folder, event):
        """The master of that page.add, as a file; one for each different picture."""
        path = f"{folder}/{event['data']['raw_sha256']}.tif"
        if not os.path.exists(path):
            page = next(p for p in self.cli("batch", "show", event["data"]["batch"], user="clerk")["pages"] if p["id"] == event["data"]["page"])
            self.cli("page", page["document"], str(page["n"]), "--master", "-o", path, user="clerk")
        return path


def scanimage(build, work, box, skip, seconds):
    """What a plain scanner program does: the same feeder, uncompressed TIFF files, nothing flushed."""
    out = f"{work}/scanimage"
    os.makedirs(out)
    env = dict(os.environ, SANE_CONFIG_DIR=f"{box.dir}/sane", LD_LIBRARY_PATH=f"{build}/feeder")
    command = ["scanimage", "-d", "fumikura:feeder", "--source", "ADF", "--mode", "Color", "--resolution", "300", "-x", "210", "-y", "297",
               "--format=tiff", f"--batch={out}/%06d.tif", f"--batch-count={SORTS * COPIES}"]
    program = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    begun, counted, marks = time.monotonic(), None, []
    while program.poll() is None:
        time.sleep(0.1)
        there = len(glob.glob(f"{out}/*.tif"))
        if there > skip and program.poll() is None:
            counted = counted or time.monotonic()
            marks.append((there, cpu_of([program.pid])))
        if (counted and time.monotonic() > counted + seconds) or time.monotonic() > begun + 3 * seconds:
            break
    times = sorted(os.stat(f).st_mtime for f in glob.glob(f"{out}/*.tif"))
    result = {"images": max(0, len(times) - skip), "per_minute": rate(times[skip - 1:])}
    if len(marks) > 1 and marks[-1][0] > marks[0][0]:
        result["cpu_ms_per_image"] = round(1000 * (marks[-1][1] - marks[0][1]) / (marks[-1][0] - marks[0][0]))
    if program.poll() is None:
        program.send_signal(signal.SIGINT)
        program.wait()
    shutil.rmtree(out)
    return result


def recognition(build, work, box, seconds):
    """The box draining its backlog, then the bare engine on exactly the pages that the box has read."""
    pids = box.readers()
    box.recognise(True)
    time.sleep(1)
    cpu, begin, read = cpu_of(pids), time.time(), []
    while time.time() < begin + seconds or (len(read) < ENOUGH * len(pids) and time.time() < begin + 2 * seconds):
        time.sleep(seconds / 4)
        read = [e for e in box.events("page.read") if e["t"] >= begin]
    ended, cpu = time.time(), cpu_of(pids) - cpu
    box.recognise(False)
    read = [e for e in box.events("page.read") if begin <= e["t"] <= ended]
    if len(read) < 3:
        return {"note": "too few pages were read in the time"}
    added = {e["data"]["page"]: e for e in box.events("page.add")}
    pages = [box.master(work, added[e["data"]["page"]]) for e in read]
    bare = json.loads(subprocess.run([f"{build}/tests/bare_tesseract", str(CORES), str(2 * seconds), str(len(pages)), *pages],
                                     check=True, stdout=subprocess.PIPE).stdout)
    ours = rate([e["t"] for e in read])
    theirs = round(60 * bare["pages"] / bare["seconds"], 1)
    result = {"workers": len(pids), "pages": len(pages), "box_per_minute": ours, "bare_per_minute": theirs, "bare_pages": bare["pages"],
              "box_cpu_s_per_page": round(cpu / len(read), 3), "bare_cpu_s_per_page": round(bare["cpu_s"] / max(1, bare["pages"]), 3)}
    result["ratio"] = round(ours / theirs, 2)
    result["cpu_ratio"] = round(result["bare_cpu_s_per_page"] / result["box_cpu_s_per_page"], 2)
    return result


def sealing(build, work, seconds):
    folder = f"{work}/seal"
    os.makedirs(folder)
    masters = sorted(glob.glob(f"{work}/*.tif"))
    if not masters:
        return {"note": "no page was read"}
    b = json.loads(subprocess.run([f"{build}/tests/bench_seal", folder, str(WINDOW), str(seconds), *[os.path.abspath(m) for m in masters]],
                                  check=True, stdout=subprocess.PIPE).stdout)
    mb = b["bytes"] / 1e6
    return {"mb": round(mb), "seal_mb_s": round(mb / b["seal_s"], 1), "plain_mb_s": round(mb / b["plain_s"], 1),
            "ratio": round(b["seal_s"] / b["plain_s"], 2), "seal_cpu_ms_per_mb": round(1000 * b["seal_cpu_s"] / mb, 2),
            "plain_cpu_ms_per_mb": round(1000 * b["plain_cpu_s"] / mb, 2)}


def measure(build, work, folder, seconds):
    stack, sorts = make_stack(work, folder)
    box, r = Box(build, work, stack), {"cores": CORES, "pages": folder, "seconds": seconds}
    say("a box …")
    r["first_start_s"] = box.start()
    try:
        r["sign_in_s"] = median([box.sign_in(u) for u in ("clerk", "inspector", "checker", "clerk", "inspector")])
        r["memory_idle"] = box.memory()
        scans = r["scan"] = {}
        box.recognise(False)
        say("scanning, recognition idle …")
        scans["box, OCR idle"] = box.scan(sorts + PIPE, seconds)
        box.recognise(True)
        say("scanning, recognition at work …")
        scans["box, OCR at work"] = box.scan(PIPE, seconds)
        say("scanimage, recognition at work …")
        scans["scanimage, OCR at work"] = scanimage(build, work, box, sorts + PIPE, seconds)
        box.recognise(False)
        say("scanimage alone …")
        scans["scanimage, OCR idle"] = scanimage(build, work, box, sorts + PIPE, seconds)
        say("recognition …")
        r["recognition"] = recognition(build, work, box, 2 * seconds)
        r["memory_after"] = box.memory()
        box.stop()
        say("starting, and scanning with slow flushes …")
        r["start_s"] = median([box.restart_time() for _ in range(3)])
        box.start(**{"store.fsync_delay_ms": 10})
        for user in ("clerk", "inspector"):
            box.sign_in(user)
        scans["box, OCR at work, 10 ms a flush"] = box.scan(sorts + PIPE, seconds)
        box.recognise(False)
        scans["box, OCR idle, 10 ms a flush"] = box.scan(PIPE, seconds)
        r["log_entries"] = box.cli("status")["log"]["size"]
    finally:
        box.stop()
    say("sealing …")
    r["sealing"] = sealing(build, work, seconds / 2)
    return r


def text(value):
    return "–" if value is None else str(value)


def show_scans(scans):
    print("\nScan → acknowledged, A4 300 dpi 24 bit colour, lossless     images/min   images   CPU ms an image   [one core gives]")
    for name in sorted(scans, key=lambda n: (n.startswith("scanimage"), n)):
        s = scans[name]
        cpu = s.get("cpu_ms_per_image", "–")
        cpu = ", ".join(f"{k} {v}" for k, v in cpu.items()) if isinstance(cpu, dict) else cpu
        print(f"  {name:54} {text(s['per_minute']):>13} {s['images']:>8}   {cpu}" + (f"   [{s['ceiling_per_minute']}/min]" if "ceiling_per_minute" in s else ""))
    for state in ("idle", "at work"):
        ours, theirs = scans[f"box, OCR {state}"]["per_minute"], scans[f"scanimage, OCR {state}"]["per_minute"]
        if ours and theirs:
            print(f"  box : scanimage, OCR {state} = {ours / theirs:.2f}")


def show_memory(idle, after):
    print("\nMemory, MB                    idle: RSS    PSS     after: RSS    PSS")
    for name in [n for n in ROOMS if n in idle] + sorted(n for n in idle if n not in ROOMS):
        a = after.get(name, {"rss_mb": "–", "pss_mb": "–"})
        print(f"  {name:24} {idle[name]['rss_mb']:>14} {idle[name]['pss_mb']:>6} {a['rss_mb']:>15} {a['pss_mb']:>6}")
    total = [round(sum(m[n]["pss_mb"] for n in m if not n.startswith("ocr/")), 1) for m in (idle, after)]
    print(f"  {'all but ocr (goal ≤ 150)':24} {'':>14} {total[0]:>6} {'':>15} {total[1]:>6}")


def show(r):
    print(f"\nFumikura bench: {r['cores']} cores, load {r['load_before']} before and {r['load_after']} after, pages {r['pages']}")
    print("Only ratios within one run count: a machine that does other work slows both sides, and virtual disks hide what a flush costs.")
    show_scans(r["scan"])
    o, s = r["recognition"], r["sealing"]
    print("\nRecognition of a backlog")
    if "ratio" in o:
        print(f"  box, {o['workers']} workers           {o['box_per_minute']:>8} pages/min   {o['box_cpu_s_per_page']:>6} CPU s a page   {o['pages']} pages")
        print(f"  bare libtesseract × {r['cores']}     {o['bare_per_minute']:>8} pages/min   {o['bare_cpu_s_per_page']:>6} CPU s a page   the same pages")
        print(f"  box : bare = {o['ratio']} (goal ≥ 0.95); by CPU {o['cpu_ratio']}")
    else:
        print(f"  {o['note']}")
    show_memory(r["memory_idle"], r["memory_after"])
    print("\nSealing page masters, 4 side by side")
    if "ratio" in s:
        print(f"  sealed {s['seal_mb_s']} MB/s, written and flushed {s['plain_mb_s']} MB/s: {s['ratio']} times as long (goal ≤ 1.25); "
              f"CPU {s['seal_cpu_ms_per_mb']} and {s['plain_cpu_ms_per_mb']} ms a MB")
    print(f"\nSign-in {r['sign_in_s']} s; first start with archive and five accounts {r['first_start_s']} s; start {r['start_s']} s; whole run {r['took_s']} s")


def main():
    build, folder, seconds = os.path.abspath(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    work = f"{build}/bench/work"
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work, mode=0o700)
    begun, load = time.monotonic(), os.getloadavg()[0]
    try:
        r = measure(build, work, folder, seconds)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    r.update(load_before=round(load, 1), load_after=round(os.getloadavg()[0], 1), took_s=round(time.monotonic() - begun))
    show(r)
    with open(f"{build}/bench/bench.json", "w", encoding="utf-8") as f:
        json.dump(r, f, ensure_ascii=False, indent=1)
        f.write("\n")


main()
