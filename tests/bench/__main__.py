"""`python -m tests.bench [NAME…]`: run the benchmarks named, or all, each in a process of its own; `--list` names them.

A benchmark is a module of this package with a `main()` that needs no argument. Quote ratios from one run.
"""

import ast
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def benchmarks() -> dict[str, str]:
    """Name → first line of what it measures."""
    found = {}
    for path in sorted(HERE.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        starts = any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)
        if starts and not path.stem.startswith("_"):
            found[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def main() -> int:
    """Run them one after the other; 1 when one failed."""
    known, wanted = benchmarks(), [name for name in sys.argv[1:] if name != "--list"]
    if unknown := [name for name in wanted if name not in known]:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    if "--list" in sys.argv:
        print(*(f"{name}: {what}" for name, what in known.items()), sep="\n")
        return 0
    failed = 0
    for name in wanted or known:
        print(f"\n## {name}: {known[name]}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
