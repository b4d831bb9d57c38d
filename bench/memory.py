"""What processes weigh: PSS, in which a page that is shared counts for each by its share."""

import machine

MIB = 1 << 20


def pss_bytes(pid):
    """0: it has ended."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as lines:
            return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
    except (FileNotFoundError, ProcessLookupError):
        return 0


def weigh(processes):
    """In MiB by the name of the process, its children included."""
    names = {process.pid: name for name, process in processes.items()}
    parents = {pid: found[0] for pid, found in machine.read_processes().items()}
    weights = dict.fromkeys(processes, 0)
    for pid in parents:
        above = pid
        while above not in names and above in parents:
            above = parents[above]
        if above in names:
            weights[names[above]] += pss_bytes(pid) / MIB
    return weights
