"""One step of the benchmark in a process of its own, so that its peak memory is known.

``python -m tl_helpers.authoring.bench.step NAME '{"argument": …}'`` prints what was measured as JSON, on the last line.
"""

import json
import resource
import sys
from collections.abc import Callable

from tl_helpers.authoring.bench import procedures, speed

STEPS: dict[str, Callable[..., speed.Measured]] = {
    each.__name__: each
    for each in (
        speed.roofline,
        speed.feature_engines,
        speed.growth,
        speed.second_run,
        speed.import_time,
        procedures.tutorial,
        procedures.ours,
    )
}


def main(name: str, arguments: str) -> None:
    """Run one step and print what it measured, with the peak memory of this process."""
    measured = STEPS[name](**json.loads(arguments))
    measured["peak_memory_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    print(json.dumps(measured))


if __name__ == "__main__":
    main(*sys.argv[1:])
