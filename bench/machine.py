"""What a number depends on: the machine, the server's settings, the revision; and who used how much
of the processors meanwhile."""

import os
import platform
import time

import shop

TICKS = os.sysconf("SC_CLK_TCK")
SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size",
            "wal_level", "commit_delay", "max_connections", "jit")


def read_first(path, key):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(key):
                return line.split(":", 1)[1].strip()
    return "unknown"


def sync_us(folder, times=200):
    """How long the disk takes to keep 8 KiB: what every single commit has to wait for."""
    path = os.path.join(folder, "sync-probe")
    file = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        took = []
        for number in range(times):
            start = time.perf_counter()
            os.pwrite(file, b"x" * 8192, 8192 * (number % 16))
            os.fdatasync(file)
            took.append(time.perf_counter() - start)
        return round(sorted(took)[times // 2] * 1e6)
    finally:
        os.close(file)
        os.unlink(path)


def busy_share(seconds=1.0):
    """How much of the processors others take, while nothing is measured yet."""
    def ticks():
        with open("/proc/stat", encoding="utf-8") as file:
            times = [int(word) for word in file.readline().split()[1:9]]
        return sum(times), times[3] + times[4]
    before = ticks()
    time.sleep(seconds)
    total, idle = (after - then for after, then in zip(ticks(), before))
    return 1 - idle / total


def facts(folder):
    names = ", ".join(f"'{name}'" for name in SETTINGS)
    settings = shop.sql("SELECT name || '=' || current_setting(name) FROM pg_settings"
                        f" WHERE name IN ({names})")
    return {
        "processor": read_first("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory": read_first("/proc/meminfo", "MemTotal"),
        "kernel": platform.release(),
        "sync_us": sync_us(folder),
        "busy_before": round(busy_share(), 3),
        "postgresql": shop.sql("SHOW server_version")[0],
        "settings": dict(line.split("=", 1) for line in settings),
    }


def revision(root):
    try:
        return shop.run("git", "describe", "--always", "--dirty", "--abbrev=12", cwd=root).strip()
    except shop.Failure:
        return "none"


def read_process(pid):
    """Its parent, seconds of processor time, those of children that ended, and name. None: gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            name, fields = file.read().split("(", 1)[1].rsplit(")", 1)
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = fields.split()
    own, ended = (sum(map(int, fields[at:at + 2])) / TICKS for at in (11, 13))
    return int(fields[1]), own, ended, name


def read_processes():
    found = {int(pid): read_process(pid) for pid in os.listdir("/proc") if pid.isdigit()}
    return {pid: process for pid, process in found.items() if process}


def below(root):
    """The process and all that came from it."""
    found = read_processes()
    tree, size = {root}, 0
    while len(tree) > size:
        size = len(tree)
        tree |= {pid for pid, process in found.items() if process[0] in tree}
    return [found[pid] for pid in tree if pid in found]


def names_below(root):
    return {name for _, _, _, name in below(root)}


def seconds_below(root):
    """Also of those that have ended. Where some end just now, they would be met twice or not at
    all: then it is read again."""
    before, tree = read_process(root), below(root)
    while (after := read_process(root)) and after[2] != before[2]:
        before, tree = after, below(root)
    return sum(own + ended for _, own, ended, _ in tree)


def processor_seconds(processes, postmaster):
    """By name of the process, with its children; PostgreSQL's by the service that is connected."""
    names = {process.pid: name for name, process in processes.items()}
    names |= {int(pid): "postgres " + user.removeprefix("souk_") for pid, user in (
        line.split("|") for line in shop.sql(
            "SELECT pid, coalesce(nullif(usename, 'postgres'), backend_type)"
            " FROM pg_stat_activity"))}
    found, used = read_processes(), {}
    for pid, (parent, seconds, _, _) in found.items():
        while pid not in names and pid != postmaster and parent in found:
            pid, parent = parent, found[parent][0]
        name = "postgres other" if pid == postmaster else names.get(pid)
        if name:
            used[name] = used.get(name, 0) + seconds
    return used


def difference(before, after):
    return {name: max(0.0, seconds - before.get(name, 0)) for name, seconds in after.items()}
